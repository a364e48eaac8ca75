"""Payments a second over HTTP: at most, beside the limit, and when many share a stall, a scheme or a large nation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench import limit
from bench.ground import Ground
from bench.load import Ran
from bench.orders import Order
from bench.web import Web

# How many phones wait for an answer at once. More than these only queue on this machine.
CONNECTIONS = (8, 16, 32)

# What comparisons are made with.
USUAL = 16


@dataclass(frozen=True)
class Turn:
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


def measure_top(ground: Ground) -> float:
    """Take the highest rate over HTTP and the limit beside it by turns; return the rate.

    A shared machine may be a third faster in one minute than in the next, so each turn has a ratio of its own, and what
    is told is the turn in the middle of them.
    """
    limit.install(ground.nation.cursor)
    turns = [_turn(ground) for _ in range(ground.sizes.turns)]
    ground.check_books()
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
    return best.per_second


def _turn(ground: Ground) -> Turn:
    nation, sizes = ground.nation, ground.sizes
    at_most = limit.payments_per_second(nation, seconds=sizes.limit_seconds)
    runs = []
    with ground.serving() as web:
        for connections in CONNECTIONS:
            orders = nation.order(ground.enough(sizes.turn_seconds))
            before = nation.wal_bytes()
            runs.append(ground.load(web, orders, connections=connections, seconds=sizes.turn_seconds))
            wal_bytes = (nation.wal_bytes() - before) / (len(orders) - runs[-1].unsent)
    return Turn(at_most, max(runs, key=lambda ran: ran.per_second), wal_bytes)


def measure_spread(ground: Ground) -> None:
    """Compare one stall that takes every payment with a thousand, and one scheme with ten."""
    nation, sizes = ground.nation, ground.sizes
    enough = ground.enough(sizes.run_seconds)
    thousand = range(1, sizes.stalls + 1)
    with ground.serving() as web:
        rates = _by_turns(
            ground,
            web,
            {
                "one_merchant": lambda: nation.order(enough, merchants=range(1, 2)),
                "thousand_merchants": lambda: nation.order(enough, merchants=thousand),
            },
        )
        ground.add(
            "one_merchant_over_thousand",
            "one merchant taking every payment ÷ spread over 1,000",
            rates["one_merchant_per_second"] / rates["thousand_merchants_per_second"],
            rates=rates,
            bar="≥ 0.9",
            stretch="≥ 0.97",
        )
        rates = _by_turns(
            ground,
            web,
            {
                "one_scheme": lambda: nation.order(enough, citizens=range(1, sizes.few + 1)),
                "ten_schemes": lambda: nation.order(enough, citizens=nation.of_ten),
            },
        )
        ground.add(
            "one_scheme_over_ten",
            "one scheme ÷ ten schemes",
            rates["one_scheme_per_second"] / rates["ten_schemes_per_second"],
            rates=rates,
            bar="≥ 0.9",
            stretch="≥ 0.97",
        )
    ground.check_books()


def measure_many(ground: Ground, *, few_per_second: float) -> float:
    """Pay as all citizens of the large nation at random; return the rate."""
    sizes = ground.sizes
    with ground.serving() as web:
        runs = [
            ground.load(web, ground.nation.order(ground.enough(sizes.run_seconds)), connections=connections)
            for _ in range(sizes.rounds)
            for connections in CONNECTIONS
        ]
    best = max(runs, key=lambda ran: ran.per_second)
    ground.check_books()
    ground.add(
        "many_citizens_over_few",
        f"payments/s with {sizes.many:,} citizens ÷ with {sizes.few:,}",
        best.per_second / few_per_second,
        rates={"many_per_second": best.per_second, "few_per_second": few_per_second, **_cpu(best)},
        bar="≥ 0.85",
        stretch="≥ 0.95",
        at_full_size=True,
    )
    return best.per_second


def _by_turns(ground: Ground, web: Web, sides: Mapping[str, Callable[[], list[Order]]]) -> dict[str, float]:
    """Run each side of a comparison by turns, so that both meet the same weather, and return the best rates."""
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ground.sizes.rounds):
        for name, orders in sides.items():
            rates[name].append(ground.load(web, orders(), connections=USUAL).per_second)
    return {f"{name}_per_second": max(each) for name, each in rates.items()}


def _cpu(ran: Ran) -> dict[str, float]:
    return {f"{whose}_cpu_ms_a_payment": 1_000 * seconds / len(ran.waits) for whose, seconds in ran.cpu.items()}
