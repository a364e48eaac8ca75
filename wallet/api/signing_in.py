"""Joining, signing in, staying signed in, and signing out."""

import base64
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import Field, RootModel, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import ANYONE, SIGNED_IN
from config.doors import Door
from config.shapes import Base64, Name, Opaque, Pin, Shape, Totp
from merchants import sign_in as shop_sign_in
from wallet import clock, sign_in, tokens
from wallet.sign_in import SignedIn
from wallet.tokens import Role

Phone = Annotated[str, StringConstraints(pattern=r"^0[0-9]{9}$")]
Username = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[^\x00-\x1f\x7f]+$")]
Password = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00]+$")]

# What a phone that names itself nothing is called in the list of phones.
UNNAMED = "phone"


class Joining(Shape):
    """A citizen who joins: what the identity provider says of them, and the PIN that they choose."""

    assertion: Opaque = Field(description="the identity provider's signed statement, a JWT")
    pin: Pin
    device_name: Name
    device_key: Base64 | None = Field(None, description="P-256 public key, SubjectPublicKeyInfo in DER, base64")


class CitizenGrant(Shape):
    """Phone and PIN. `device_id` is a phone's own, if it was signed in before."""

    grant: Literal["citizen"]
    phone: Phone
    pin: Pin
    device_id: UUID | None = None
    device_name: Name = UNNAMED
    device_key: Base64 | None = None


class TillGrant(Shape):
    """The secret that was shown once when the till was added."""

    grant: Literal["till"]
    till_id: UUID
    secret: Opaque


class OfficerGrant(Shape):
    """Password and second factor."""

    grant: Literal["officer"]
    username: Username
    password: Password
    totp: Totp


class StaffGrant(Shape):
    """Password, and for an owner a second factor."""

    grant: Literal["staff"]
    username: Username
    password: Password
    totp: Totp | None = None


Grant = Annotated[CitizenGrant | TillGrant | OfficerGrant | StaffGrant, Field(discriminator="grant")]


class SigningIn(RootModel[Grant]):
    """One of the ways to prove who one is."""


class Refreshing(Shape):
    """A refresh token. Each is good for one use; using one twice signs its family out."""

    refresh: Opaque


class TokensGiven(Shape):
    """Tokens: `access` goes with every request, `refresh` gets the next pair."""

    access: str
    refresh: str
    expires_in_seconds: int
    role: Role
    id: UUID = Field(description="the citizen's, till's, officer's or staff member's")
    device_id: UUID | None


class Joined(Shape):
    """A new wallet, its first phone, and the phone's tokens."""

    citizen_id: UUID
    device_id: UUID
    name: str
    access: str
    refresh: str
    expires_in_seconds: int


class CitizensDoor(Door):
    """Where a citizen joins."""

    open_to: ClassVar = {"POST": ANYONE}

    @extend_schema(request=Joining, responses={201: Joined})
    def post(self, request: Request) -> Response:
        """Join: one wallet for each national ID and each phone."""
        asked = self.body(Joining)
        newcomer = sign_in.join(
            assertion=asked.assertion,
            pin=asked.pin,
            device_name=asked.device_name,
            device_key=_bytes(asked.device_key),
            at=clock.now(),
            now=timezone.now(),
        )
        joined = Joined(
            citizen_id=newcomer.caller.id,
            device_id=newcomer.device_id,
            name=newcomer.name,
            access=newcomer.tokens.access,
            refresh=newcomer.tokens.refresh,
            expires_in_seconds=newcomer.tokens.expires_in_seconds,
        )
        return Response(joined, status=201)


class TokensDoor(Door):
    """Where everybody signs in and out."""

    open_to: ClassVar = {"POST": ANYONE, "DELETE": SIGNED_IN}

    @extend_schema(
        request=SigningIn,
        responses={201: TokensGiven},
        examples=[
            OpenApiExample(
                "A citizen on a new phone",
                {"grant": "citizen", "phone": "0812345678", "pin": "246813", "device_name": "โทรศัพท์ของสมชาย"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Sign in. A refusal never tells what was wrong."""
        return Response(_given(self._signed_in(self.body(SigningIn).root)), status=201)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out: no refresh token of this caller (of a citizen: on this phone) works any more."""
        tokens.revoke(subject_id=self.caller.id, device_id=self.caller.device_id, at=timezone.now())
        return Response(status=204)

    def _signed_in(self, asked: Grant) -> SignedIn:
        now = timezone.now()
        match asked:
            case CitizenGrant():
                return sign_in.citizen(
                    phone=asked.phone,
                    pin=asked.pin,
                    device_id=asked.device_id,
                    device_name=asked.device_name,
                    device_key=_bytes(asked.device_key),
                    address=self.address,
                    at=clock.now(),
                    now=now,
                )
            case TillGrant():
                return shop_sign_in.till(till_id=asked.till_id, secret=asked.secret, now=now)
            case OfficerGrant():
                return sign_in.officer(
                    username=asked.username,
                    password=asked.password,
                    totp=asked.totp,
                    address=self.address,
                    at=clock.now(),
                    now=now,
                )
            case StaffGrant():
                return shop_sign_in.staff(
                    username=asked.username,
                    password=asked.password,
                    totp=asked.totp,
                    address=self.address,
                    at=clock.now(),
                    now=now,
                )


class RefreshedTokensDoor(Door):
    """Where a refresh token is traded."""

    open_to: ClassVar = {"POST": ANYONE}

    @extend_schema(request=Refreshing, responses={201: TokensGiven})
    def post(self, request: Request) -> Response:
        """Trade a refresh token for a new pair."""
        return Response(_given(sign_in.stay(refresh=self.body(Refreshing).refresh, now=timezone.now())), status=201)


def _given(signed_in: SignedIn) -> TokensGiven:
    return TokensGiven(
        access=signed_in.tokens.access,
        refresh=signed_in.tokens.refresh,
        expires_in_seconds=signed_in.tokens.expires_in_seconds,
        role=signed_in.caller.role,
        id=signed_in.caller.id,
        device_id=signed_in.caller.device_id,
    )


def _bytes(written: str | None) -> bytes | None:
    return None if written is None else base64.b64decode(written)
