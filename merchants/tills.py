"""Tills: any number of devices and counters, each with a secret of its own that can be taken back."""

import datetime as dt
import hashlib
import hmac
import secrets
from typing import ClassVar, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from merchants.models import Branch, Merchant, Till
from wallet import audit, tokens
from wallet.ids import uuid7
from wallet.refusals import Refusal

SHOP_OF: Final = "SELECT merchant_id FROM merchants_till WHERE id = %s AND revoked_at IS NULL"


class TillSecretWrong(Refusal):
    """The till's secret is not right, or the till was signed out."""

    code: ClassVar = "till_secret_wrong"
    status: ClassVar = 403


def add(
    *, merchant: Merchant, name: str, actor: audit.Actor, at: dt.datetime, branch: Branch | None = None
) -> tuple[Till, str]:
    """Add a till and return it with its secret, which is shown this once and kept only as a digest."""
    with transaction.atomic(durable=True):
        return begin(merchant=merchant, name=name, branch=branch, actor=actor, at=at)


def begin(
    *, merchant: Merchant, name: str, branch: Branch | None, actor: audit.Actor, at: dt.datetime
) -> tuple[Till, str]:
    """Write a till. Needs a transaction."""
    # 256 random bits need no slow hash.
    secret = secrets.token_urlsafe(32)
    till = Till.objects.create(
        id=uuid7(), merchant=merchant, branch=branch, name=name, secret_digest=_digest(secret), added_at=at
    )
    audit.record(actor=actor, act="till.add", subject_id=till.id, at=at)
    return till, secret


def by_secret(*, till_id: UUID, secret: str) -> Till:
    """Return the till that this secret belongs to.

    :raises TillSecretWrong: unknown till, wrong secret, or signed out.
    """
    till = of(till_id=till_id)
    if not hmac.compare_digest(bytes(till.secret_digest), _digest(secret)):
        raise TillSecretWrong
    return till


def of(*, till_id: UUID) -> Till:
    """Return a till that has signed in, with its merchant and branch.

    :raises TillSecretWrong: it was signed out since.
    """
    found = Till.objects.select_related("merchant", "branch").filter(id=till_id, revoked_at=None).first()
    if found is None:
        raise TillSecretWrong
    return found


def shop_of(*, till_id: UUID) -> UUID:
    """Return the id of the merchant whose till it is; each sale, capture and refund at a till asks.

    :raises TillSecretWrong: it was signed out since.
    """
    with connection.cursor() as cursor:
        cursor.execute(SHOP_OF, [till_id])
        found: tuple[UUID] | None = cursor.fetchone()
    if found is None:
        raise TillSecretWrong
    return found[0]


def of_shop(*, merchant_id: UUID) -> list[Till]:
    """Return a merchant's tills that are in use, oldest first."""
    return list(Till.objects.select_related("branch").filter(merchant_id=merchant_id, revoked_at=None).order_by("id"))


def of_place(*, merchant_id: UUID, place_id: UUID) -> list[UUID]:
    """Return the ids of the tills that stand, or stood, at a place: one till, or all tills of a branch."""
    tills = Till.objects.filter(merchant_id=merchant_id).filter(Q(id=place_id) | Q(branch_id=place_id))
    return list(tills.values_list("id", flat=True))


def one_of_shop(*, merchant_id: UUID, till_id: UUID) -> Till:
    """Return one of a merchant's tills.

    :raises TillSecretWrong: it is another's, or was signed out.
    """
    till = of(till_id=till_id)
    if till.merchant_id != merchant_id:
        raise TillSecretWrong
    return till


def revoke(*, till: Till, actor: audit.Actor, at: dt.datetime) -> None:
    """Sign a till out: what it asked for can no longer be paid, and it gets no new access token.

    :raises TillSecretWrong: it was signed out before.
    """
    with transaction.atomic(durable=True):
        if not Till.objects.filter(id=till.id, revoked_at=None).update(revoked_at=at):
            raise TillSecretWrong
        tokens.revoke(subject_id=till.id, device_id=None, at=at)
        audit.record(actor=actor, act="till.revoke", subject_id=till.id, at=at)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
