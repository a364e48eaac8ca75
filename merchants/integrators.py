"""A shop's own systems call the API with a key: issued for named uses and a time, shown once, rotated, revoked.

A key is looked up at each request, by its digest: one indexed query, and a key that was revoked opens nothing from that
instant. No citizen waits for it; who pays has a token of their own (`wallet/tokens.py`).
"""

import datetime as dt
import hashlib
import secrets
from typing import ClassVar, Final, Literal, get_args
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from merchants import tills
from merchants.models import ApiKey, Merchant
from wallet import audit
from wallet.refusals import Refusal
from wallet.tokens import Caller, TokenRefused

# What a key may be used for.
Scope = Literal["charges:write", "payments:read", "refunds:write", "webhooks:manage"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

# How keys begin: people see what they hold, and scanners for leaked secrets find them.
LIVE: Final = "gwk_"
TEST: Final = "gwt_"
PREFIX_CHARACTERS: Final = 12

LONGEST_LIFE: Final = dt.timedelta(days=366)
# How long the old key still opens after a rotation: a release of the shop's systems fits into a day.
OVERLAP: Final = dt.timedelta(hours=24)
MOST_KEYS: Final = 20
USED_EVERY: Final = dt.timedelta(hours=1)


class ApiKeyUnknown(Refusal):
    """This shop has no such key, or it was revoked or has run out."""

    code: ClassVar = "api_key_unknown"
    status: ClassVar = 404


class TooManyApiKeys(Refusal):
    """The shop has as many keys as one may have."""

    code: ClassVar = "too_many_api_keys"


class ApiKeyReplaced(Refusal):
    """The key was replaced before; the new one is the one to rotate."""

    code: ClassVar = "api_key_replaced"


def issue(
    *,
    merchant: Merchant,
    name: str,
    scopes: frozenset[Scope],
    rehearses: bool,
    life: dt.timedelta,
    actor: audit.Actor,
    at: dt.datetime,
) -> tuple[ApiKey, str]:
    """Issue a key and return it as it is written, which is never seen again. It sells in the name of a till of its own.

    :raises TooManyApiKeys: revoke one that nobody uses.
    """
    with transaction.atomic(durable=True):
        Merchant.objects.select_for_update(no_key=True).get(id=merchant.id)  # two at once count one after the other
        if living(merchant_id=merchant.id, at=at).count() >= MOST_KEYS:
            raise TooManyApiKeys(most=MOST_KEYS)
        # Nobody signs in as this till: its secret is thrown away.
        till, _ = tills.begin(merchant=merchant, name=name, branch=None, actor=actor, at=at)
        return _write(
            ApiKey(
                merchant=merchant,
                till=till,
                name=name,
                scopes=sorted(scopes),
                rehearses=rehearses,
                expires_at=at + life,
            ),
            act="api_key.issue",
            actor=actor,
            at=at,
        )


def rotate(*, merchant_id: UUID, key_id: UUID, actor: audit.Actor, at: dt.datetime) -> tuple[ApiKey, str]:
    """Issue a key in place of another, for the same uses and as long a life; the old one opens for 24 hours more.

    :raises ApiKeyUnknown | ApiKeyReplaced: there is no such key to replace.
    :raises TooManyApiKeys: keys were replaced so often in a day that twice as many open as the shop may have.
    """
    old = _of(merchant_id=merchant_id, key_id=key_id, at=at)
    new = ApiKey(
        merchant_id=merchant_id,
        till_id=old.till_id,
        name=old.name,
        scopes=old.scopes,
        rehearses=old.rehearses,
        expires_at=at + (old.expires_at - old.issued_at),
        replaces=old,
    )
    try:
        with transaction.atomic(durable=True):
            Merchant.objects.select_for_update(no_key=True).get(id=merchant_id)
            if living(merchant_id=merchant_id, at=at).count() >= 2 * MOST_KEYS:
                raise TooManyApiKeys(most=MOST_KEYS)
            ApiKey.objects.filter(id=old.id, expires_at__gt=at + OVERLAP).update(expires_at=at + OVERLAP)
            return _write(new, act="api_key.rotate", actor=actor, at=at)
    except IntegrityError as error:
        raise ApiKeyReplaced from error


def revoke(*, merchant_id: UUID, key_id: UUID, actor: audit.Actor, at: dt.datetime) -> None:
    """End a key at once.

    :raises ApiKeyUnknown: there is no such key, or it has ended.
    """
    with transaction.atomic(durable=True):
        if not living(merchant_id=merchant_id, at=at).filter(id=key_id).update(revoked_at=at):
            raise ApiKeyUnknown
        audit.record(actor=actor, act="api_key.revoke", subject_id=key_id, at=at)


def living(*, merchant_id: UUID, at: dt.datetime) -> QuerySet[ApiKey]:
    """Return a shop's keys that open something, newest first."""
    return ApiKey.objects.filter(merchant_id=merchant_id, revoked_at=None, expires_at__gt=at).order_by("-id")


def is_key(written: str) -> bool:
    """Say whether this is meant as a key, and not as an access token."""
    return written.startswith((LIVE, TEST))


def read(*, written: str, at: dt.datetime) -> Caller:
    """Return whom a key speaks for.

    :raises TokenRefused: unknown, run out or revoked.
    """
    key = ApiKey.objects.filter(digest=_digest(written), revoked_at=None, expires_at__gt=at).first()
    if key is None:
        raise TokenRefused
    if key.used_at is None or key.used_at < at - USED_EVERY:
        ApiKey.objects.filter(id=key.id).update(used_at=at)
    return Caller(
        "integrator",
        key.id,
        merchant_id=key.merchant_id,
        till_id=key.till_id,
        scopes=frozenset(key.scopes),
        rehearses=key.rehearses,
    )


def _of(*, merchant_id: UUID, key_id: UUID, at: dt.datetime) -> ApiKey:
    key = living(merchant_id=merchant_id, at=at).filter(id=key_id).first()
    if key is None:
        raise ApiKeyUnknown
    return key


def _write(key: ApiKey, *, act: str, actor: audit.Actor, at: dt.datetime) -> tuple[ApiKey, str]:
    # 256 random bits need no slow hash.
    written = (TEST if key.rehearses else LIVE) + secrets.token_urlsafe(32)
    key.prefix, key.digest = written[:PREFIX_CHARACTERS], _digest(written)
    key.issued_at, key.issued_by = at, str(actor)
    key.save(force_insert=True)
    audit.record(actor=actor, act=act, subject_id=key.id, at=at, scopes=key.scopes)
    return key, written


def _digest(written: str) -> bytes:
    return hashlib.sha256(written.encode()).digest()
