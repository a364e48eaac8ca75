"""A citizen takes a place in a scheme, and its purse is filled.

Places are tickets from a sequence: nobody waits for anybody, a ticket within the quota is a place, and whoever
draws a higher one stands in the queue with that number.
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.db import connection

from subsidies import entitlements, people_facts, schemes
from subsidies.models import Enrolment, SchemeVersion, Ticket
from wallet import keys, ledger
from wallet.accounts import fund, purse
from wallet.ids import uuid7
from wallet.models import Transfer, TransferKind
from wallet.money import Satang
from wallet.refusals import Refusal


class AlreadyEnrolled(Refusal):
    """The citizen has a place in this scheme, or a number in its queue."""

    code: ClassVar = "already_enrolled"


class MustAccept(Refusal):
    """The terms of the scheme were not accepted."""

    code: ClassVar = "terms_not_accepted"
    status: ClassVar = 422


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of asking for a place: an enrolment with its purse filled, or a number in the queue."""

    ticket: Ticket
    enrolment: Enrolment | None
    granted: Satang
    ahead: int


def enrol(*, citizen_id: UUID, code: str, key: str, at: dt.datetime) -> Joined:
    """Give a citizen a place in a scheme and fill its purse, or a number in the queue once the places are gone.

    The same key again returns what came of it the first time.

    :raises SchemeUnknown: there is no such scheme in force.
    :raises SchemeNotFunded: there is not yet money for every place.
    :raises KeyReused: the key stands for something else.
    :raises AlreadyEnrolled: they have a place or a number already.
    :raises Refusal: the scheme's own no (registration closed, too young, …), with the rule in its facts.
    """
    version = schemes.in_force(code=code, at=at)
    schemes.must_be_funded(version)
    rules = schemes.compiled(version.id)
    person = people_facts.facts_of(citizen_id=citizen_id, at=at)
    grant = entitlements.grant(scheme=rules, person=person, at=at)
    with ledger.posting(citizens=[citizen_id]) as business_date:
        ticket_id = uuid7()
        was = keys.claim(caller_id=citizen_id, key=key, content={"enrol": code}, outcome_id=ticket_id, at=at)
        if was is not None:
            return _joined_before(was, rules.places or 0)
        if Ticket.objects.filter(citizen_id=citizen_id, scheme_id=version.scheme_id).exists():
            raise AlreadyEnrolled(scheme=code)
        ticket = _draw(ticket_id, citizen_id, version, at)
        if rules.places is not None and ticket.number > rules.places:
            return Joined(ticket, None, 0, ahead=ticket.number - rules.places - 1)
        enrolment = Enrolment.objects.create(
            id=uuid7(),
            citizen_id=citizen_id,
            scheme_id=version.scheme_id,
            version_id=version.id,
            tier=grant.tier,
            person={name: value for name, value in person.items() if name in rules.facts_when_spending},
            enrolled_at=at,
        )
        # A right that is earned or comes week by week begins with nothing.
        moves = [_fill(enrolment, grant.amount)] if grant.amount else []
        ledger.post(moves=moves, business_date=business_date, at=at)
        return Joined(ticket, enrolment, grant.amount, ahead=0)


def _joined_before(ticket_id: UUID, places: int) -> Joined:
    ticket = Ticket.objects.get(id=ticket_id)
    enrolment = Enrolment.objects.filter(citizen_id=ticket.citizen_id, scheme_id=ticket.scheme_id).first()
    if enrolment is None:
        return Joined(ticket, None, 0, ahead=ticket.number - places - 1)
    grants = Transfer.objects.filter(owner_id=ticket.citizen_id, cause=enrolment.id, kind=TransferKind.GRANT)
    return Joined(ticket, enrolment, grants.order_by("id").values_list("amount", flat=True).first() or 0, ahead=0)


def _draw(ticket_id: UUID, citizen_id: UUID, version: SchemeVersion, at: dt.datetime) -> Ticket:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [schemes.ticket_sequence(version.scheme_id)])
        (number,) = cursor.fetchone()
    return Ticket.objects.create(
        id=ticket_id, scheme_id=version.scheme_id, number=number, citizen_id=citizen_id, drawn_at=at
    )


def _fill(enrolment: Enrolment, amount: Satang) -> ledger.Move:
    return ledger.Move(
        source=fund(enrolment.scheme_id),
        target=purse(enrolment.id),
        amount=amount,
        kind=TransferKind.GRANT,
        cause=enrolment.id,
        owner_id=enrolment.citizen_id,
        scheme_id=enrolment.scheme_id,
    )
