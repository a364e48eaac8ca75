"""Payments a second over HTTP: at most, beside the limit, and when many share a stall, a scheme or a large nation."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench import limit
from bench.ground import Ground
from bench.load import Ran
from bench.nation import Nation
from bench.turns import by_turns
from bench.village import Village
from bench.web import Web

# What comparisons are made with.
USUAL = 16


@dataclass(frozen=True)
class TopTurn:
    """The limit and payments over HTTP, one right after the other.

    :ivar limit: payments a second, by number of clients.
    :ivar http: the best of the runs over HTTP.
    :ivar wal_bytes: written ahead for one payment, in the last of them.
    """

    limit: Mapping[int, float]
    http: Ran
    wal_bytes: float

    @property
    def ratio(self) -> float:
        """Payments over HTTP ÷ the limit."""
        return self.http.per_second / max(self.limit.values())


def paid(
    ground: Ground, web: Web, nation: Nation, *, citizens: range | None = None, merchants: range | None = None
) -> Ran:
    """Pay as these citizens at these stalls, or as anybody anywhere, for the length of a turn."""
    orders = nation.order(ground.enough(ground.sizes.turn_seconds), citizens=citizens, merchants=merchants)
    return ground.load(web, orders, connections=USUAL, seconds=ground.sizes.turn_seconds)


def measure_top(ground: Ground, web: Web) -> None:
    """Take the highest rate over HTTP and the limit beside it by turns.

    What is told is the turn in the middle of them; `turns.py` says why.
    """
    limit.install(ground.nation.cursor)
    turns = [_top_turn(ground, web) for _ in range(ground.sizes.turns)]
    ground.check_books(everything=False)
    middle = sorted(turns, key=lambda turn: turn.ratio)[len(turns) // 2]
    best = max((turn.http for turn in turns), key=lambda ran: ran.per_second)
    ground.add(
        "http_over_limit",
        "payments over HTTP ÷ the plain-SQL limit",
        middle.ratio,
        rates={
            "http_payments_per_second": middle.http.per_second,
            "limit_payments_per_second": max(middle.limit.values()),
            **{f"limit_with_{clients}_clients_per_second": rate for clients, rate in middle.limit.items()},
            **_cpu(middle.http),
            "ratio_of_each_turn": [turn.ratio for turn in turns],
        },
        bar="≥ 0.12",
        stretch="≥ 0.16",
    )
    ground.add("http_payments_per_second", "payments over HTTP", best.per_second, unit="/s", stretch="≥ 1200")
    ground.add("wal_bytes_a_payment", "written ahead for one payment", middle.wal_bytes, unit="bytes")
    ground.add(
        "load_part_of_cpu",
        "the load generator's own part of all CPU used",
        best.cpu["load"] / sum(best.cpu.values()),
        rates=_cpu(best),
    )


def _top_turn(ground: Ground, web: Web) -> TopTurn:
    nation, sizes = ground.nation, ground.sizes
    at_most = limit.payments_per_second(nation, seconds=sizes.limit_seconds)
    runs = []
    for connections in sizes.connections:
        orders = nation.order(ground.enough(sizes.turn_seconds))
        before = nation.wal_bytes()
        runs.append(ground.load(web, orders, connections=connections, seconds=sizes.turn_seconds))
        wal_bytes = (nation.wal_bytes() - before) / (len(orders) - runs[-1].unsent)
    return TopTurn(at_most, max(runs, key=lambda ran: ran.per_second), wal_bytes)


def measure_spread(ground: Ground, web: Web) -> None:
    """Compare one stall that takes every payment with a thousand, and one scheme with ten, all of newcomers."""
    nation, sizes = ground.nation, ground.sizes

    def ran(*, citizens: range | None = None, merchants: range | None = None) -> Ran:
        return paid(ground, web, nation, citizens=citizens, merchants=merchants)

    stalls = by_turns(
        sizes.side_turns,
        lambda: ran(merchants=range(1, 2)),
        lambda: ran(merchants=range(1, sizes.stalls + 1)),
    )
    newcomers = nation.citizens[-len(nation.of_ten) :]
    schemes = by_turns(
        sizes.side_turns,
        lambda: ran(citizens=newcomers),
        lambda: ran(citizens=nation.of_ten),
    )
    ground.check_books(everything=False)
    ground.add(
        "one_merchant_over_thousand",
        "one merchant taking every payment ÷ spread over 1,000",
        stalls.middle.ratio,
        rates=stalls.rates("one_merchant", "thousand_merchants"),
        bar="≥ 0.9",
        stretch="≥ 0.97",
        at_full_size=True,
    )
    ground.add(
        "one_scheme_over_ten",
        "one scheme ÷ ten schemes",
        schemes.middle.ratio,
        rates=schemes.rates("one_scheme", "ten_schemes"),
        bar="≥ 0.9",
        stretch="≥ 0.97",
        at_full_size=True,
    )


def measure_many(ground: Ground, village: Village) -> float:
    """Pay as all citizens of the large nation at random, by turns with those of the village; return the best rate."""
    sizes = ground.sizes
    with village.nation() as small, ground.serving() as web, ground.serving(**village.addresses) as village_web:
        # Thrown away: connections to the database and plans are made in them.
        paid(ground, web, ground.nation)
        paid(ground, village_web, small)
        turns = by_turns(
            sizes.side_turns,
            lambda: paid(ground, web, ground.nation),
            lambda: paid(ground, village_web, small),
        )
    ground.check_books()
    ground.tell(village.faults())
    ground.add(
        "many_citizens_over_few",
        f"payments/s with {sizes.many:,} citizens ÷ with {sizes.few:,}",
        turns.middle.ratio,
        rates=turns.rates("many", "few") | _cpu(turns.middle.over),
        bar="≥ 0.85",
        stretch="≥ 0.95",
        at_full_size=True,
    )
    return max(turn.over.per_second for turn in turns.each)


def _cpu(ran: Ran) -> dict[str, float]:
    return {f"{whose}_cpu_ms_a_payment": 1_000 * seconds / len(ran.waits) for whose, seconds in ran.cpu.items()}
