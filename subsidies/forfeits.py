"""A right that is not used in time goes back: its money to the fund, its place to others where the scheme says so.

The deadline itself is kept by the rule that every payment is judged by (`rules/first_use.py`); this comes after it, and
may come late.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from subsidies import places, schemes
from subsidies.compiled import Scheme
from subsidies.models import Enrolment, FirstUseDeadline, Forfeit, FreePlace, Promise
from subsidies.rules.calendar import LIFETIME
from wallet import ledger
from wallet.accounts import AccountKind, fund, purse
from wallet.models import Balance, TransferKind
from wallet.money import Satang

# These citizens are locked together, for some milliseconds each: whoever of them pays meanwhile waits less than 50 ms.
MOST_LOCKED_AT_ONCE: Final = 10

# What one run does, in seconds; the next run goes on.
MOST_BATCHES_AT_ONCE: Final = 200
MOST_MET_AT_ONCE: Final = 20_000

# Nearly everybody uses their right in time: their rows go many at once, and nobody is locked for it.
FORGET_THE_MET: Final = """
    DELETE FROM subsidies_firstusedeadline WHERE enrolment_id IN (
        SELECT due.enrolment_id FROM subsidies_firstusedeadline due
          JOIN subsidies_enrolment place ON place.id = due.enrolment_id AND place.first_used_at IS NOT NULL
         WHERE due.due_at <= %s ORDER BY due.due_at, due.enrolment_id LIMIT %s)
"""


def take_back_unused(*, at: dt.datetime) -> int:
    """Take back the rights whose first-use deadline is over and that were never used; return how many.

    May be run late, twice, and by several at once; each batch is whole or has not happened.
    """
    with connection.cursor() as cursor:
        cursor.execute(FORGET_THE_MET, [at, MOST_MET_AT_ONCE])
    in_force = {version.scheme_id: schemes.compiled(version.id) for version in schemes.all_in_force(at=at)}
    taken = 0
    for _ in range(MOST_BATCHES_AT_ONCE):
        due = FirstUseDeadline.objects.filter(due_at__lte=at).order_by("due_at", "enrolment_id")
        if not (batch := list(due[:MOST_LOCKED_AT_ONCE])):
            break
        taken += _take_back(batch, in_force, at)
    return taken


def _take_back(batch: Sequence[FirstUseDeadline], in_force: Mapping[UUID, Scheme], at: dt.datetime) -> int:
    with ledger.posting(citizens=[row.citizen_id for row in batch]) as business_date:
        # Read again under the locks: another worker may have been here, or the citizen may have paid in time.
        rows = {
            row.enrolment_id: row
            for row in FirstUseDeadline.objects.filter(enrolment_id__in=[row.enrolment_id for row in batch])
        }
        lost = []
        for enrolment in Enrolment.objects.filter(id__in=rows, first_used_at=None):
            # A newer version may have put the deadline off, or have taken it away.
            by = places.first_use_by(enrolment, in_force[enrolment.scheme_id])
            if by is not None and by <= at:
                lost.append((enrolment, by))
            elif by is not None:
                rows.pop(enrolment.id)
                FirstUseDeadline.objects.filter(enrolment_id=enrolment.id).update(due_at=by)
        _forfeit(lost, in_force, business_date, at)
        FirstUseDeadline.objects.filter(enrolment_id__in=rows).delete()
        return len(lost)


def _forfeit(
    lost: Sequence[tuple[Enrolment, dt.datetime]],
    in_force: Mapping[UUID, Scheme],
    business_date: dt.date,
    at: dt.datetime,
) -> None:
    """Write the forfeits, move the money and free the places, under the citizens' locks."""
    ids = [enrolment.id for enrolment, _ in lost]
    purses = Balance.objects.filter(
        owner_id__in=[enrolment.citizen_id for enrolment, _ in lost], kind=AccountKind.PURSE, account_id__in=ids
    )
    left = dict(purses.values_list("account_id", "balance"))
    given_up = {
        enrolment.id: FreePlace(scheme_id=enrolment.scheme_id, pool=enrolment.pool, place=enrolment.place)
        for enrolment, _ in lost
        if enrolment.place is not None and _reopens(in_force[enrolment.scheme_id])
    }
    Forfeit.objects.bulk_create(
        Forfeit(
            enrolment_id=enrolment.id,
            citizen_id=enrolment.citizen_id,
            scheme_id=enrolment.scheme_id,
            deadline_at=by,
            amount=left[enrolment.id],
            place=enrolment.place if enrolment.id in given_up else None,
            at=at,
        )
        for enrolment, by in lost
    )
    moves = [_back(enrolment, left[enrolment.id]) for enrolment, _ in lost if left[enrolment.id]]
    ledger.post(moves=moves, business_date=business_date, at=at)
    FreePlace.objects.bulk_create(given_up.values())
    Enrolment.objects.filter(id__in=given_up).update(place=None)
    Enrolment.objects.filter(id__in=ids).update(next_due_at=LIFETIME)  # nothing falls due on it any more
    Promise.objects.filter(enrolment_id__in=ids).delete()


def _reopens(rules: Scheme) -> bool:
    quota = rules.document.quota
    return quota is not None and quota.forfeited_places == "reopened"


def _back(enrolment: Enrolment, amount: Satang) -> ledger.Move:
    return ledger.Move(
        source=purse(enrolment.id),
        target=fund(enrolment.scheme_id),
        amount=amount,
        kind=TransferKind.FORFEIT,
        cause=enrolment.id,
        owner_id=enrolment.citizen_id,
        scheme_id=enrolment.scheme_id,
    )
