"""How a citizen proves that it is they who confirm: the PIN, or a device key that signs the terms.

A six-digit PIN cannot be saved by a slow hash (there are only a million), so it is kept as banks keep it: a keyed
MAC whose key is not in the database, and few guesses. Guesses are judged and counted under the citizen's lock, so
that many at once cannot race past the limit; once it is reached, right and wrong get the same answer.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings
from django.db.models import F

from wallet.models import Device, Pin
from wallet.refusals import Refusal

# Five guesses of a million, then a day's rest: a stranger with the phone in hand needs five centuries.
WRONG_PINS_ALLOWED: Final = 5
LOCKED_FOR: Final = dt.timedelta(hours=24)

# A right PIN forgets wrong ones, but not those of the last minute: among fifty guesses at once, the right one must
# not buy the others a new start.
FORGET_AFTER: Final = dt.timedelta(minutes=1)

PIN_DIGITS: Final = 6


class PinWrong(Refusal):
    """The PIN is not the citizen's. It was counted."""

    code: ClassVar = "pin_wrong"
    status: ClassVar = 403


class PinLocked(Refusal):
    """Too many wrong PINs; until the lock ends, right and wrong look the same."""

    code: ClassVar = "pin_locked"
    status: ClassVar = 403


class PinTooEasy(Refusal):
    """Six digits that a stranger would try first."""

    code: ClassVar = "pin_too_easy"
    status: ClassVar = 422


class DeviceRevoked(Refusal):
    """This device was signed out, or was never this citizen's."""

    code: ClassVar = "device_revoked"
    status: ClassVar = 403


class SignatureWrong(Refusal):
    """The device's signature does not stand for these terms."""

    code: ClassVar = "signature_wrong"
    status: ClassVar = 403


@dataclass(frozen=True, slots=True)
class PinProof:
    """Six digits, as the citizen keyed them."""

    pin: str


@dataclass(frozen=True, slots=True)
class SignatureProof:
    """An ECDSA P-256 signature (SHA-256, DER) by the device's key over the canonical terms."""

    signature: bytes


Proof = PinProof | SignatureProof


@dataclass(frozen=True, slots=True)
class ProofSeen:
    """What was read, under the citizen's lock, to judge a proof by. `device_id` None: a device not known yet."""

    citizen_id: UUID
    device_id: UUID | None
    revoked: bool
    public_key: bytes | None
    mac: bytes
    key_version: int
    wrong: int
    wrong_at: dt.datetime | None
    locked_until: dt.datetime | None


def mac_of(*, citizen_id: UUID, pin: str, key_version: int) -> bytes:
    """Return the keyed MAC (HMAC-SHA-256, 32 bytes) of one citizen's PIN."""
    return hmac.digest(settings.PIN_KEYS[key_version], citizen_id.bytes + pin.encode(), hashlib.sha256)


def judge(seen: ProofSeen, proof: Proof, *, terms: bytes, at: dt.datetime) -> Refusal | None:
    """Return why the proof does not hold for these terms, or None if it does. Reads nothing, writes nothing."""
    if seen.revoked:
        return DeviceRevoked()
    if isinstance(proof, SignatureProof):
        return None if _signed(seen.public_key, proof.signature, terms) else SignatureWrong()
    if seen.locked_until is not None and at < seen.locked_until:
        return _locked(seen.locked_until)
    expected = mac_of(citizen_id=seen.citizen_id, pin=proof.pin, key_version=seen.key_version)
    if hmac.compare_digest(expected, seen.mac):
        return None
    left = WRONG_PINS_ALLOWED - 1 - _wrong_before(seen, at)
    return PinWrong(tries_left=left) if left > 0 else _locked(at + LOCKED_FOR)


