"""What somebody is entitled to: at enrolment, today, and in all. Pure, like `subsidies.decision`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from subsidies.compiled import Scheme
from subsidies.rules.buy_in import NoBuyIn
from subsidies.rules.caps import Cap
from subsidies.rules.changes import ChangeUnknown
from subsidies.rules.conditions import Facts
from subsidies.rules.grants import Instalment
from subsidies.splits import Purse
from wallet.money import Satang


@dataclass(frozen=True, slots=True)
class Grant:
    """What an enrolment begins with.

    :ivar amount: fills the purse at once, satang; may be nothing, where all of it comes later.
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
    :raises RegistrationNotOpen, RegistrationClosed, EnrolledByList, NotYourDay: when this person may not enrol now.
    :raises NotEligible, NoTier, NothingToGrant: when this person may not at all.
    """
    scheme.registration.must_be_open(Facts(at=at, person=person))
    return grant_by_list(scheme=scheme, person=person, at=at)


def grant_by_list(*, scheme: Scheme, person: Mapping[str, Any], at: datetime) -> Grant:
    """Return what a person whom the State enrols from a list is granted; nobody asked, so nothing need be open.

    :raises NotEligible, NoTier, NothingToGrant: when the person may not be enrolled.
    """
    tier = tier_of(scheme=scheme, person=person, at=at)
    facts = Facts(at=at, person=person, tier=tier)
    amount, later = scheme.grants.of(facts)
    pool = next((pool.code for pool in scheme.pools if pool.applies is None or pool.applies(facts)), None)
    return Grant(tier, amount, later, pool)


def must_be_of_use(*, scheme: Scheme, grant: Grant, person: Mapping[str, Any], at: datetime) -> None:
    """Return if a right that nobody asked for now is not lost the moment it is given.

    :raises FirstUseMissed: with the deadline, which is over for everybody.
    """
    if scheme.first_use is not None:
        facts = Facts(at=at, tier=grant.tier, person=person)
        scheme.first_use.must_be_met(enrolled_at=at, first_used_at=None, facts=facts)


def tier_of(*, scheme: Scheme, person: Mapping[str, Any], at: datetime) -> str:
    """Return the tier of a person who meets every requirement, but for those that an appeal lifted for them.

    :raises NotEligible, NoTier: when the scheme is not for this person.
    """
    waived = person.get("waived", {}).get(scheme.code, ())
    return scheme.eligibility.tier(Facts(at=at, person=person), waived=waived)


def instalments(
    *, scheme: Scheme, tier: str, person: Mapping[str, Any], enrolled_at: datetime, since: datetime, until: datetime
) -> tuple[Instalment, ...]:
    """Return what fills one purse at instants in [since, until), in order, without what was granted at enrolment.

    The timetable asks this with the facts that the enrolment keeps. `Instalment.code` names one payment of one grant
    (a repeated grant's has its date), so filling twice can be refused by key. Where `if_spent` is not 0 it is paid only
    if so much of the right was spent by then, and once.

    :raises NothingToGrant: when no grant is for this person.
    """
    _, later = scheme.grants.of(Facts(at=enrolled_at, tier=tier, person=person))
    return tuple(one for one in later if since <= one.pays_at < until)


def emptied_at(*, scheme: Scheme, at: datetime) -> datetime | None:
    """Return the next instant at which what is left in a purse goes back to the scheme, before it is filled again.

    None for a purse that is never emptied before the scheme ends.
    """
    return None if scheme.emptied is None else scheme.emptied.ends_at(at)


def lapses(*, scheme: Scheme, used: Mapping[tuple[str, datetime], int], ended_at: datetime, left: Satang) -> Satang:
    """Return what a purse loses when a period ends of which the scheme takes the unused part, in satang.

    :param used: as in `Purse`, of the periods that end at `ended_at`.
    :param left: what is in the purse.
    """
    losing = {cap.code for cap in scheme.document.caps if cap.unused == "lost"}
    ended = [
        cap.limit - used.get((cap.code, ended_at), 0)
        for cap in scheme.caps.state
        if cap.code in losing and cap.period is not None and cap.period.ends_before(ended_at)
    ]
    return max(0, min(left, max(ended, default=0)))


def change(*, scheme: Scheme, code: str, times_before: int, was_used: bool, at: datetime) -> None:
    """Return if a person may make this change after enrolling.

    :param times_before: how often they have made it.
    :param was_used: whether the right that they leave was ever used, when they come over from another scheme.
    :raises ChangeUnknown, ChangeOver, ChangeUsedUp, RightAlreadyUsed: when they may not.
    """
    if code not in scheme.changes:
        raise ChangeUnknown(change=code)
    scheme.changes[code].must_allow(times_before=times_before, was_used=was_used, at=at)


def buy_in(*, scheme: Scheme, times_before: int, at: datetime) -> tuple[Satang, Satang]:
    """Return (from the citizen's cash, from the State), satang, that go into the purse when somebody buys in.

    :raises NoBuyIn, BuyInOver, BuyInUsedUp: when they may not.
    """
    if scheme.buy_in is None:
        raise NoBuyIn
    return scheme.buy_in.parts(times_before=times_before, at=at)


def first_use_deadline(purse: Purse) -> datetime | None:
    """Return when an unused right is lost; None when there is no deadline or it has been met."""
    if purse.scheme.first_use is None or purse.first_used_at is not None:
        return None
    facts = Facts(purse.enrolled_at, purse.tier, purse.person)
    return purse.scheme.first_use.deadline(purse.enrolled_at, facts)


def ends_at(purse: Purse) -> datetime:
    """Return the first instant at which this right is over: the scheme's end, the person's own, or a stop before it."""
    over = over_at(scheme=purse.scheme, enrolled_at=purse.enrolled_at, person=purse.person)
    return over if purse.stopped_at is None else min(over, purse.stopped_at)


def over_at(*, scheme: Scheme, enrolled_at: datetime, person: Mapping[str, Any]) -> datetime:
    """Return the same for a right of which no purse was read."""
    own = scheme.own_time and scheme.own_time.ends_at(enrolled_at=enrolled_at, person=person)
    return min(scheme.windows.ends_at, own or scheme.windows.ends_at)


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

    A suspended scheme pays nothing today, and nobody knows when it opens; what is left stays in the purse.

    Caps that depend on the sale (per sale, for each diner, on some goods) are not known here and left out.
    """
    scheme = purse.scheme
    window = scheme.windows.open_window(channel=channel, at=at)
    deadline = first_use_deadline(purse)
    if window is None or (deadline is not None and at >= deadline) or at >= ends_at(purse):
        return Left(0, 0, open_now=False, opens_at=None, closes_at=None)
    if purse.suspended_at is not None:
        return Left(0, purse.left, open_now=False, opens_at=None, closes_at=None)
    own = scheme.own_time and scheme.own_time.starts_at(enrolled_at=purse.enrolled_at, person=purse.person)
    opens_at = max(window[0], own or window[0])
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
