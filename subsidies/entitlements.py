"""What somebody is entitled to: at enrolment, today, and in all. Pure, like `subsidies.decision`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from subsidies.compiled import Scheme
from subsidies.decision import Purse
from subsidies.rules.conditions import Facts
from subsidies.rules.grants import Instalment
from wallet.money import Satang
from wallet.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Grant:
    """What an enrolment begins with.

    :ivar amount: fills the purse at once, satang.
    :ivar later: what fills it later.
    :ivar pool: the code of the pool whose place the person takes; None for the places open to all.
    :ivar first_use_before: when an unused right is lost; None without a deadline.
    """

    tier: str
    amount: Satang
    later: tuple[Instalment, ...]
    pool: str | None
    first_use_before: datetime | None


def grant(*, scheme: Scheme, person: Mapping[str, Any], at: datetime) -> Grant:
    """Return what a person who asks to enrol at this instant is granted.

    :param person: facts of the vocabulary, without the word `person.`; dates as ISO texts.
    :raises RegistrationNotOpen, RegistrationClosed, EnrolledByList: when nobody may enrol now.
    :raises NotEligible, NoTier, NothingToGrant: when this person may not.
    """
    scheme.registration.must_be_open(at)
    facts = Facts(at=at, person=person)
    tier = scheme.eligibility.tier(facts)
    facts = Facts(at=at, person=person, tier=tier)
    amount, later = scheme.grants.of(facts)
    pool = next((pool.code for pool in scheme.pools if pool.applies is None or pool.applies(facts)), None)
    deadline = None if scheme.first_use is None else scheme.first_use.deadline(at)
    return Grant(tier, amount, later, pool, deadline)


def first_use_deadline(purse: Purse) -> datetime | None:
    """Return when an unused right is lost; None when there is no deadline or it has been met."""
    if purse.scheme.first_use is None or purse.first_used_at is not None:
        return None
    return purse.scheme.first_use.deadline(purse.enrolled_at)


@dataclass(frozen=True, slots=True)
class Left:
    """What a scheme would still pay, satang, and when.

    :ivar today: until the channel closes for the day (or from its next opening, if that is still today).
    :ivar in_all: until the scheme ends.
    :ivar open_now: whether it can be used this minute.
    :ivar opens_at: when it opens next; None while it is open, or when it never opens again.
    :ivar closes_at: when what is open now, or opens next, closes; None when it never opens again.
    """

    today: Satang
    in_all: Satang
    open_now: bool
    opens_at: datetime | None
    closes_at: datetime | None


def left_today(*, purse: Purse, at: datetime, channel: str = "shop") -> Left:
    """Return what the scheme would still pay this person today and in all, for their home screen.

    Caps that depend on the sale (per sale, for each diner, on some goods) are not known here and left out.
    """
    scheme = purse.scheme
    facts = Facts(at, purse.tier, purse.person, channel=channel)
    in_all = purse.left
    for cap in scheme.caps.state:
        if cap.per == "scheme" and cap.times is None and (cap.applies is None or cap.applies(facts)):
            ends_at = cap.period.ends_at(at) if cap.period else at
            in_all = min(in_all, max(0, cap.limit_at(facts) - purse.used.get((cap.code, ends_at), 0)))
    window = scheme.windows.open_window(channel=channel, at=at)
    if window is None or _is_lost(purse, at):
        return Left(0, 0, open_now=False, opens_at=None, closes_at=None)
    opens_at, closes_at = window
    opens_at = max(opens_at, purse.enrolled_at + scheme.windows.activates_after)
    if opens_at <= at:
        return Left(_today(purse, in_all, at, channel), in_all, open_now=True, opens_at=None, closes_at=closes_at)
    is_today = scheme.calendar.local(opens_at).date() == scheme.calendar.local(at).date()
    today = _today(purse, in_all, opens_at, channel) if is_today else 0
    return Left(today, in_all, open_now=False, opens_at=opens_at, closes_at=closes_at)


def _today(purse: Purse, in_all: Satang, at: datetime, channel: str) -> Satang:
    facts = Facts(at, purse.tier, purse.person, channel=channel)
    left = in_all
    for cap in purse.scheme.caps.state:
        ends_at = cap.ends_at(at)
        if ends_at is not None and cap.times is None and (cap.applies is None or cap.applies(facts)):
            left = min(left, max(0, cap.limit_at(facts) - purse.used.get((cap.code, ends_at), 0)))
    return left


def _is_lost(purse: Purse, at: datetime) -> bool:
    deadline = first_use_deadline(purse)
    return deadline is not None and at >= deadline
