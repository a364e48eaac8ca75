"""How long payers wait when they come as strangers do: each at their own moment, whether we are ready or not."""

from bench.ground import Ground

# Many more phones than are ever answered at once, so that none waits for a connection.
CONNECTIONS = 128
BUSY_PART = 0.7


def measure(ground: Ground, *, per_second: float) -> None:
    """Load at 70 % of the top rate, and look at the slowest hundredth."""
    sizes = ground.sizes
    rate = BUSY_PART * per_second
    with ground.serving() as web:
        # The first run is thrown away: connections to the database and plans are made in it.
        ground.load(
            web,
            ground.nation.order(ground.enough(2, part=BUSY_PART)),
            connections=CONNECTIONS,
            seconds=2,
            per_second=rate,
        )
        orders = ground.nation.order(ground.enough(sizes.open_seconds, part=BUSY_PART))
        ran = ground.load(web, orders, connections=CONNECTIONS, seconds=sizes.open_seconds, per_second=rate)
    ground.check_books()
    ground.add(
        "open_loop_p99_over_p50",
        "open loop at 70 % of the top rate: p99 ÷ p50",
        ran.wait(0.99) / ran.wait(0.5),
        rates={
            "asked_per_second": rate,
            "answered_per_second": ran.per_second,
            "p50_ms": 1_000 * ran.wait(0.5),
            "p90_ms": 1_000 * ran.wait(0.9),
            "p99_ms": 1_000 * ran.wait(0.99),
            "longest_ms": 1_000 * ran.waits[-1],
        },
        bar="≤ 6",
        stretch="≤ 4",
    )
