"""How long payers wait when they come as strangers do: each at their own moment, whether we are ready or not."""

from bench.ground import Ground
from bench.load import Ran
from bench.web import Web

# Many more phones than are ever answered at once, so that none waits for a connection.
CONNECTIONS = 128
BUSY_PART = 0.7


def measure(ground: Ground, web: Web) -> None:
    """Load at 70 % of the top rate, and look at the slowest hundredth.

    The top rate is looked for before each turn: 70 % of what the machine could do some minutes ago may be more than it
    can do now, and then what is measured is a queue that never ends. What is told is the turn in the middle.
    """
    turns = [_turn(ground, web) for _ in range(ground.sizes.open_turns)]
    ground.check_books(everything=False)
    rate, ran = sorted(turns, key=lambda turn: _unevenness(turn[1]))[len(turns) // 2]
    ground.add(
        "open_loop_p99_over_p50",
        "open loop at 70 % of the top rate: p99 ÷ p50",
        _unevenness(ran),
        rates={
            "asked_per_second": rate,
            "answered_per_second": ran.per_second,
            "p50_ms": 1_000 * ran.wait(0.5),
            "p90_ms": 1_000 * ran.wait(0.9),
            "p99_ms": 1_000 * ran.wait(0.99),
            "longest_ms": 1_000 * ran.waits[-1],
            "p99_over_p50_of_each_turn": [_unevenness(ran) for _, ran in turns],
        },
        bar="≤ 6",
        stretch="≤ 4",
    )


def _turn(ground: Ground, web: Web) -> tuple[float, Ran]:
    seconds, rate = ground.sizes.open_seconds, BUSY_PART * _top(ground, web)
    orders = ground.nation.order(ground.enough(seconds, part=BUSY_PART))
    return rate, ground.load(web, orders, connections=CONNECTIONS, seconds=seconds, per_second=rate)


def _top(ground: Ground, web: Web) -> float:
    seconds = ground.sizes.turn_seconds
    return max(
        ground.load(
            web, ground.nation.order(ground.enough(seconds)), connections=connections, seconds=seconds
        ).per_second
        for connections in ground.sizes.connections[-2:]
    )


def _unevenness(ran: Ran) -> float:
    return ran.wait(0.99) / ran.wait(0.5)
