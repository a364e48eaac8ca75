"""Charts as numbers that a template draws: the policy allows no style on a page, and a table stands behind each."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from settlement.hours import Hour

# The picture's own units; the page scales it.
WIDTH: Final = 960
HEIGHT: Final = 220
FLOOR: Final = 190
GAP: Final = 8
# Every third hour is named: all of them would touch each other on a tablet.
NAMED_EVERY: Final = 3


class Column(NamedTuple):
    """One hour: where its column stands, and how high each part of it is."""

    x: int
    width: int
    citizen_y: int
    citizen_height: int
    state_y: int
    state_height: int
    name: str


def columns(hours: Sequence[Hour]) -> list[Column]:
    """Return a column for each hour, the highest as high as the picture, the State's part upon the citizen's."""
    highest = max((hour.whole for hour in hours), default=0) or 1
    step = WIDTH // len(hours)
    drawn = []
    for number, hour in enumerate(hours):
        whole, citizen = hour.whole * FLOOR // highest, hour.citizen * FLOOR // highest
        drawn.append(
            Column(
                x=number * step + GAP // 2,
                width=step - GAP,
                citizen_y=FLOOR - citizen,
                citizen_height=citizen,
                state_y=FLOOR - whole,
                state_height=whole - citizen,
                name=f"{hour.hour:02d}:00" if hour.hour % NAMED_EVERY == 0 else "",
            )
        )
    return drawn
