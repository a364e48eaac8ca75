"""Schemes that count people at their first payment: joining takes no place, paying takes one and fills the purse.

The number comes from the pool's sequence, inside the payment: no row is shared, and nobody waits for anybody. Once the
sequence has passed the quota, places that were lost with a process or given up are taken one row at a time, leaving out
those that somebody else is just taking. Payments with other schemes ask nothing of this.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.db import connection

from subsidies import places, schemes, tickets
from subsidies.contribution import PlacesGone
from subsidies.models import Enrolment, FreePlace, Promise, Ticket
from subsidies.splits import Purse, Split
from wallet import ledger
from wallet.refusals import InvariantBroken

# Looked for once, by itself: as part of a join it could be looked for again, and lock more than one.
TAKE_FREE: Final = """
    WITH lowest AS MATERIALIZED (
        SELECT scheme_id, pool, place FROM subsidies_freeplace
         WHERE scheme_id = %s AND pool = %s AND place <= %s ORDER BY place LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    DELETE FROM subsidies_freeplace free USING lowest
     WHERE (free.scheme_id, free.pool, free.place) = (lowest.scheme_id, lowest.pool, lowest.place)
    RETURNING free.place
"""


def as_promised(purses: Sequence[Purse], *, at: dt.datetime) -> tuple[Purse, ...]:
    """Return the purses as a payment would find them: with what is promised in those that a first payment fills."""
    return tuple(_as_promised(purse, at) if _may_wait(purse) else purse for purse in purses)


def take_places(*, purses: Sequence[Purse], split: Split, business_date: dt.date, at: dt.datetime) -> None:
    """Take a place for each scheme that this payment is the first to use, and fill its purse; under the payer's lock.

    :raises PlacesGone: others have taken the last ones.
    """
    for purse in purses:
        if _may_wait(purse) and any(one.taken for one in split.shares if one.enrolment_id == purse.enrolment_id):
            _take_place(purse, business_date, at)


def _may_wait(purse: Purse) -> bool:
    return purse.scheme.counted_at_payment and purse.first_used_at is None


def _as_promised(purse: Purse, at: dt.datetime) -> Purse:
    promise = Promise.objects.filter(enrolment_id=purse.enrolment_id).first()
    if promise is None:
        return purse  # counted before: that first payment was given back
    pool = Enrolment.objects.values_list("pool", flat=True).get(id=purse.enrolment_id)
    quota = _quota(purse, pool, at)
    free = FreePlace.objects.filter(scheme_id=purse.scheme_id, pool=pool, place__lte=quota)
    gone = tickets.highest(scheme_id=purse.scheme_id, pool=pool) >= quota and not free.exists()
    return replace(purse, left=promise.amount, places_gone=gone)


def _take_place(purse: Purse, business_date: dt.date, at: dt.datetime) -> None:
    promise = Promise.objects.filter(enrolment_id=purse.enrolment_id).first()
    if promise is None:
        return
    enrolment = Enrolment.objects.get(id=purse.enrolment_id)
    enrolment.place = _place(enrolment, _quota(purse, enrolment.pool, at), at)
    enrolment.next_due_at = None
    enrolment.save(update_fields=["place", "next_due_at"])
    promise.delete()
    if promise.amount:
        filling = places.filling(enrolment, promise.amount)
        ledger.post(moves=[filling], business_date=business_date, at=at)


def _place(enrolment: Enrolment, quota: int, at: dt.datetime) -> int:
    """Draw a number that is a place, or take a free place beside it.

    :raises PlacesGone: there is neither.
    """
    ticket = tickets.draw(
        ticket_id=enrolment.id,
        scheme_id=enrolment.scheme_id,
        pool=enrolment.pool,
        places=quota,
        citizen_id=enrolment.citizen_id,
        at=at,
    )
    if ticket is None:
        raise InvariantBroken(f"enrolment {enrolment.id} has a ticket and was still promised a place")
    if not ticket.waits:
        return ticket.number
    with connection.cursor() as cursor:
        cursor.execute(TAKE_FREE, [enrolment.scheme_id, enrolment.pool, quota])
        found = cursor.fetchone()
    if found is None:
        raise PlacesGone
    Ticket.objects.filter(id=ticket.id).update(waits=False)
    return int(found[0])


def _quota(purse: Purse, pool: str, at: dt.datetime) -> int:
    """Return how many places the pool has now; the version under which the person joined may have had fewer."""
    now = schemes.in_force(code=purse.scheme.code, at=at)
    return schemes.compiled(now.id).places_in(pool)
