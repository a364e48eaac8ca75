"""Charts as numbers that a template draws: the policy allows no style on a page, and a table stands behind each."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from wallet.money import Satang

# The picture's own units; the page scales it.
WIDTH: Final = 960
HEIGHT: Final = 232
FLOOR: Final = 190
GAP: Final = 8

# How wide a bar is that shows all of something.
BAR: Final = 1_000


class Pair(NamedTuple):
    """What one column shows: two amounts, one upon the other, and what it is called; empty: it is not named."""

    low: Satang
    high: Satang
    name: str


class Column(NamedTuple):
    """Where a column stands, and how high each part of it is."""

    x: int
    width: int
    low_y: int
    low_height: int
    high_y: int
    high_height: int
    name: str


class Bar(NamedTuple):
    """How far a bar reaches, and where its mark stands."""

    part: int
    mark: int


def columns(pairs: Sequence[Pair]) -> list[Column]:
    """Return a column for each pair, the highest as high as the picture."""
    if not pairs:
        return []
    highest = max(pair.low + pair.high for pair in pairs) or 1
    step = WIDTH // len(pairs)
    drawn = []
    for number, pair in enumerate(pairs):
        whole, low = (pair.low + pair.high) * FLOOR // highest, pair.low * FLOOR // highest
        drawn.append(
            Column(
                x=number * step + GAP // 2,
                width=step - GAP,
                low_y=FLOOR - low,
                low_height=low,
                high_y=FLOOR - whole,
                high_height=whole - low,
                name=pair.name,
            )
        )
    return drawn


def bar(*, part: Satang, mark: Satang, whole: Satang) -> Bar:
    """Return a bar of `part` in `whole` with a mark; neither reaches beyond its end."""
    return Bar(*(min(amount * BAR // max(whole, 1), BAR) for amount in (part, mark)))
