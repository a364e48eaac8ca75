"""Schemes are paid for before anyone is promised a place: the Treasury's money comes in, and is set aside for one."""

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar, Final
from uuid import UUID

from django.db import connection

from subsidies.models import OPEN_TO_ALL, Scheme, SchemeVersion
from subsidies.schemes import compiled
from wallet import audit, ledger
from wallet.accounts import BANK, TREASURY, fund
from wallet.models import TransferKind
from wallet.money import Satang
from wallet.refusals import Refusal

# Whoever sets Treasury money aside does so alone. "gfun" in ASCII.
ALLOTTING: Final = 0x6766756E


class BudgetShort(Refusal):
    """Places times the largest grant is more than the scheme has been funded with."""

    code: ClassVar = "budget_short"


class SchemeNotFunded(Refusal):
    """The scheme's money is not set aside yet, so nobody can be promised a place."""

    code: ClassVar = "scheme_not_funded"


def remit(*, amount: Satang, cause: UUID, actor: audit.Actor, at: dt.datetime) -> None:
    """Book money that the Treasury sent to our bank account."""
    with ledger.posting() as business_date:
        move = ledger.Move(
            source=BANK, target=TREASURY, amount=amount, kind=TransferKind.REMITTANCE, cause=cause, owner_id=cause
        )
        ledger.post(moves=[move], business_date=business_date, at=at)
        audit.record(actor=actor, act="treasury.remit", subject_id=cause, at=at, amount_satang=amount)


def allot(*, scheme: Scheme, amount: Satang, cause: UUID, actor: audit.Actor, at: dt.datetime) -> None:
    """Set Treasury money aside for one scheme.

    :raises BudgetShort: the Treasury has not remitted that much.
    """
    with ledger.posting() as business_date:
        allot_alone()
        if (free := ledger.balance(TREASURY)) < amount:
            raise BudgetShort(needed_satang=amount, funded_satang=free)
        move = ledger.Move(
            source=TREASURY,
            target=fund(scheme.id),
            amount=amount,
            kind=TransferKind.FUNDING,
            cause=cause,
            owner_id=scheme.id,
            scheme_id=scheme.id,
        )
        ledger.post(moves=[move], business_date=business_date, at=at)
        audit.record(actor=actor, act="scheme.fund", subject_id=scheme.id, at=at, amount_satang=amount)


def must_be_funded(version: SchemeVersion) -> None:
    """Return if the scheme has money for each of its places, were each granted the most.

    :raises SchemeNotFunded: it has less, or has no quota: then no sum of money would be sure to be enough.
    """
    rules = compiled(version.id)
    if rules.places is None or funded(scheme_id=version.scheme_id) < rules.places * rules.largest_grant:
        raise SchemeNotFunded(scheme=version.scheme.code)


def places(*, version: SchemeVersion) -> dict[str, int]:
    """Return how many places each pool has: those of the quota; without one, as many as the scheme's money pays for.

    :raises SchemeNotFunded: there is not yet money for all places of the quota.
    """
    rules = compiled(version.id)
    if rules.places is None:
        return {OPEN_TO_ALL: funded(scheme_id=version.scheme_id) // max(1, rules.largest_grant)}
    must_be_funded(version)
    return {pool: rules.places_in(pool) for pool in (OPEN_TO_ALL, *(pool.code for pool in rules.pools))}


def funded(*, scheme_id: UUID) -> Satang:
    """Return what was set aside for a scheme in all, spent or not, in satang."""
    return funded_each(scheme_ids=[scheme_id])[scheme_id]


def funded_each(*, scheme_ids: Iterable[UUID]) -> dict[UUID, Satang]:
    """Return the same for several schemes, by id."""
    asked = list(scheme_ids)
    # These few transfers are the scheme's own; those into purses are their citizens'.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner_id, sum(CASE WHEN to_kind = 5 THEN amount ELSE -amount END) FROM wallet_transfer"
            " WHERE owner_id = ANY(%s::uuid[]) AND (to_kind = 5 OR from_kind = 5) GROUP BY owner_id",
            [asked],
        )
        return dict.fromkeys(asked, 0) | {scheme_id: int(amount) for scheme_id, amount in cursor.fetchall()}


def allot_alone() -> None:
    """Wait until nobody else sets Treasury money aside or gives it back, for the rest of the transaction."""
    # Two schemes that are funded at once must not both find the same free money of the Treasury's.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ALLOTTING])
