"""What somebody's spending has earned, and when it is paid. Pure: the timetable calls it with what it read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from subsidies.compiled import Scheme
from subsidies.rules.earning import EARNED, Earning
from wallet.money import Satang
from wallet.refusals import InvariantBroken

__all__ = ["EARNED", "Voucher", "due", "earned", "paid_at"]


@dataclass(frozen=True, slots=True)
class Voucher:
    """What is to be paid now: satang, into the purse or to the citizen's cash."""

    amount: Satang
    to: str


def earned(*, scheme: Scheme, counted: Satang, person: Mapping[str, Any]) -> Satang:
    """Return what the counter of one period has earned in all, in satang.

    :param counted: the use of the counter `EARNED` in that period.
    :param person: facts of the vocabulary that the enrolment keeps (the base, where only an increase counts).
    """
    return _rule(scheme).earned(counted, person=person)


def paid_at(*, scheme: Scheme, counted_at: datetime) -> datetime | None:
    """Return when what was spent at `counted_at` is paid; None when it comes too late for the last day of payment."""
    return _rule(scheme).paid_at(counted_at=counted_at)


def due(
    *, scheme: Scheme, counted: Mapping[datetime, Satang], paid: Satang, person: Mapping[str, Any], at: datetime
) -> Voucher | None:
    """Return what must be paid at this instant, or None.

    May be asked again and late: it counts what was paid before.

    :param counted: the end of each period -> the use of the counter `EARNED` in it. Where instants of payment are named
        and a period goes on, give what was counted before the newest of them that is past.
    :param paid: what was paid of it so far, satang.
    """
    rule = _rule(scheme)
    total = sum(rule.earned(amount, person=person) for ends_at, amount in counted.items() if rule.is_due(ends_at, at))
    return Voucher(total - paid, rule.to) if total > paid else None


def _rule(scheme: Scheme) -> Earning:
    if scheme.earning is None:
        raise InvariantBroken(f"spending earns nothing in {scheme.code}")
    return scheme.earning
