"""Waiting for the timetable, which does its work in processes of its own: bounded, and said in one sentence."""

import time
from collections.abc import Callable
from typing import Final

from config.demo.line import Surprise

LOOK_SECONDS: Final = 0.1
# The timetable comes by every second or two in the demonstration; a busy machine may take a few times that.
PATIENCE_SECONDS: Final = 40.0


def wait_until(so: Callable[[], bool], sentence: str, *, seconds: float = PATIENCE_SECONDS) -> None:
    """Return as soon as `so()` is true.

    :param sentence: what is waited for, so that it completes "… did not happen: ".
    :raises Surprise: it did not become true in time.
    """
    deadline = time.monotonic() + seconds
    while not so():
        if time.monotonic() > deadline:
            raise Surprise(f"Waited {seconds:.0f} s in vain until {sentence}.")
        time.sleep(LOOK_SECONDS)
