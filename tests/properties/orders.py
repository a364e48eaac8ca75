"""In which order acts go on that were stopped where they meet; and how many orders a test plays."""

import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

# Of each pair so many orders, the same every time; `ORDERS=500 .venv/bin/python -m pytest tests/properties` plays more.
ORDERS = int(os.environ.get("ORDERS", "24"))

# In the first orders one act goes ahead to one of its first points, and rests there until all others have ended: most
# ways of meeting badly are of this kind, and each is tried. Orders by chance come after.
RESTS = 8
# How likely another act goes on than the one that went last: now in long runs, now by turns.
TURNS = (0.1, 0.4, 1.0)

Option = TypeVar("Option")


class Order:
    """One order. The same number gives the same one."""

    def __init__(self, number: int) -> None:
        """Take the number."""
        self.number = number
        self.chance = random.Random(number)
        self.turns = self.chance.choice(TURNS)
        self.last: int | None = None

    def choice(self, options: Sequence[Option]) -> Option:
        """Return one of what the test itself wants to be different from order to order."""
        return self.chance.choice(options)

    def goes_on(self, standing: Sequence[tuple[int, int]], *, acts: int) -> int:
        """Return which act goes on.

        :param standing: of each act that stands still: its number, and at the how-manieth of its points.
        """
        ready = [number for number, _ in standing]
        ahead, rest = self.number % acts, self.number // acts
        if rest < RESTS:
            if dict(standing).get(ahead, RESTS) <= rest:
                return ahead
            ready = [number for number in ready if number != ahead] or ready
        if self.last not in ready or self.chance.random() < self.turns:
            self.last = self.chance.choice(ready)
        return self.last


def in_many_orders(once: Callable[[Order], None]) -> None:
    """Play something in many orders, and say in which one it went wrong."""
    for number in range(ORDERS):
        try:
            once(Order(number))
        except AssertionError as wrong:
            wrong.add_note(f"in Order({number})")
            raise


def kinds(answers: list[Any]) -> Counter[type]:
    """Count answers by what they are."""
    return Counter(type(answer) for answer in answers)
