"""What every measure stands on: the servers, the nation in them, how much to measure, and where figures go."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from bench.figures import Figure, Results
from bench.load import WARM_UP_SECONDS, Call, Ran, paying, run
from bench.machine import Family
from bench.nation import Nation
from bench.orders import Order
from bench.sizes import Sizes
from bench.web import Web, serving

# Payments a second over HTTP that no machine passes in the first run, before any rate is known.
GUESSED: Final = 5_000.0


@dataclass
class Ground:
    """One run of the bench.

    :ivar home: where the servers keep their files.
    :ivar database: PostgreSQL's processes.
    :ivar fastest: the highest rate of payments over HTTP so far, a second; loads are sized by it.
    :ivar asked, failed: requests of all runs of load, and those that failed or were dropped.
    """

    nation: Nation
    results: Results
    sizes: Sizes
    home: Path
    database: Family
    fastest: float | None = None
    asked: int = 0
    failed: int = 0
    faults: list[str] = field(default_factory=list)

    def serving(self, **environment: str) -> AbstractContextManager[Web]:
        """Serve the application for the length of a `with`; `environment` names what is not as it is here."""
        return serving(log=self.home / "web.log", **environment)

    def enough(self, seconds: float, *, part: float = 1.0) -> int:
        """Return how many orders a run of so many seconds cannot use up, at this part of the fastest rate."""
        return int((self.fastest or GUESSED) * part * 1.8 * (seconds + WARM_UP_SECONDS + 0.5)) + 200

    def load(
        self,
        web: Web,
        orders: Sequence[Order | Call],
        *,
        connections: int,
        seconds: float,
        per_second: float | None = None,
    ) -> Ran:
        """Pay orders over HTTP, or post whatever else is among them, and count what failed."""
        ran = run(
            web,
            [paying(one) if isinstance(one, Order) else one for one in orders],
            seconds=seconds,
            connections=connections,
            per_second=per_second,
            database=self.database,
        )
        if per_second is None and not ran.unsent:
            raise RuntimeError(f"{len(orders)} orders were too few for a run at {ran.per_second:.0f}/s")
        self.asked += len(ran.waits) + sum(ran.failed.values()) + ran.dropped
        self.failed += sum(ran.failed.values()) + ran.dropped
        if ran.failed or ran.dropped:
            print(f"  failed: {ran.failed}, dropped: {ran.dropped}", flush=True)
        if per_second is None:
            self.fastest = max(self.fastest or 0, ran.per_second)
        return ran

    def check_books(self, *, everything: bool = True) -> None:
        """Look for faults; there must be none.

        Unless `everything`, sealed days are looked at by their totals and hashes only, and nothing is decided again.
        """
        self.tell(self.nation.faults(everything=everything))

    def tell(self, faults: list[str]) -> None:
        """Keep faults that were found, and say the first of them."""
        self.faults += faults
        for fault in faults[:5]:
            print(f"  FAULT {fault}", flush=True)

    def add_soundness(self) -> None:
        """Add what must be nothing: requests that failed, faults in the books."""
        self.add(
            "failed_or_dropped",
            "requests that failed or were dropped",
            self.failed,
            rates={"asked": self.asked},
            bar="≤ 0",
        )
        self.add("faults", "faults in the books, over all checks", len(self.faults), bar="≤ 0")

    def add(
        self,
        name: str,
        says: str,
        value: float,
        *,
        unit: str = "",
        rates: Mapping[str, Any] = MappingProxyType({}),
        bar: str | None = None,
        stretch: str | None = None,
        at_full_size: bool = False,
    ) -> None:
        """Add a figure to the results. A bar that is set for a nation (`at_full_size`) says nothing of a village."""
        if at_full_size and self.results.quick:
            bar = stretch = None
        self.results.add(Figure(name=name, says=says, value=value, unit=unit, rates=rates, bar=bar, stretch=stretch))
