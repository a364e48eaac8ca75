"""What somebody is entitled to: at enrolment, today, and in all. Pure, like `subsidies.decision`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from subsidies.compiled import Scheme
from subsidies.decision import Purse
from subsidies.rules.caps import Cap
from subsidies.rules.conditions import Facts
from subsidies.rules.grants import Instalment
from wallet.money import Satang


@dataclass(frozen=True, slots=True)
class Grant:
    """What an enrolment begins with.

    :ivar amount: fills the purse at once, satang.
    :ivar later: what fills it later.
    :ivar pool: the code of the pool whose place the person takes; None for the places open to all.
    """

    tier: str
    amount: Satang
    later: tuple[Instalment, ...]
    pool: str | None


def grant(*, scheme: Scheme, person: Mapping[str, Any], at: datetime) -> Grant:
    """Return what a person who asks to enrol at this instant is granted.

    :param person: facts of the vocabulary, without the word `person.`; dates as ISO texts.
    :raises RegistrationNotOpen, RegistrationClosed, EnrolledByList: when nobody may enrol now.
    :raises NotEligible, NoTier, NothingToGrant: when this person may not.
    """
    scheme.registration.must_be_open(at)
    tier = scheme.eligibility.tier(Facts(at=at, person=person))
    facts = Facts(at=at, person=person, tier=tier)
    amount, later = scheme.grants.of(facts)
    pool = next((pool.code for pool in scheme.pools if pool.applies is None or pool.applies(facts)), None)
    return Grant(tier, amount, later, pool)


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
    window = scheme.windows.open_window(channel=channel, at=at)
    deadline = first_use_deadline(purse)
    if window is None or (deadline is not None and at >= deadline):
        return Left(0, 0, open_now=False, opens_at=None, closes_at=None)
    opens_at = max(window[0], purse.enrolled_at + scheme.windows.activates_after)
    looked_at = max(at, opens_at)
    in_all = _left(purse, looked_at, channel, caps=[cap for cap in scheme.caps.state if cap.per == "scheme"])
    today = _left(purse, looked_at, channel, caps=scheme.caps.state)
    if opens_at <= at:
        return Left(today, in_all, open_now=True, opens_at=None, closes_at=window[1])
    is_today = scheme.calendar.local(opens_at).date() == scheme.calendar.local(at).date()
    return Left(today if is_today else 0, in_all, open_now=False, opens_at=opens_at, closes_at=window[1])


def _left(purse: Purse, at: datetime, channel: str, *, caps: Iterable[Cap]) -> Satang:
    """Return what the purse and these caps leave, without those that depend on the sale."""
    facts = Facts(at, purse.tier, purse.person, channel=channel)
    known = (cap for cap in caps if cap.period is not None and cap.times is None)
    holding = (cap for cap in known if cap.applies is None or cap.applies(facts))
    return min([purse.left, *(cap.left(purse.used, facts) for cap in holding)])
