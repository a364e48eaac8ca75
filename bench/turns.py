"""Comparisons by turns: a shared machine may be a third faster in one minute than in the next.

So the two sides of a comparison run one right after the other, again and again. Each turn has a ratio of its own, and
what is told is the turn in the middle of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.load import Ran


@dataclass(frozen=True)
class Turn:
    """Two runs, one right after the other, of which one is held against the other."""

    over: Ran
    under: Ran

    @property
    def ratio(self) -> float:
        """How many times the rate of the one the rate of the other is."""
        return self.over.per_second / self.under.per_second


@dataclass(frozen=True)
class Turns:
    """All turns of a comparison."""

    each: list[Turn]

    @property
    def middle(self) -> Turn:
        """The turn whose ratio is in the middle."""
        return sorted(self.each, key=lambda turn: turn.ratio)[len(self.each) // 2]

    def rates(self, over: str, under: str) -> dict[str, Any]:
        """Return what the turn in the middle was made of, and how the others came out."""
        return {
            f"{over}_per_second": self.middle.over.per_second,
            f"{under}_per_second": self.middle.under.per_second,
            "ratio_of_each_turn": [turn.ratio for turn in self.each],
        }


def by_turns(count: int, over: Callable[[], Ran], under: Callable[[], Ran]) -> Turns:
    """Run both sides `count` times, each as often first as the other."""
    each = []
    for number in range(count):
        if number % 2:
            second, first = under(), over()
        else:
            first, second = over(), under()
        each.append(Turn(over=first, under=second))
    return Turns(each)
