"""A receipt that nobody can forge: its facts, signed with Ed25519, for whoever holds it to show and to check.

It is a JWS in its compact form (RFC 7515, RFC 8037): one line of text that fits a QR code, and that any library of JSON
Web Tokens reads with our public key, without us and without a network. It is made when a receipt is read, never in the
transaction of a payment: the same payment and key give the same line each time.
"""

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from merchants.models import Payment
from merchants.receipts import PaymentUnknown, Receipt, named
from wallet.money import Satang
from wallet.refusals import Refusal

KIND: Final = "g-wallet-receipt"
ALGORITHM: Final = "EdDSA"

# What the check code of a receipt is made under: no other use of the same key can yield it.
_CODE_FOR: Final = b"g-wallet receipt check code, version 1\0"
_CODE_MAC_BYTES: Final = 10


class ReceiptForged(Refusal):
    """The receipt was changed after it was signed, or we never signed it."""

    code: ClassVar = "receipt_forged"
    status: ClassVar = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a receipt says to anybody: where, what and when, and nothing of who paid. Amounts are satang."""

    id: UUID
    merchant_id: UUID
    merchant_name: str
    price: Satang
    own_part: Satang
    state: Satang
    paid_at: dt.datetime
    business_date: dt.date

    def written(self) -> dict[str, Any]:
        """Return it as it is signed, by the names that the API gives these facts."""
        return {
            "id": str(self.id),
            "merchant_id": str(self.merchant_id),
            "merchant_name": self.merchant_name,
            "price_satang": self.price,
            "own_part_satang": self.own_part,
            "state_satang": self.state,
            "paid_at": self.paid_at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
            "business_date": self.business_date.isoformat(),
        }


def facts(receipt: Receipt) -> Facts:
    """Return what a receipt says to anybody."""
    payment = receipt.payment
    return Facts(
        id=payment.id,
        merchant_id=payment.merchant_id,
        merchant_name=receipt.merchant_name,
        price=payment.price,
        own_part=payment.citizen_share,
        state=payment.state_share,
        paid_at=payment.paid_at,
        business_date=payment.business_date,
    )


def sign(receipt: Receipt) -> str:
    """Return a receipt as one signed line of text: head, facts and signature, each in base64url."""
    version = max(settings.RECEIPT_KEYS)
    head = {"alg": ALGORITHM, "kid": str(version), "typ": KIND}
    signed = f"{_encoded(_json(head))}.{_encoded(_json(facts(receipt).written()))}"
    return f"{signed}.{_encoded(_private(settings.RECEIPT_KEYS[version]).sign(signed.encode()))}"


def read(signed: str, *, keys: Mapping[str, Ed25519PublicKey]) -> Facts:
    """Return what a signed receipt says, if one of these keys signed it. Needs neither settings nor a database.

    :raises ReceiptForged: a digit or anything else was changed, or none of the keys signed it.
    """
    try:
        if not _is_canonical(signed):
            raise ReceiptForged
        said = jwt.decode(signed, keys[key_of(signed)], algorithms=[ALGORITHM])
        return Facts(
            id=UUID(said["id"]),
            merchant_id=UUID(said["merchant_id"]),
            merchant_name=said["merchant_name"],
            price=said["price_satang"],
            own_part=said["own_part_satang"],
            state=said["state_satang"],
            paid_at=dt.datetime.fromisoformat(said["paid_at"]),
            business_date=dt.date.fromisoformat(said["business_date"]),
        )
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError) as error:
        raise ReceiptForged from error


def verify(*, signed: str) -> tuple[Facts, Satang]:
    """Return what a genuine receipt says, and how much of the payment was given back since, in satang.

    :raises ReceiptForged: it was changed, or we never signed it.
    """
    said = read(signed, keys=public_keys())
    try:
        return said, _found(merchant_id=said.merchant_id, payment_id=said.id).refunded
    except PaymentUnknown as error:  # signed by our key, and not in our books: somebody else has the key
        raise ReceiptForged from error


def key_of(signed: str) -> str:
    """Return the version of the key that a receipt says it is signed with.

    :raises ReceiptForged: it is no signed receipt at all.
    """
    try:
        head = jwt.get_unverified_header(signed)
    except jwt.InvalidTokenError as error:
        raise ReceiptForged from error
    if head.get("typ") != KIND:
        raise ReceiptForged
    return str(head.get("kid"))


def public_keys() -> dict[str, Ed25519PublicKey]:
    """Return every key that may have signed a receipt, by its version: those that sign, and those that are retired."""
    signing = {str(version): _private(seed).public_key() for version, seed in settings.RECEIPT_KEYS.items()}
    retired = settings.RETIRED_RECEIPT_KEYS.items()
    return signing | {str(version): Ed25519PublicKey.from_public_bytes(key) for version, key in retired}


def published(keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    """Return keys as a JSON Web Key Set (RFC 7517, RFC 8037), as any library reads them."""
    return {
        "keys": [
            {"kty": "OKP", "crv": "Ed25519", "alg": ALGORITHM, "use": "sig", "kid": version, "x": _encoded(_raw(key))}
            for version, key in sorted(keys.items())
        ]
    }


def check_code(payment: Payment) -> str:
    """Return the code that stands on a receipt: who has it may look the payment up, and nobody can guess it."""
    return _encoded(payment.merchant_id.bytes + _mac(payment.id, payment.merchant_id))


def look_up(*, payment_id: UUID, code: str) -> Receipt:
    """Return the receipt of whom the check code was given.

    :raises PaymentUnknown: there is no such payment, or the code is not its own.
    """
    try:
        given = _decoded(code)
        merchant_id = UUID(bytes=given[:16])
    except ValueError:
        raise PaymentUnknown from None
    if not hmac.compare_digest(given[16:], _mac(payment_id, merchant_id)):
        raise PaymentUnknown
    return _found(merchant_id=merchant_id, payment_id=payment_id)


def _found(*, merchant_id: UUID, payment_id: UUID) -> Receipt:
    # By the shop, whose index finds it; the table itself is kept by citizen.
    payment = Payment.objects.filter(merchant_id=merchant_id, id=payment_id).first()
    if payment is None:
        raise PaymentUnknown
    return named([payment])[0]


def _mac(payment_id: UUID, merchant_id: UUID) -> bytes:
    content = _CODE_FOR + payment_id.bytes + merchant_id.bytes
    return hmac.digest(settings.QR_KEY, content, hashlib.sha256)[:_CODE_MAC_BYTES]


@cache
def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))


def _is_canonical(signed: str) -> bool:
    """Say whether it is written in the one way in which we write it; base64 has bits at its end that mean nothing."""
    return all(_encoded(_decoded(part)) == part for part in signed.split("."))
