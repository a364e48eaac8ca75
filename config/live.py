"""Serve the events that tills listen to, in a process of its own: `python -m config.live`.

A proxy in front leads /api/v1/till/events/ here and everything else to `config.serve` (docs/operations.md). It holds no
connection to the database, so that a thousand tills that only listen cost it nothing.
"""

import resource
from typing import Final

from granian.constants import Interfaces

from config import settings
from config.serve import serve

# Who listens would never be done, so at the end nobody is waited for: tills come back by themselves.
FINISH_SECONDS: Final = 2


def main() -> None:
    """Serve events until told to stop."""
    # Each listener is an open file, and a shell's usual limit is a thousand of them.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    serve(
        "config.asgi",
        host=settings.LIVE_HOST,
        port=settings.LIVE_PORT,
        interface=Interfaces.ASGI,
        workers=settings.LIVE_PROCESSES,
        workers_kill_timeout=FINISH_SECONDS,
        drain_seconds=0,
    )


if __name__ == "__main__":
    main()
