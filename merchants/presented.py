"""A citizen shows a code, the till scans it and keys the price, and the citizen confirms on their own phone.

The code changes every half minute. It holds which phone it was made for and when, encrypted and authenticated with a
key of ours (AES-SIV, RFC 5297): who reads two of them cannot tell whether they are of the same person, and nobody can
make one. Making it writes nothing and asks nothing of the database. A code lets a till ask its citizen for money, once;
nothing is paid without the PIN.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.db import IntegrityError, transaction

from merchants import charges, emvco_cpm
from merchants.charges import Bill
from merchants.models import Charge, Till
from wallet.models import Device
from wallet.refusals import Refusal

STEP: Final = dt.timedelta(seconds=30)
# One step either way: the phone may have fetched it just before it changed, and two machines' clocks differ.
SKEW_STEPS: Final = 1
# As many codes as a phone may hold for the minutes in which it has no network.
MOST_AHEAD: Final = 10

# A name of the category that ISO/IEC 7816-5 leaves to everybody without registration, which begins with F.
OUR_APPLICATION: Final = b"\xf0G-WALLET"
_SEALED: Final = "DF01"  # a tag of the private class
_MADE_FOR: Final = b"g-wallet presented code, version 1"
_STEP_BYTES: Final = 5
_SIV_BYTES: Final = 16
_TOKEN_BYTES: Final = _STEP_BYTES + _SIV_BYTES + 16


class ForeignCode(Refusal):
    """A customer's code in order, of a card or another wallet."""

    code: ClassVar = "code_foreign"


class CodeForged(Refusal):
    """The code says that it is ours, and we never made it like this."""

    code: ClassVar = "code_signature_wrong"


class CodeExpired(Refusal):
    """The code's half minute is over, or has not begun."""

    code: ClassVar = "code_expired"


class CodeUsed(Refusal):
    """A till has asked with this code before. The phone shows the next one within half a minute."""

    code: ClassVar = "code_used"


class CodeRevoked(Refusal):
    """The phone that the code was made for was signed out."""

    code: ClassVar = "code_revoked"


@dataclass(frozen=True, slots=True)
class Code:
    """What the phone shows from one instant until another."""

    payload: str
    from_at: dt.datetime
    until_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Scanned:
    """Which phone a code was made for; the token itself is good for one charge."""

    device_id: UUID
    token: bytes


def codes(*, device_id: UUID, ahead: int, at: dt.datetime) -> list[Code]:
    """Return the code that a phone shows now, and so many (0 to 10) of those that come after it."""
    first = _step(at)
    return [
        Code(_payload(device_id, step), _begins(step), _begins(step + 1))
        for step in range(first, first + 1 + min(ahead, MOST_AHEAD))
    ]


def read(*, payload: str, at: dt.datetime) -> Scanned:
    """Read what a till scanned.

    :raises NotPresentedCode | TruncatedCode | ForeignCode | CodeForged | CodeExpired: each with what it is.
    """
    objects = emvco_cpm.parse(payload)
    ours = [value for tag, value in objects if tag == emvco_cpm.APPLICATION]
    inside = dict(emvco_cpm.parse_template(ours[0])) if ours else {}
    if inside.get(emvco_cpm.ADF_NAME) != OUR_APPLICATION:
        raise ForeignCode
    token = dict(emvco_cpm.parse_template(inside.get(emvco_cpm.TRANSPARENT, b""))).get(_SEALED, b"")
    if len(token) != _TOKEN_BYTES:
        raise CodeForged
    written, sealed = token[:_STEP_BYTES], token[_STEP_BYTES:]
    try:
        device_id = UUID(bytes=_cipher(settings.QR_KEY).decrypt(sealed, [_MADE_FOR, written]))
    except InvalidTag:
        raise CodeForged from None
    step = int.from_bytes(written, "big")
    if abs(step - _step(at)) > SKEW_STEPS:
        raise CodeExpired(expired_at=_begins(step + 1).isoformat())
    return Scanned(device_id, sealed[:_SIV_BYTES])


def ask(*, till: Till, payload: str, bill: Bill, key: str, at: dt.datetime) -> Charge:
    """Ask the citizen whose code the till scanned for money. They see it on their phone, and confirm or do not.

    :raises NotPresentedCode | TruncatedCode | ForeignCode | CodeForged | CodeExpired | CodeUsed | CodeRevoked:
    :raises ChargeTooLarge | LinesDoNotSum | MerchantSuspended | TillRevoked | KeyReused: as `charges.ask` says.
    """
    content: dict[str, Any] = {"presented": payload}
    earlier = charges.earlier(till=till, bill=bill, key=key, content=content)
    if earlier is not None:  # the answer was lost; by now the code may be too old
        return earlier
    scanned = read(payload=payload, at=at)
    device = Device.objects.filter(id=scanned.device_id, revoked_at=None).first()
    if device is None:
        raise CodeRevoked
    try:
        with transaction.atomic(durable=True):
            return charges.make(
                till=till,
                bill=bill,
                key=key,
                content=content,
                for_citizen_id=device.citizen_id,
                presented=scanned.token,
                at=at,
            )
    except IntegrityError as error:
        if "presented_code_asks_once" not in str(error):
            raise
        raise CodeUsed from error


def _payload(device_id: UUID, step: int) -> str:
    written = step.to_bytes(_STEP_BYTES, "big")
    token = written + _cipher(settings.QR_KEY).encrypt(device_id.bytes, [_MADE_FOR, written])
    inside = [
        (emvco_cpm.ADF_NAME, OUR_APPLICATION),
        (emvco_cpm.TRANSPARENT, emvco_cpm.build_template([(_SEALED, token)])),
    ]
    return emvco_cpm.build([(emvco_cpm.APPLICATION, emvco_cpm.build_template(inside))])


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> AESSIV:
    # A key of its own, so that no signature of another kind of code says anything about this one.
    return AESSIV(hmac.digest(key, _MADE_FOR, hashlib.sha512))


def _step(at: dt.datetime) -> int:
    return int(at.timestamp()) // int(STEP.total_seconds())


def _begins(step: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(step * int(STEP.total_seconds()), dt.UTC)
