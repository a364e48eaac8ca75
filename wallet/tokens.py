"""Who is calling: short-lived signed access tokens, checked without a query; rotating refresh tokens, kept as rows.

An access token is claims signed with HMAC-SHA-256 (django.core.signing), good for fifteen minutes. A refresh token is
256 random bits of which we keep a digest; each use ends it and begins the next of its family, and using one twice ends
the family: somebody copied it.
Tokens live by real time, never by a demonstration's clock.
"""

import datetime as dt
import hashlib
import secrets
import time
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final, Literal, cast
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction

from wallet.ids import uuid7
from wallet.models import RefreshToken
from wallet.refusals import Refusal

ACCESS_LIFE: Final = dt.timedelta(minutes=15)
REFRESH_LIFE: Final = dt.timedelta(days=30)
# Whoever works at a browser is signed in there for one long working day; a citizen's phone and a till for a month.
WORKING_DAY: Final = dt.timedelta(hours=14)
AT_WORK: Final = frozenset({"staff", "officer"})

Role = Literal["citizen", "till", "staff", "officer", "integrator"]
StaffRole = Literal["owner", "manager", "cashier"]


class TokenRefused(Refusal):
    """The access or refresh token is missing, damaged, too old, used before or revoked."""

    code: ClassVar = "token_refused"
    status: ClassVar = 401


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a token speaks for. `device_id` is a citizen's; `merchant_id` a till's, a staff member's or an integrator's.

    :ivar staff_role: what a staff member was to the shop when the token was made; a token lives fifteen minutes, so
        what must hold to the minute is asked of the staff's row.
    :ivar till_id: the till in whose name an integrator sells.
    :ivar scopes: what an integrator's key was issued for.
    :ivar rehearses: the key is a test key, which gets the answers that it asks for and moves nothing.
    """

    role: Role
    id: UUID
    device_id: UUID | None = None
    merchant_id: UUID | None = None
    staff_role: StaffRole | None = None
    till_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    rehearses: bool = False

    # Django REST framework asks its `user` this.
    is_authenticated: ClassVar[bool] = True

    @property
    def roles(self) -> frozenset[Role | StaffRole]:
        """All that this caller is: the role, and for staff also what they are to their shop."""
        return frozenset({self.role} if self.staff_role is None else {self.role, self.staff_role})


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair, as handed to the caller once."""

    access: str
    refresh: str
    expires_in_seconds: int


def issue(*, caller: Caller, at: dt.datetime) -> Tokens:
    """Begin a new family of tokens for a caller who has just proven who they are."""
    return _issue(caller, family_id=uuid7(), at=at)


def rotate(*, refresh: str, at: dt.datetime) -> Tokens:
    """Trade a refresh token for a new pair.

    :raises TokenRefused: unknown, too old or revoked; or used before, which ends its whole family.
    """
    with transaction.atomic(durable=True):
        row = RefreshToken.objects.select_for_update().filter(digest=_digest(refresh)).first()
        if row is None or row.revoked_at is not None or row.expires_at <= at:
            raise TokenRefused
        if row.used_at is None:
            RefreshToken.objects.filter(id=row.id).update(used_at=at)
            return _issue(_caller(row.role, row.subject_id, row.claims), family_id=row.family_id, at=at)
        RefreshToken.objects.filter(family_id=row.family_id, revoked_at=None).update(revoked_at=at)
    raise TokenRefused


def of(*, refresh: str, at: dt.datetime) -> Caller:
    """Return whom a refresh token speaks for, without trading it: so a browser is known, at one query a page.

    :raises TokenRefused: unknown, too old, used or revoked; or of staff or an officer, and older than a working day.
    """
    row = RefreshToken.objects.filter(digest=_digest(refresh), used_at=None, revoked_at=None, expires_at__gt=at).first()
    if row is None or (row.role in AT_WORK and at - row.issued_at > WORKING_DAY):
        raise TokenRefused
    return _caller(row.role, row.subject_id, row.claims)


def revoke(*, subject_id: UUID, device_id: UUID | None, at: dt.datetime) -> None:
    """End every refresh token of a subject, or those of one device; access tokens run out within minutes."""
    live = RefreshToken.objects.filter(subject_id=subject_id, revoked_at=None)
    if device_id is not None:
        live = live.filter(claims__dev=str(device_id))
    live.update(revoked_at=at)


def access_for(caller: Caller, *, at: dt.datetime) -> str:
    """Return a signed access token, good for fifteen minutes from `at`."""
    claims: dict[str, Any] = {
        "sub": str(caller.id),
        "role": caller.role,
        "exp": int((at + ACCESS_LIFE).timestamp()),
        **_claims(caller),
    }
    return _signer().sign_object(claims)


def read(access: str) -> Caller:
    """Return whom an access token speaks for, by its signature alone.

    :raises TokenRefused: damaged, forged or too old.
    """
    claims = _signed(access)
    return _caller(claims["role"], UUID(claims["sub"]), claims)


def seconds_left(access: str) -> float:
    """Return for how long an access token is still good.

    :raises TokenRefused: damaged, forged or too old.
    """
    return float(_signed(access)["exp"] - time.time())


def _signed(access: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = _signer().unsign_object(access)
    except signing.BadSignature as error:
        raise TokenRefused from error
    if claims["exp"] <= time.time():
        raise TokenRefused
    return claims


def _signer() -> signing.Signer:
    return _signing_with(tuple(settings.TOKEN_KEYS.items()))


@cache
def _signing_with(keys: tuple[tuple[int, str | bytes], ...]) -> signing.Signer:
    newest, *older = (key for _, key in sorted(keys, reverse=True))
    return signing.Signer(
        key=newest,
        fallback_keys=older,
        salt="g-wallet access token",
        sep=".",  # RFC 6750 allows no colon in a bearer token
    )


def _issue(caller: Caller, *, family_id: UUID, at: dt.datetime) -> Tokens:
    refresh = secrets.token_urlsafe(32)
    RefreshToken.objects.create(
        id=uuid7(),
        family_id=family_id,
        digest=_digest(refresh),
        role=caller.role,
        subject_id=caller.id,
        claims=_claims(caller),
        issued_at=at,
        expires_at=at + REFRESH_LIFE,
    )
    return Tokens(access_for(caller, at=at), refresh, int(ACCESS_LIFE.total_seconds()))


def _claims(caller: Caller) -> dict[str, str]:
    found = {"dev": caller.device_id, "mer": caller.merchant_id, "job": caller.staff_role}
    return {name: str(value) for name, value in found.items() if value is not None}


def _caller(role: str, subject_id: UUID, claims: dict[str, Any]) -> Caller:
    device, merchant = claims.get("dev"), claims.get("mer")
    return Caller(
        role=cast(Role, role),  # signed by us, so one of the roles
        id=subject_id,
        device_id=UUID(device) if device else None,
        merchant_id=UUID(merchant) if merchant else None,
        staff_role=claims.get("job"),
    )


def _digest(refresh: str) -> bytes:
    return hashlib.sha256(refresh.encode()).digest()
