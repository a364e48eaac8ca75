"""Days that close: how long until the bank files are written, with how much memory, and what payers notice of it."""

import threading
import time
from dataclasses import dataclass
from typing import Final

from bench import filling
from bench.ground import Ground
from bench.machine import alone
from bench.waits import CONNECTIONS
from wallet.clock import now

QUIET_PART: Final = 0.3

# What closing a day is held against: the one question that cannot be avoided, asked of rows that lie ready.
GROUP_BY: Final = """
    SELECT count(*) FROM (
        SELECT to_id, scheme_id, part, channel, sum(amount), count(*) FROM wallet_transfer
         WHERE business_date = %s AND to_kind = 4 GROUP BY to_id, scheme_id, part, channel) slice
"""


@dataclass(frozen=True)
class Closed:
    """What came of one close: seconds by step, and the closing process's largest memory in bytes."""

    seconds: dict[str, float]
    slices: int
    payouts: int
    peak_bytes: int

    @property
    def to_bank_files(self) -> float:
        """Seconds from the flip to the written bank files."""
        return sum(took for step, took in self.seconds.items() if step != "seal")

    @property
    def to_seal(self) -> float:
        """Seconds until the day is sealed too, and nothing of the close is left."""
        return sum(self.seconds.values())

    @property
    def rates(self) -> dict[str, float]:
        """Seconds by step, as rates of a figure."""
        return {f"{step}_seconds": took for step, took in self.seconds.items()}


@dataclass(frozen=True)
class QuietDay:
    """What came of closing a day by itself: the close, what it is held against, and how the books were checked."""

    closed: Closed
    group_by_seconds: float
    check_books_seconds: float
    bytes_a_payment: float


def measure(ground: Ground, *, per_second: float) -> None:
    """Close a day of so many payments, one under load, and one of twice as many."""
    sizes = ground.sizes
    close()  # the day on which everything else was measured
    once = _quiet(ground, payments=sizes.day)
    _busy(ground, payments=sizes.day, alone=once.closed.to_seal, per_second=QUIET_PART * per_second)
    twice = _quiet(ground, payments=2 * sizes.day)
    _add_closes(ground, once, twice)


def close() -> Closed:
    """Close the open day in a process of its own, watching its memory."""
    told, peak = alone("bench.closing")
    return Closed(told["seconds"], told["slices"], told["payouts"], peak)


def fill_day(ground: Ground, payments: int) -> None:
    """Have so many payments on the open day, and the tables as they are after a quiet hour."""
    nation = ground.nation
    numbers = nation.orders.reserve(payments)
    made = filling.payments(
        nation.cursor,
        first=numbers[0],
        count=payments,
        citizens=len(nation.citizens),
        merchants=len(nation.merchants),
        date=nation.business_date,
        at=now(),
    )
    for _ in made:
        pass
    filling.tidy(nation.cursor)


def _quiet(ground: Ground, *, payments: int) -> QuietDay:
    before = ground.nation.bytes()
    fill_day(ground, payments)
    bytes_a_payment = (ground.nation.bytes() - before) / payments
    group_by = min(_group_by(ground) for _ in range(3))
    closed = close()
    begun = time.perf_counter()
    ground.check_books()
    return QuietDay(closed, group_by, time.perf_counter() - begun, bytes_a_payment)


def _busy(ground: Ground, *, payments: int, alone: float, per_second: float) -> None:
    """Close a day while citizens go on paying, and see how long the unluckiest of them waited."""
    fill_day(ground, payments)
    calm, before, after = 5.0, 3.0, 2.0
    seconds = before + 3 * alone + after
    nation = ground.nation
    with ground.serving() as web:
        orders = nation.order(int(per_second * 1.3 * (calm + 3)) + 200)
        without = ground.load(web, orders, connections=CONNECTIONS, seconds=calm, per_second=per_second)
        orders = nation.order(int(per_second * 1.3 * (seconds + 3)) + 200)
        closed: list[Closed] = []

        def wait_and_close() -> None:
            time.sleep(before)
            closed.append(close())

        closer = threading.Thread(target=wait_and_close)
        closer.start()
        ran = ground.load(web, orders, connections=CONNECTIONS, seconds=seconds, per_second=per_second)
        closer.join()
    ground.check_books(everything=False)  # the next day, of twice as many, is followed by everything
    ground.add(
        "longest_wait_while_closing",
        f"the longest a payer waits while a day of {payments:,} payments closes",
        1_000 * ran.waits[-1],
        unit="ms",
        rates={
            "asked_per_second": per_second,
            "p50_ms": 1_000 * ran.wait(0.5),
            "p99_ms": 1_000 * ran.wait(0.99),
            "longest_ms_before": 1_000 * without.waits[-1],
            "load_seconds": seconds,
            "close_seconds": closed[0].to_seal,
            **closed[0].rates,
        },
        bar="≤ 500",
        stretch="≤ 100",
    )


def _add_closes(ground: Ground, once: QuietDay, twice: QuietDay) -> None:
    payments = f"{ground.sizes.day:,}"
    ground.add(
        "close_over_group_by",
        f"from the flip to the bank files, {payments} payments ÷ their GROUP BY",
        once.closed.to_bank_files / once.group_by_seconds,
        rates={
            "close_seconds": once.closed.to_bank_files,
            "group_by_seconds": once.group_by_seconds,
            "check_books_seconds": once.check_books_seconds,
            "payouts": once.closed.payouts,
            "slices": once.closed.slices,
            **once.closed.rates,
        },
        bar="≤ 15",
        stretch="≤ 5",
        at_full_size=True,
    )
    ground.add(
        "close_twice_over_once",
        "the same for twice the payments ÷ once",
        twice.closed.to_bank_files / once.closed.to_bank_files,
        rates={
            "close_seconds_twice": twice.closed.to_bank_files,
            "close_seconds_once": once.closed.to_bank_files,
            "group_by_seconds_twice": twice.group_by_seconds,
            "check_books_seconds_twice": twice.check_books_seconds,
            **twice.closed.rates,
        },
        bar="≤ 2.2",
        stretch="≤ 2.05",
        at_full_size=True,
    )
    megabytes = [day.closed.peak_bytes / 1_000_000 for day in (once, twice)]
    ground.add(
        "close_peak_memory",
        "peak memory of the closing process (PSS)",
        max(megabytes),
        unit="MB",
        rates={"once_mb": megabytes[0], "twice_mb": megabytes[1]},
        bar="≤ 400",
        stretch="≤ 200",
    )
    ground.add("bytes_a_payment", "disk for one payment, indexes and all", twice.bytes_a_payment, unit="bytes")


def _group_by(ground: Ground) -> float:
    cursor = ground.nation.cursor
    # The same memory that the close allows itself.
    cursor.execute("SET work_mem = '64MB'")
    begun = time.perf_counter()
    cursor.execute(GROUP_BY, [ground.nation.business_date])
    cursor.fetchone()
    return time.perf_counter() - begun
