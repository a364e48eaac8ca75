"""Citizens join, come back on a new phone, change their PIN, and sign a lost phone out."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.db import IntegrityError, transaction

from wallet import attempts, ledger, privacy, proofs, tokens
from wallet.identity import Identity
from wallet.ids import uuid7
from wallet.models import Citizen, Device, Person
from wallet.refusals import Refusal


class AlreadyJoined(Refusal):
    """This national ID or phone has a wallet already; sign in instead."""

    code: ClassVar = "already_joined"


class DeviceKeyUnreadable(Refusal):
    """The device's public key is not a P-256 key in DER."""

    code: ClassVar = "device_key_unreadable"
    status: ClassVar = 422


class SignInRefused(Refusal):
    """Something that was given to sign in is not right; what it is is not told."""

    code: ClassVar = "sign_in_refused"
    status: ClassVar = 403


class _NewDevice(NamedTuple):
    name: str
    key: bytes | None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a citizen (and nobody else without a reason) sees about themselves."""

    citizen_id: UUID
    name: str
    masked_name: str
    phone: str
    born_on: dt.date
    facts: dict[str, Any]


def join(*, identity: Identity, pin: str, device_name: str, device_key: bytes | None, at: dt.datetime) -> Device:
    """Open a wallet for a person whom the identity provider vouches for, and return their first device.

    :raises PinTooEasy: strangers would try this PIN first.
    :raises AlreadyJoined: the national ID or the phone has a wallet.
    :raises DeviceKeyUnreadable: `device_key` is given and is not a P-256 key.
    """
    proofs.must_be_strong(pin, birth_year=identity.born_on.year)
    _must_be_p256(device_key)
    citizen_id = uuid7()
    known = {
        "national_id": identity.national_id,
        "name": identity.name,
        "phone": identity.phone,
        "born_on": identity.born_on.isoformat(),
        "facts": identity.facts,
    }
    try:
        with transaction.atomic(durable=True):
            Citizen.objects.create(id=citizen_id, joined_at=at)
            Person.objects.create(
                citizen_id=citizen_id,
                national_id_index=privacy.index_of("national_id", identity.national_id),
                phone_index=privacy.index_of("phone", identity.phone),
                sealed=privacy.seal(known, subject_id=citizen_id),
            )
            proofs.set_pin(citizen_id=citizen_id, pin=pin, at=at)
            return _add_device(citizen_id, device_name, device_key, at)
    except IntegrityError as error:
        raise AlreadyJoined from error


def sign_in(
    *,
    phone: str,
    pin: str,
    device_id: UUID | None,
    device_name: str,
    device_key: bytes | None,
    address: str,
    at: dt.datetime,
) -> Device:
    """Return the device that the citizen is signed in on; a device not known yet, or signed out since, is added.

    Wrong tries count per citizen and device, and per network `address`, so that nobody can try one PIN on everybody.

    :raises SignInRefused: phone or PIN wrong.
    :raises PinLocked: too many wrong PINs from this device, or from unknown devices.
    :raises TooManyTries: too many wrong tries from this address.
    """
    _must_be_p256(device_key)
    source = attempts.from_address(address)
    attempts.must_be_calm(source, at=at)
    try:
        return _sign_in(phone, pin, device_id, _NewDevice(device_name, device_key), at)
    except SignInRefused:
        attempts.count(source, at=at)
        raise


def change_pin(*, citizen_id: UUID, device_id: UUID, old_pin: str, new_pin: str, at: dt.datetime) -> None:
    """Replace the PIN of a citizen who knows the old one.

    :raises PinTooEasy: strangers would try the new PIN first.
    :raises PinWrong | PinLocked | DeviceRevoked: the old PIN does not prove it is they; it was counted.
    """
    proofs.must_be_strong(new_pin, birth_year=profile(citizen_id).born_on.year)
    proof = proofs.PinProof(old_pin)
    with ledger.posting(citizens=[citizen_id]):
        seen = proofs.look(citizen_id=citizen_id, device_id=device_id)
        wrong = proofs.judge(seen, proof, terms=b"", at=at)
        proofs.count(seen, proof, wrong, at=at)
        if wrong is None:
            proofs.set_pin(citizen_id=citizen_id, pin=new_pin, at=at)
    if wrong is not None:
        raise wrong


def must_be_signed_in(*, citizen_id: UUID, device_id: UUID) -> None:
    """Return if a phone is signed in, under its citizen's lock: its access token may be good for some minutes more.

    What moves money or gives up a right without asking for the PIN asks this first.

    :raises DeviceRevoked: it is not this citizen's, or was signed out.
    """
    if not Device.objects.filter(id=device_id, citizen_id=citizen_id, revoked_at=None).exists():
        raise proofs.DeviceRevoked


def revoke_device(*, citizen_id: UUID, device_id: UUID, by_device_id: UUID, at: dt.datetime) -> None:
    """Sign a lost phone out: from now on nothing can be paid with it, and it gets no new access token.

    :param by_device_id: the phone that asks, which is signed in itself; it may be the same one.
    :raises DeviceRevoked: one of them is not this citizen's, or was signed out before.
    """
    with ledger.posting(citizens=[citizen_id]):
        must_be_signed_in(citizen_id=citizen_id, device_id=by_device_id)
        ended = Device.objects.filter(id=device_id, citizen_id=citizen_id, revoked_at=None).update(revoked_at=at)
        if not ended:
            raise proofs.DeviceRevoked
        tokens.revoke(subject_id=citizen_id, device_id=device_id, at=at)


def devices(*, citizen_id: UUID) -> list[Device]:
    """Return the phones that a citizen is signed in on, newest first."""
    return list(Device.objects.filter(citizen_id=citizen_id, revoked_at=None).order_by("-id"))


def profile(citizen_id: UUID) -> Profile:
    """Return what is known about a citizen, opened from its seal."""
    person = Person.objects.get(citizen_id=citizen_id)
    known = privacy.unseal(person.sealed, subject_id=citizen_id)
    return Profile(
        citizen_id=citizen_id,
        name=known["name"],
        masked_name=privacy.masked_name(known["name"]),
        phone=known["phone"],
        born_on=dt.date.fromisoformat(known["born_on"]),
        facts=known["facts"],
    )


def _sign_in(phone: str, pin: str, device_id: UUID | None, new: _NewDevice, at: dt.datetime) -> Device:
    person = Person.objects.filter(phone_index=privacy.index_of("phone", phone)).first()
    if person is None:
        raise SignInRefused
    proof = proofs.PinProof(pin)
    with ledger.posting(citizens=[person.citizen_id]):
        # A phone that was signed out, or that somebody else of the house signed in on, is as good as one never seen.
        own = Device.objects.filter(citizen_id=person.citizen_id, revoked_at=None)
        known = own.filter(id=device_id).first() if device_id else None
        seen = proofs.look(citizen_id=person.citizen_id, device_id=known.id if known else None)
        wrong = proofs.judge(seen, proof, terms=b"", at=at)
        proofs.count(seen, proof, wrong, at=at)
        if wrong is None:
            return known or _add_device(person.citizen_id, new.name, new.key, at)
    if isinstance(wrong, proofs.PinLocked):
        raise wrong
    raise SignInRefused


def _add_device(citizen_id: UUID, name: str, key: bytes | None, at: dt.datetime) -> Device:
    return Device.objects.create(citizen_id=citizen_id, name=name[:60], public_key=key, added_at=at)


def _must_be_p256(key: bytes | None) -> None:
    if key is None:
        return
    try:
        readable = load_der_public_key(key)
    except ValueError as error:
        raise DeviceKeyUnreadable from error
    if not (isinstance(readable, ec.EllipticCurvePublicKey) and isinstance(readable.curve, ec.SECP256R1)):
        raise DeviceKeyUnreadable
