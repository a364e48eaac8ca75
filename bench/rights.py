"""What the timetable does for a nation: it fills every purse and audits everybody, and half of them before all."""

import datetime as dt
from dataclasses import dataclass

from bench import filling, schemes
from bench.ground import Ground
from bench.machine import alone
from wallet.clock import now


@dataclass(frozen=True)
class Done:
    """What came of one run: how many rows, in how many seconds, with how much memory."""

    rows: int
    seconds: float
    peak_bytes: int


def measure(ground: Ground) -> None:
    """Fill half of the purses, then all of them; audit half of the people, then all."""
    nation = ground.nation
    everybody = len(nation.citizens)
    half, at = everybody // 2, now() - dt.timedelta(days=1)
    version = schemes.publish(code=schemes.FILLED_LATER, text=schemes.filled_later(), at=at)
    first, second = schemes.FIRST_FILLING, schemes.SECOND_FILLING
    filling.also_in(nation.cursor, version=version, first=1, last=half, at=at, due_at=first)
    filling.tidy(nation.cursor)
    once = _fill(first)
    filling.also_in(nation.cursor, version=version, first=half + 1, last=everybody, at=at, due_at=first)
    _fill(first)
    filling.tidy(nation.cursor)
    twice = _fill(second)
    _add(ground, "filling", f"filling {everybody:,} purses", once, twice)
    _add(ground, "auditing", f"auditing {everybody:,} persons", _audit(ground, half), _audit(ground, everybody))
    ground.check_books(everything=False)  # nobody has paid since everything was checked


def _fill(at: dt.datetime) -> Done:
    told, peak = alone("bench.timetable", "fill", at.isoformat())
    return Done(told["rights"], told["seconds"], peak)


def _audit(ground: Ground, people: int) -> Done:
    told, peak = alone("bench.timetable", "audit", str(people))
    if told["breaches"]:
        ground.faults.append(f"the audit found {told['breaches']} breaches")
    return Done(told["payments"], told["seconds"], peak)


def _add(ground: Ground, name: str, says: str, half: Done, whole: Done) -> None:
    ground.add(
        f"{name}_seconds",
        says,
        whole.seconds,
        unit="s",
        rates={
            "rows": whole.rows,
            "rows_per_second": whole.rows / whole.seconds,
            "half_rows": half.rows,
            "half_seconds": half.seconds,
            "peak_mb": whole.peak_bytes / 1_000_000,
            "half_peak_mb": half.peak_bytes / 1_000_000,
        },
    )
    ground.add(
        f"{name}_twice_over_once",
        f"{says} ÷ half of them",
        whole.seconds / half.seconds,
        bar="≤ 2.2",
        at_full_size=True,
    )
    ground.add(
        f"{name}_peak_memory",
        f"{says}: peak memory (PSS)",
        whole.peak_bytes / 1_000_000,
        unit="MB",
        bar="≤ 400",
        stretch="≤ 200",
    )
