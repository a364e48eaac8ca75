"""A shop joins, gets its tills, and may be suspended and restored: rows with who, when and why."""

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from merchants.models import Merchant, Suspension, Till
from wallet import audit, privacy, tokens
from wallet.ids import uuid7
from wallet.refusals import Refusal


class AlreadySuspended(Refusal):
    """The merchant is suspended already."""

    code: ClassVar = "already_suspended"


class NotSuspended(Refusal):
    """There is no suspension to lift."""

    code: ClassVar = "not_suspended"


class MerchantUnknown(Refusal):
    """There is no such shop."""

    code: ClassVar = "merchant_unknown"
    status: ClassVar = 404


class TillSecretWrong(Refusal):
    """The till's secret is not right, or the till was signed out."""

    code: ClassVar = "till_secret_wrong"
    status: ClassVar = 403


def open_shop(
    *,
    name: str,
    name_en: str,
    city: str,
    facts: dict[str, Any],
    bank_code: str,
    bank_account: str,
    actor: audit.Actor,
    at: dt.datetime,
) -> Merchant:
    """Take a shop in. `facts` are what schemes judge by (legal_form, class, province, district …)."""
    merchant_id = uuid7()
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('merchants_wallet_number')")
            (number,) = cursor.fetchone()
        merchant = Merchant.objects.create(
            id=merchant_id,
            wallet_number=number,
            name=name,
            name_en=name_en,
            city=city,
            facts=facts,
            bank_code=bank_code,
            bank_account_sealed=privacy.seal({"account": bank_account}, subject_id=merchant_id),
            joined_at=at,
        )
        audit.record(actor=actor, act="merchant.open", subject_id=merchant_id, at=at)
    return merchant


def add_till(*, merchant: Merchant, name: str, actor: audit.Actor, at: dt.datetime) -> tuple[Till, str]:
    """Add a till and return it with its secret, which is shown this once and kept only as a digest."""
    # 256 random bits need no slow hash.
    secret = secrets.token_urlsafe(32)
    with transaction.atomic(durable=True):
        till = Till.objects.create(id=uuid7(), merchant=merchant, name=name, secret_digest=_digest(secret), added_at=at)
        audit.record(actor=actor, act="till.add", subject_id=till.id, at=at)
    return till, secret


def till_of(*, till_id: UUID, secret: str) -> Till:
    """Return the till that this secret belongs to.

    :raises TillSecretWrong: unknown till, wrong secret, or signed out.
    """
    till = Till.objects.select_related("merchant").filter(id=till_id, revoked_at=None).first()
    if till is None or not hmac.compare_digest(bytes(till.secret_digest), _digest(secret)):
        raise TillSecretWrong
    return till


def till(*, till_id: UUID) -> Till:
    """Return a till that has signed in, with its merchant.

    :raises TillSecretWrong: it was signed out since.
    """
    found = Till.objects.select_related("merchant").filter(id=till_id, revoked_at=None).first()
    if found is None:
        raise TillSecretWrong
    return found


def revoke_till(*, till: Till, actor: audit.Actor, at: dt.datetime) -> None:
    """Sign a till out: what it asked for can no longer be paid, and it gets no new access token.

    :raises TillSecretWrong: it was signed out before.
    """
    with transaction.atomic(durable=True):
        if not Till.objects.filter(id=till.id, revoked_at=None).update(revoked_at=at):
            raise TillSecretWrong
        tokens.revoke(subject_id=till.id, device_id=None, at=at)
        audit.record(actor=actor, act="till.revoke", subject_id=till.id, at=at)


def merchant(*, merchant_id: UUID) -> Merchant:
    """Return a shop.

    :raises MerchantUnknown: there is none of this id.
    """
    found = Merchant.objects.filter(id=merchant_id).first()
    if found is None:
        raise MerchantUnknown
    return found


def suspend(*, merchant: Merchant, reason: str, actor: audit.Actor, at: dt.datetime) -> Suspension:
    """Stop a merchant from taking payments.

    :raises AlreadySuspended: it is stopped already.
    """
    try:
        with transaction.atomic(durable=True):
            audit.record(actor=actor, act="merchant.suspend", subject_id=merchant.id, at=at, reason=reason)
            return Suspension.objects.create(id=uuid7(), merchant=merchant, by=str(actor), reason=reason, at=at)
    except IntegrityError as error:
        raise AlreadySuspended from error


def restore(*, merchant: Merchant, actor: audit.Actor, at: dt.datetime) -> None:
    """Let a suspended merchant take payments again.

    :raises NotSuspended: it is not suspended.
    """
    with transaction.atomic(durable=True):
        open_ones = Suspension.objects.filter(merchant=merchant, lifted_at=None)
        if not open_ones.update(lifted_at=at, lifted_by=str(actor)):
            raise NotSuspended
        audit.record(actor=actor, act="merchant.restore", subject_id=merchant.id, at=at)


def bank_account(merchant: Merchant) -> str:
    """Return a merchant's bank account number, opened from its seal."""
    account: str = privacy.unseal(merchant.bank_account_sealed, subject_id=merchant.id)["account"]
    return account


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
