"""How many orders a test of interleavings plays."""

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

# Of each pair so many orders, the same every time; `ORDERS=500 .venv/bin/python -m pytest tests/properties` plays more.
ORDERS = int(os.environ.get("ORDERS", "15"))


def in_many_orders(once: Callable[[random.Random], None]) -> None:
    """Play something in many orders, and say in which one it went wrong."""
    for seed in range(ORDERS):
        try:
            once(random.Random(seed))
        except AssertionError as wrong:
            wrong.add_note(f"in the order of random.Random({seed})")
            raise


def kinds(answers: list[Any]) -> Counter[type]:
    """Count answers by what they are."""
    return Counter(type(answer) for answer in answers)
