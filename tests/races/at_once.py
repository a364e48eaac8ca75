"""Runs the same act from many threads at once, each with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

# A deadlock ends by the database's own time-outs; this only keeps a run from hanging, on however busy a machine.
PATIENCE_SECONDS = 300


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Return what each act returned, or the exception that it raised, in order; all start at the same moment."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(PATIENCE_SECONDS)
            return act()
        except Exception as error:  # noqa: BLE001  what was raised is the result
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts, timeout=PATIENCE_SECONDS))
