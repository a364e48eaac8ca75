"""Serve the application with granian, on one port of 127.0.0.1 or where a setting says: `python -m config.serve`.

On SIGTERM it first says at /readyz that it is stopping and goes on answering for DRAIN_SECONDS, so that whoever sends
requests here notices; then it takes no more, finishes those it has, and ends. A second SIGTERM skips the waiting.
"""

import gc
import importlib
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config import logs, settings
from config.unprivileged import die_with_parent

# A request that is not done by then waits for something that is wrong; statements are ended after 15 s.
FINISH_SECONDS: Final = 20


class Server(Granian):  # type: ignore[misc, valid-type]  # chosen for the platform at run time
    """Granian, which drains before it stops."""

    def __init__(self, *, drain_seconds: int, **options: Any) -> None:
        """Take granian's options, and how long to go on answering after the first SIGTERM."""
        super().__init__(**options)
        self.drain_seconds = drain_seconds
        self.draining = Path(tempfile.gettempdir()) / f"gwallet-draining-{os.getpid()}"
        os.environ["DRAINING_FILE"] = str(self.draining)  # inherited by the processes that answer
        self.on_shutdown(lambda: self.draining.unlink(missing_ok=True))

    def signal_handler_interrupt(self, number: int, frame: FrameType | None) -> None:
        """Begin to drain; or stop, if that has begun or somebody waits at the terminal."""
        stop = super().signal_handler_interrupt
        if self.draining.exists() or number == signal.SIGINT or not self.drain_seconds:
            stop(number, frame)
            return
        self.draining.touch()
        timer = threading.Timer(self.drain_seconds, stop)
        timer.daemon = True
        timer.start()


def main() -> None:
    """Serve pages and the API until told to stop."""
    serve(
        "config.wsgi",
        host=settings.WEB_HOST,
        port=settings.WEB_PORT,
        interface=Interfaces.WSGI,
        workers=settings.WEB_PROCESSES,
        blocking_threads=settings.WEB_THREADS,
        blocking_threads_idle_timeout=600,  # granian's longest: a thread's database connection goes with it
        workers_kill_timeout=FINISH_SECONDS,
        drain_seconds=settings.DRAIN_SECONDS,
    )


def serve(module: str, *, host: str, port: int, **options: Any) -> None:
    """Serve a module's `application` until told to stop, with granian's `options`; port 0 is any that is free."""
    # Loaded before the processes that answer are forked, which so share what it takes. It stays for good: a collection
    # that walked through all of it would unshare it, and keep a payer waiting for as long as a dozen payments take.
    application = importlib.import_module(module).application
    gc.collect()
    gc.freeze()
    # Bound but not listening: it keeps the port ours while granian's processes, which may share it, come and go.
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind((host, port))
        port = reserved.getsockname()[1]
        server = Server(
            target=f"{module}:application",
            address=host,
            port=port,
            respawn_failed_workers=True,
            log_level=LogLevels.warning,  # each request has its line from `logs.py`
            log_dictconfig=logs.LOGGING,
            **options,
        )
        print(f"listening: http://{host}:{port}", flush=True)  # noqa: T201  the line that whoever started us waits for
        server.serve(target_loader=_loader(application, parent=os.getpid()), wrap_loader=False)


def _loader(application: Any, *, parent: int) -> Callable[[], Any]:
    def load() -> Any:
        """Hand over the application, in the process that will answer."""
        # Forked from a process that answers signals in its own way; until granian's handler is ours, they just end us.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with_parent(signal.SIGTERM, parent=parent)
        return application

    return load


if __name__ == "__main__":
    main()
