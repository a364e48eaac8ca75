"""Comparisons by turns: the middle of the ratios is told, and neither side is always the first."""

from bench.load import Ran
from bench.turns import by_turns


def ran(answers: int) -> Ran:
    return Ran(seconds=1.0, waits=[0.01] * answers, failed={}, dropped=0, unsent=1, cpu={})


def test_what_is_told_is_the_turn_whose_ratio_is_in_the_middle() -> None:
    # The machine is twice as fast in the second turn, and a cloud passes over one side of the third.
    over, under = iter([90, 190, 10, 80, 100]), iter([100, 200, 100, 100, 100])
    turns = by_turns(5, lambda: ran(next(over)), lambda: ran(next(under)))
    assert [turn.ratio for turn in turns.each] == [0.9, 0.95, 0.1, 0.8, 1.0]
    assert turns.rates("one", "many") == {
        "one_per_second": 90.0,
        "many_per_second": 100.0,
        "ratio_of_each_turn": [0.9, 0.95, 0.1, 0.8, 1.0],
    }


def test_each_side_is_the_first_in_every_other_turn() -> None:
    order: list[str] = []

    def running(side: str) -> Ran:
        order.append(side)
        return ran(1)

    by_turns(4, lambda: running("over"), lambda: running("under"))
    assert order == ["over", "under", "under", "over", "over", "under", "under", "over"]
