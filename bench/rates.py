"""Payments a second over HTTP: at most, beside the limit, and when many share a stall, a scheme or a large nation."""

from collections.abc import Callable, Mapping

from bench import limit
from bench.ground import Ground
from bench.load import Ran
from bench.orders import Order
from bench.web import Web

# How many phones wait for an answer at once. More than these only queue on this machine.
CONNECTIONS = (8, 16, 32)

# What comparisons are made with.
USUAL = 16


def measure_top(ground: Ground) -> float:
    """Take the highest rate over HTTP and the limit beside it by turns; return the rate."""
    nation, sizes = ground.nation, ground.sizes
    limit.install(nation.cursor)
    written: dict[int, float] = {}
    best: Ran | None = None
    wal_bytes = 0.0
    for _ in range(sizes.rounds):
        for clients, rate in limit.payments_per_second(nation, seconds=sizes.limit_seconds).items():
            written[clients] = max(written.get(clients, 0), rate)
        with ground.serving() as web:
            for connections in CONNECTIONS:
                orders = nation.order(ground.enough(sizes.run_seconds))
                before = nation.wal_bytes()
                ran = ground.load(web, orders, connections=connections)
                wal_bytes = (nation.wal_bytes() - before) / (len(orders) - ran.unsent)
                best = max(best or ran, ran, key=lambda each: each.per_second)
    if best is None:
        raise ValueError("no rounds")
    ground.check_books()
    at_most = max(written.values())
    ground.add(
        "http_over_limit",
        "payments over HTTP ÷ the plain-SQL limit",
        best.per_second / at_most,
        rates={
            "http_payments_per_second": best.per_second,
            "limit_payments_per_second": at_most,
            **{f"limit_with_{clients}_clients_per_second": rate for clients, rate in written.items()},
            **_cpu(best),
        },
        bar="≥ 0.12",
        stretch="≥ 0.16",
    )
    ground.add("http_payments_per_second", "payments over HTTP", best.per_second, unit="/s", stretch="≥ 1200")
    ground.add("wal_bytes_a_payment", "written ahead for one payment", wal_bytes, unit="bytes")
    ground.add(
        "load_part_of_cpu",
        "the load generator's own part of all CPU used",
        best.cpu["load"] / sum(best.cpu.values()),
        rates=_cpu(best),
    )
    return best.per_second


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
