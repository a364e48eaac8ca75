"""A citizen asks for a place in a scheme, and gets one with its purse filled, or a number in the queue.

Places are tickets from a sequence of each pool: nobody waits for anybody, a ticket within the pool's quota is a place,
and whoever draws a higher one stands in the queue with that number.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from subsidies import entitlements, funding, people_facts, places, schemes, stops, tickets
from subsidies.compiled import Scheme
from subsidies.models import OPEN_TO_ALL, ComingOver, Enrolment, Forfeit, Ticket
from subsidies.places import Newcomer
from subsidies.rules.registration import EnrolledByList
from subsidies.tickets import NOTHING
from wallet import keys, ledger
from wallet.ids import uuid7
from wallet.models import Transfer, TransferKind
from wallet.money import Satang
from wallet.refusals import Refusal

# What a person says about themselves when they ask for a place; all else comes from who vouches for them, and lists.
CHOSEN: Final = frozenset({"chosen_province"})


class AlreadyEnrolled(Refusal):
    """The citizen has a place in this scheme, or a number in its queue."""

    code: ClassVar = "already_enrolled"


class RightForfeited(Refusal):
    """The citizen had a place, did not use the right in time, and cannot come back to the same scheme."""

    code: ClassVar = "right_forfeited"


class RightGivenUp(Refusal):
    """The citizen had a place and gave it up for one in another scheme; there is no way back."""

    code: ClassVar = "right_given_up"


class MustAccept(Refusal):
    """The terms of the scheme were not accepted."""

    code: ClassVar = "terms_not_accepted"
    status: ClassVar = 422


class MustChoose(Refusal):
    """The scheme is used where a person chose, and they have not chosen."""

    code: ClassVar = "must_choose"
    status: ClassVar = 422


class NothingToChoose(Refusal):
    """The scheme does not ask for what was chosen."""

    code: ClassVar = "nothing_to_choose"
    status: ClassVar = 422


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of asking for a place: an enrolment, or a number in the queue.

    :ivar ticket: None where people are counted at their first payment, until then.
    :ivar granted: what the purse was filled with, satang.
    :ivar ahead: how many wait before them; 0 for who is in.
    """

    ticket: Ticket | None
    enrolment: Enrolment | None
    granted: Satang
    ahead: int


def enrol(*, citizen_id: UUID, code: str, key: str, at: dt.datetime, chosen: Mapping[str, str] = NOTHING) -> Joined:
    """Give a citizen a place in a scheme and fill its purse, or a number in the queue once the places are gone.

    Where people are counted at their first payment, joining takes no place and the purse is filled then. Whoever was
    passed over in the queue, and is refused no longer, stands in it again. The same key again returns what came of it.

    :param chosen: what the scheme lets a person choose, by the vocabulary's name without `person.`.
    :raises SchemeUnknown: there is no such scheme in force.
    :raises MustChoose | NothingToChoose: `chosen` is not what the scheme asks for.
    :raises SchemeStopped | SchemeSuspended: officers have said so.
    :raises EnrolledByList: nobody can ask.
    :raises SchemeNotFunded: there is not yet money for every place.
    :raises KeyReused: the key stands for something else.
    :raises AlreadyEnrolled | RightForfeited | RightGivenUp: they have a place or a number, or had one.
    :raises Refusal: the scheme's own no (registration closed, too young, …), with the rule in its facts.
    """
    version = schemes.in_force(code=code, at=at)
    stops.must_go_on(scheme_id=version.scheme_id, at=at)
    rules = schemes.compiled(version.id)
    if rules.document.registration is None:
        raise EnrolledByList
    funding.must_be_funded(version)
    _must_fit(chosen, rules)
    with ledger.posting(citizens=[citizen_id]) as business_date:
        new_id = uuid7()
        content = {"enrol": code, **chosen}
        was = keys.claim(caller_id=citizen_id, key=key, content=content, outcome_id=new_id, at=at)
        if was is not None:
            return _joined_before(was)
        # Read under the lock: two schemes that exclude each other would otherwise both take somebody at once.
        person = {**people_facts.facts_of(citizen_id=citizen_id, at=at), **chosen}
        grant = entitlements.grant(scheme=rules, person=person, at=at)
        pool = grant.pool or OPEN_TO_ALL
        ticket, place = None, None
        if rules.counted_at_payment:
            if Enrolment.objects.filter(citizen_id=citizen_id, scheme_id=version.scheme_id).exists():
                raise _why_not_again(citizen_id, version.scheme_id, code)
        else:
            ticket = tickets.draw(
                ticket_id=new_id,
                scheme_id=version.scheme_id,
                pool=pool,
                places=rules.places_in(pool),
                citizen_id=citizen_id,
                at=at,
                chosen=chosen,
            )
            if ticket is None:
                ticket = tickets.stand_again(citizen_id=citizen_id, scheme_id=version.scheme_id)
            if ticket is None:
                raise _why_not_again(citizen_id, version.scheme_id, code)
            if ticket.waits:
                return Joined(ticket, None, 0, ahead=tickets.ahead(ticket))
            place = ticket.number
        newcomer = Newcomer(id=new_id, citizen_id=citizen_id, pool=pool, place=place, grant=grant, person=person)
        (enrolment,) = places.let_in(newcomers=[newcomer], version=version, business_date=business_date, at=at)
        return Joined(ticket, enrolment, 0 if place is None else grant.amount, ahead=0)


def _must_fit(chosen: Mapping[str, str], rules: Scheme) -> None:
    asked = CHOSEN & rules.facts_when_spending
    if missing := asked - set(chosen):
        raise MustChoose(scheme=rules.code, facts=sorted(missing))
    if extra := set(chosen) - asked:
        raise NothingToChoose(scheme=rules.code, facts=sorted(extra))


def _joined_before(outcome_id: UUID) -> Joined:
    """Return what came of a request, as it stands now: who waited then may be in by now."""
    ticket = Ticket.objects.filter(id=outcome_id).first()
    enrolment = Enrolment.objects.filter(id=outcome_id).first()
    if enrolment is None:
        return Joined(ticket, None, 0, ahead=tickets.ahead(ticket) if ticket and ticket.waits else 0)
    grants = Transfer.objects.filter(owner_id=enrolment.citizen_id, cause=enrolment.id, kind=TransferKind.GRANT)
    return Joined(ticket, enrolment, grants.order_by("id").values_list("amount", flat=True).first() or 0, ahead=0)


def _why_not_again(citizen_id: UUID, scheme_id: UUID, code: str) -> Refusal:
    """Return the refusal for somebody who asks for a second place or number."""
    held = Enrolment.objects.filter(citizen_id=citizen_id, scheme_id=scheme_id).first()
    return (held and why_over(held)) or AlreadyEnrolled(scheme=code)


def why_over(enrolment: Enrolment) -> Refusal | None:
    """Return why the right of an enrolment was taken back or given up, or None while it is its citizen's."""
    if forfeit := Forfeit.objects.filter(enrolment_id=enrolment.id).first():
        return RightForfeited(scheme=_code(enrolment), deadline_at=forfeit.deadline_at.isoformat())
    if given_up := ComingOver.objects.filter(from_enrolment_id=enrolment.id).first():
        return RightGivenUp(scheme=_code(enrolment), given_up_at=given_up.at.isoformat())
    return None


def _code(enrolment: Enrolment) -> str:
    return schemes.compiled(enrolment.version_id).code
