"""How much is measured: what a nation needs, or enough to see in minutes that everything works."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Numbers of rows and seconds.

    :ivar few, many: citizens of the small and of the large nation that are compared.
    :ivar day: payments of the day that is closed; a second day of twice as many is closed after it.
    :ivar connections: how many phones wait for an answer at once, where the highest rate is looked for. More than
        these only queue on this machine.
    :ivar rounds: how often each ledger posts, by turns.
    :ivar turns, side_turns, open_turns: how often what a passing cloud would spoil is measured, in runs of
        `turn_seconds`, `limit_seconds` and `open_seconds`: more often than other things, and shorter. `side_turns` are
        for the comparisons whose bars hold at full size only: a second of load says nothing of a tenth more or less.
    """

    few: int
    many: int
    ten_schemes: int
    merchants: int
    stalls: int
    day: int
    postings: int
    peer_payments: int
    rounds: int
    turns: int
    side_turns: int
    turn_seconds: float
    connections: tuple[int, ...]
    limit_seconds: int
    open_turns: int
    open_seconds: float


FULL: Final = Sizes(
    few=10_000,
    many=1_000_000,
    ten_schemes=10_000,
    merchants=50_000,
    stalls=1_000,
    day=1_000_000,
    postings=3_000,
    peer_payments=300,
    rounds=3,
    turns=11,
    side_turns=11,
    turn_seconds=2,
    connections=(8, 16, 32),
    limit_seconds=2,
    open_turns=9,
    open_seconds=5,
)
QUICK: Final = Sizes(
    few=2_000,
    many=20_000,
    ten_schemes=2_000,
    merchants=2_000,
    stalls=1_000,
    day=5_000,
    postings=600,
    peer_payments=60,
    rounds=1,
    turns=3,
    side_turns=1,
    turn_seconds=1,
    connections=(16,),
    limit_seconds=1,
    open_turns=1,
    open_seconds=4,
)