def count(seen: ProofSeen, proof: Proof, wrong: Refusal | None, *, at: dt.datetime) -> None:
    """Count a wrong PIN, or forget older ones after a right one. Call under the citizen's lock; then commit.

    A known device has its own count; all unknown devices of a citizen share one, so that a stranger elsewhere
    cannot lock the phone in the citizen's hand.
    """
    if not isinstance(proof, PinProof):
        return
    locked = seen.locked_until is not None and at < seen.locked_until
    if wrong is None:
        if seen.wrong and (seen.wrong_at is None or at - seen.wrong_at > FORGET_AFTER):
            _write(seen, wrong=0, wrong_at=None, locked_until=None)
    elif isinstance(wrong, PinWrong) or (isinstance(wrong, PinLocked) and not locked):
        wrong_now = _wrong_before(seen, at) + 1
        until = at + LOCKED_FOR if wrong_now >= WRONG_PINS_ALLOWED else None
        _write(seen, wrong=wrong_now, wrong_at=at, locked_until=until)


def look(*, citizen_id: UUID, device_id: UUID | None) -> ProofSeen:
    """Read what a proof is judged by, outside the pay path (which reads it in its own statement).

    A device that is not this citizen's counts as revoked. Take the citizen's lock first.
    """
    pin = Pin.objects.get(citizen_id=citizen_id)
    device = Device.objects.filter(id=device_id, citizen_id=citizen_id).first() if device_id else None
    elsewhere = device_id is None
    return ProofSeen(
        citizen_id=citizen_id,
        device_id=device_id,
        revoked=not elsewhere and (device is None or device.revoked_at is not None),
        public_key=bytes(device.public_key) if device and device.public_key else None,
        mac=bytes(pin.mac),
        key_version=pin.key_version,
        wrong=device.wrong_pins if device else pin.wrong_elsewhere,
        wrong_at=device.wrong_at if device else pin.wrong_elsewhere_at,
        locked_until=device.locked_until if device else pin.locked_elsewhere_until,
    )


def must_be_strong(pin: str, *, birth_year: int | None = None) -> None:
    """Refuse a PIN that is not six digits, or that strangers try first.

    :raises PinTooEasy: repeated or running digits, two digits by turns, or the birth year (either calendar).
    """
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)} if _six_digits(pin) else set()
    years = () if birth_year is None else (str(birth_year), str(birth_year + 543))
    easy = (
        not _six_digits(pin)
        or (len(steps) == 1 and steps <= {0, 1, 9})
        or pin[:2] * 3 == pin
        or pin[:3] * 2 == pin
        or any(year in pin for year in years)
    )
    if easy:
        raise PinTooEasy


def set_pin(*, citizen_id: UUID, pin: str, at: dt.datetime) -> None:
    """Keep a new PIN under the newest key; earlier guesses are forgotten on every device."""
    key_version = max(settings.PIN_KEYS)
    kept = {
        "key_version": key_version,
        "mac": mac_of(citizen_id=citizen_id, pin=pin, key_version=key_version),
        "set_at": at,
        "wrong_elsewhere": 0,
        "wrong_elsewhere_at": None,
        "locked_elsewhere_until": None,
    }
    if not Pin.objects.filter(citizen_id=citizen_id).update(version=F("version") + 1, **kept):
        Pin.objects.create(citizen_id=citizen_id, **kept)
    Device.objects.filter(citizen_id=citizen_id).update(wrong_pins=0, wrong_at=None, locked_until=None)


def _locked(until: dt.datetime) -> PinLocked:
    return PinLocked(until_at=until.astimezone(dt.UTC).isoformat())


def _six_digits(pin: str) -> bool:
    return len(pin) == PIN_DIGITS and pin.isascii() and pin.isdigit()


def _wrong_before(seen: ProofSeen, at: dt.datetime) -> int:
    # A lock that has run out gives its guesses back.
    return 0 if seen.locked_until is not None and at >= seen.locked_until else seen.wrong


def _signed(public_key: bytes | None, signature: bytes, terms: bytes) -> bool:
    if public_key is None:
        return False
    key = load_der_public_key(public_key)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(signature, terms, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _write(seen: ProofSeen, *, wrong: int, wrong_at: dt.datetime | None, locked_until: dt.datetime | None) -> None:
    if seen.device_id is None:
        Pin.objects.filter(citizen_id=seen.citizen_id).update(
            wrong_elsewhere=wrong, wrong_elsewhere_at=wrong_at, locked_elsewhere_until=locked_until
        )
    else:
        Device.objects.filter(id=seen.device_id).update(wrong_pins=wrong, wrong_at=wrong_at, locked_until=locked_until)
