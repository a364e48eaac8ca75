"""People are let into a scheme: each gets the number of their place, and a purse that is filled.

At enrolment, from the queue, and where people are counted at their first payment it is the same act.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from subsidies import schemes
from subsidies.compiled import Scheme
from subsidies.entitlements import Grant
from subsidies.models import Enrolment, FirstUseDeadline, Promise, SchemeVersion
from subsidies.rules.calendar import LIFETIME
from subsidies.rules.conditions import Facts
from wallet import ledger
from wallet.accounts import AccountKind, fund, purse
from wallet.models import Balance, TransferKind
from wallet.money import Satang


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody who is about to be let in.

    :ivar id: their ticket's, if they have drawn one; it becomes the enrolment's.
    :ivar place: their number in the pool; None where people are counted at their first payment.
    :ivar person: every fact on the person; the enrolment keeps those that sales are judged by.
    """

    id: UUID
    citizen_id: UUID
    pool: str
    place: int | None
    grant: Grant
    person: Mapping[str, Any]


def let_in(
    *, newcomers: Sequence[Newcomer], version: SchemeVersion, business_date: dt.date, at: dt.datetime
) -> list[Enrolment]:
    """Write the enrolments and fill their purses, or keep what is promised; under a posting with the citizens' locks.

    :raises django.db.IntegrityError: somebody is in already, or holds that place.
    """
    rules = schemes.compiled(version.id)
    enrolments = Enrolment.objects.bulk_create(_enrolment(newcomer, version, rules, at) for newcomer in newcomers)
    if rules.first_use is not None:
        due = ((one, first_use_by(one, rules)) for one in enrolments)
        FirstUseDeadline.objects.bulk_create(
            FirstUseDeadline(enrolment_id=one.id, citizen_id=one.citizen_id, due_at=by)
            for one, by in due
            if by is not None
        )
    moves, empty, promised = [], [], []
    for newcomer, enrolment in zip(newcomers, enrolments, strict=True):
        amount = newcomer.grant.amount
        if newcomer.place is None:
            promised.append(Promise(enrolment_id=enrolment.id, citizen_id=enrolment.citizen_id, amount=amount))
        if newcomer.place is not None and amount:
            moves.append(filling(enrolment, amount))
        else:
            # A right that is promised, earned or comes week by week begins with an empty purse.
            empty.append(Balance(owner_id=enrolment.citizen_id, kind=AccountKind.PURSE, account_id=enrolment.id))
    if promised:
        Promise.objects.bulk_create(promised)
    if empty:
        Balance.objects.bulk_create(empty)
    if moves:
        ledger.post(moves=moves, business_date=business_date, at=at)
    return enrolments


def filling(enrolment: Enrolment, amount: Satang) -> ledger.Move:
    """Return the transfer that fills a purse from its scheme's fund."""
    return ledger.Move(
        source=fund(enrolment.scheme_id),
        target=purse(enrolment.id),
        amount=amount,
        kind=TransferKind.GRANT,
        cause=enrolment.id,
        owner_id=enrolment.citizen_id,
        scheme_id=enrolment.scheme_id,
    )


def first_use_by(enrolment: Enrolment, rules: Scheme) -> dt.datetime | None:
    """Return when an unused right is lost by these rules; None when never."""
    if rules.first_use is None:
        return None
    facts = Facts(enrolment.enrolled_at, enrolment.tier, enrolment.person)
    return rules.first_use.deadline(enrolment.enrolled_at, facts)


def _enrolment(newcomer: Newcomer, version: SchemeVersion, rules: Scheme, at: dt.datetime) -> Enrolment:
    return Enrolment(
        id=newcomer.id,
        citizen_id=newcomer.citizen_id,
        scheme_id=version.scheme_id,
        version_id=version.id,
        pool=newcomer.pool,
        place=newcomer.place,
        tier=newcomer.grant.tier,
        person={name: value for name, value in newcomer.person.items() if name in rules.facts_when_spending},
        enrolled_at=at,
        # What falls due on a right falls due once it has a place.
        next_due_at=LIFETIME if newcomer.place is None else None,
    )
