"""Coming in: whoever proves who they are leaves with tokens.

Citizens prove it by the identity provider's statement or by phone and PIN; officers and shop owners by a password and
a second factor, judged together: a refusal never tells which of them was wrong. Tokens live by real time (`now`),
whatever a demonstration's clock (`at`) says.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractBaseUser
from django_otp import match_token, user_has_device

from wallet import attempts, identity, people, tokens
from wallet.models import Officer
from wallet.people import SignInRefused
from wallet.tokens import Caller, Tokens


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came in, and the tokens that speak for them."""

    caller: Caller
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Newcomer(SignedIn):
    """A citizen who has just joined with their first phone, by the name that the identity provider gave."""

    device_id: UUID
    name: str


def join(
    *, assertion: str, pin: str, device_name: str, device_key: bytes | None, at: dt.datetime, now: dt.datetime
) -> Newcomer:
    """Open a wallet for whom the identity provider's statement speaks of, and sign their phone in.

    :raises IdentityNotProven: the statement is not the provider's, not for us, or too old.
    :raises PinTooEasy | AlreadyJoined | DeviceKeyUnreadable: as `people.join` says.
    """
    person = identity.read_assertion(assertion)
    device = people.join(identity=person, pin=pin, device_name=device_name, device_key=device_key, at=at)
    caller = Caller("citizen", device.citizen_id, device_id=device.id)
    return Newcomer(caller, tokens.issue(caller=caller, at=now), device.id, person.name)


def citizen(
    *,
    phone: str,
    pin: str,
    device_id: UUID | None,
    device_name: str,
    device_key: bytes | None,
    address: str,
    at: dt.datetime,
    now: dt.datetime,
) -> SignedIn:
    """Sign a citizen in by phone number and PIN.

    :raises SignInRefused | PinLocked | TooManyTries | DeviceKeyUnreadable: as `people.sign_in` says.
    """
    device = people.sign_in(
        phone=phone,
        pin=pin,
        device_id=device_id,
        device_name=device_name,
        device_key=device_key,
        address=address,
        at=at,
    )
    return signed_in(Caller("citizen", device.citizen_id, device_id=device.id), now=now)


def officer(*, username: str, password: str, totp: str, address: str, at: dt.datetime, now: dt.datetime) -> SignedIn:
    """Sign a finance officer in by password and second factor.

    :raises SignInRefused: one of the three is wrong, or the person is no officer.
    :raises TooManyTries: too many were wrong, for this name or from this address.
    """
    with guesses_counted(username=username, address=address, at=at):
        user = prove(username=username, password=password, totp=totp)
        found = Officer.objects.filter(user_id=user.pk).first()
        if found is None or not user_has_device(user):
            raise SignInRefused
    return signed_in(Caller("officer", found.id), now=now)


def stay(*, refresh: str, now: dt.datetime) -> SignedIn:
    """Trade a refresh token for a new pair.

    :raises TokenRefused: unknown, too old, revoked or used before, as `tokens.rotate` says.
    """
    pair = tokens.rotate(refresh=refresh, at=now)
    return SignedIn(tokens.read(pair.access), pair)


def signed_in(caller: Caller, *, now: dt.datetime) -> SignedIn:
    """Return a caller who has just proven who they are, with new tokens."""
    return SignedIn(caller, tokens.issue(caller=caller, at=now))


def prove(*, username: str, password: str, totp: str | None) -> AbstractBaseUser:
    """Return the Django user whose password this is, and whose second factor, if they have one.

    :raises SignInRefused: something is wrong; which is not told.
    """
    user = authenticate(username=username, password=password)
    if user is None:
        raise SignInRefused
    if user_has_device(user) and (totp is None or match_token(user, totp) is None):
        raise SignInRefused
    return user


@contextmanager
def guesses_counted(*, username: str, address: str, at: dt.datetime) -> Iterator[None]:
    """Count a refused sign-in within the block by name and by address, and refuse to judge one too many.

    :raises TooManyTries: before the block begins.
    """
    sources = attempts.for_name(username), attempts.from_address(address)
    attempts.must_be_calm(*sources, at=at)
    try:
        yield
    except SignInRefused:
        attempts.count(*sources, at=at)
        raise
