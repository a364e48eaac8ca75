"""The QR codes that citizens scan at a shop: a charge's on the till's screen, and the poster's on the wall.

Each is a Thai QR that any bank's scanner can read (PromptPay to the merchant's wallet), and carries the charge or the
poster and our signature in a template of our own. The signature binds them to the wallet, and a charge to its amount: a
sticker pasted over a screen, or a code put together from two others, is refused before anyone sees an amount.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from merchants import emvco
from wallet.money import LARGEST_AMOUNT, Satang, baht
from wallet.refusals import Refusal

# PromptPay in tag 29: its application identifier, and the sub-tag in which the payee is an e-wallet
# (Bank of Thailand, Thai QR Payment Standard; 01 would be a phone and 02 a citizen id).
PROMPTPAY_AID: Final = "A000000677010111"
PROMPTPAY_WALLET: Final = "03"

# Our template: who we are, the charge, and its signature. The GUID is a reverse domain under .example, which RFC 2606
# keeps from everybody, so that we claim no name that is another's.
OUR_GUID: Final = "example.g-wallet"
OUR_CHARGE: Final = "01"
OUR_SIGNATURE: Final = "02"
OUR_POSTER: Final = "03"

# RFC 2104 §5 asks for at least half of the hash: 128 bits, written as 32 characters.
_SIGNATURE_BYTES: Final = 16
# Say what is signed, so that no other use of the same key can yield this signature.
_SIGNED_AS: Final = b"g-wallet charge QR, version 1\0"
_POSTER_SIGNED_AS: Final = b"g-wallet poster QR, version 1\0"

# G-Wallet ids are 15-digit PromptPay e-wallet ids 006-99xxxxxx-xxxx, without a check digit.
WALLET_PREFIX: Final = "00699"
_WALLET_ID: Final = re.compile(r"00699[0-9]{10}")
_LARGEST_SEQUENCE: Final = 10**10 - 1

# A name that has no Latin letters still needs something in the mandatory Latin fields; the name itself is in tag 64.
_NO_LATIN_NAME: Final = "MERCHANT"
_NO_LATIN_CITY: Final = "THAILAND"

_UUID: Final = re.compile(r"[0-9A-F]{32}")
_BAHT: Final = re.compile(r"(0|[1-9][0-9]{0,7})\.([0-9]{2})")


class ForeignQR(Refusal):
    """A Thai payment QR in order, but not one of our tills': a bank's, another wallet's."""

    code = "qr_foreign"


class WrongSignature(Refusal):
    """The code says that it is ours, and we never issued it like this: swapped, edited or invented."""

    code = "qr_signature_wrong"


class AmountNeeded(Refusal):
    """A shop's poster, which names no amount: the citizen keys it in, and the till says yes."""

    code = "amount_needed"


class NotAPoster(Refusal):
    """A QR that names its amount already, where a poster's was asked for."""

    code = "qr_not_a_poster"


@dataclass(frozen=True, slots=True)
class ScannedCharge:
    """What a charge's QR code says, after its signature was found right. `amount` is satang."""

    charge_id: UUID
    amount: Satang
    merchant_wallet_id: str


@dataclass(frozen=True, slots=True)
class ScannedPoster:
    """What a poster's QR code says, after its signature was found right."""

    poster_id: UUID
    merchant_wallet_id: str


def wallet_id_for(sequence_number: int) -> str:
    """Return the 15-digit wallet id that belongs to a number drawn from a sequence, 1 to 9,999,999,999.

    :raises ValueError: outside that range.
    """
    if not 1 <= sequence_number <= _LARGEST_SEQUENCE:
        raise ValueError(f"no wallet id for {sequence_number}")
    return f"{WALLET_PREFIX}{sequence_number:010d}"


def charge_payload(
    *,
    charge_id: UUID,
    merchant_wallet_id: str,
    amount: Satang,
    merchant_name: str,
    city: str,
    category_code: str = "5812",
    key: bytes,
) -> str:
    """Return the EMVCo payload of one charge, signed with `key`; draw it with `png` or `svg`.

    :param amount: satang, more than nothing.
    :param merchant_name: as it stands on the shop, in any script; shortened to what EMVCo has room for.
    :param category_code: ISO 18245; 5812 is "eating places, restaurants".
    :raises ValueError: on a wallet id, an amount or a category code that no charge can have.
    """
    if not 0 < amount <= LARGEST_AMOUNT:
        raise ValueError(f"cannot ask for {amount} satang")
    fields = _asking(merchant_wallet_id, merchant_name, city, category_code)
    fields[emvco.POINT_OF_INITIATION] = emvco.NEW_CODE_EACH_TIME
    fields[emvco.AMOUNT] = baht(amount)
    # The random end of the charge's id: enough for a person to find the charge by, and a bank app shows it.
    fields[emvco.ADDITIONAL_DATA] = emvco.build_template({emvco.REFERENCE_LABEL: charge_id.hex[-12:].upper()})
    fields[emvco.UNRESERVED_TEMPLATE] = emvco.build_template(
        {
            emvco.GLOBALLY_UNIQUE_IDENTIFIER: OUR_GUID,
            OUR_CHARGE: charge_id.hex.upper(),
            OUR_SIGNATURE: _sign(charge_id=charge_id, amount=amount, wallet_id=merchant_wallet_id, key=key),
        }
    )
    return emvco.build(_in_order(fields))


def poster_payload(
    *,
    poster_id: UUID,
    merchant_wallet_id: str,
    merchant_name: str,
    city: str,
    thai_name: str,
    category_code: str = "5812",
    key: bytes,
) -> str:
    """Return the EMVCo payload of a shop's poster: as `charge_payload`, for many uses and without an amount.

    :param thai_name: stands beside the Latin one, for scanners that look for it.
    """
    fields = _asking(merchant_wallet_id, merchant_name, city, category_code)
    fields[emvco.LANGUAGE_TEMPLATE] = _in_thai(merchant_name=thai_name, city=city)
    fields[emvco.POINT_OF_INITIATION] = emvco.SAME_CODE_FOR_MANY
    fields[emvco.UNRESERVED_TEMPLATE] = emvco.build_template(
        {
            emvco.GLOBALLY_UNIQUE_IDENTIFIER: OUR_GUID,
            OUR_POSTER: poster_id.hex.upper(),
            OUR_SIGNATURE: _sign_poster(poster_id=poster_id, wallet_id=merchant_wallet_id, key=key),
        }
    )
    return emvco.build(_in_order(fields))


def read(*, payload: str, key: bytes) -> ScannedCharge | ScannedPoster:
    """Read what a citizen scanned, and return the charge or the poster if it is ours.

    Whether that charge is still open and asks for this amount, and whether that poster still hangs, is for them to say.

    :raises emvco.NotPaymentQR, emvco.QRTooLong, emvco.TruncatedQR, emvco.DamagedQR, emvco.RepeatedField: not readable.
    :raises emvco.OtherCountry: a payment QR of another country or currency.
    :raises ForeignQR: a Thai payment QR that is not ours.
    :raises WrongSignature: it names us, but we did not sign it.
    """
    fields = emvco.parse(payload)
    emvco.must_be_thai(fields)
    ours = emvco.parse_template(fields.get(emvco.UNRESERVED_TEMPLATE, ""))
    if ours.get(emvco.GLOBALLY_UNIQUE_IDENTIFIER) != OUR_GUID:
        raise ForeignQR
    promptpay = emvco.parse_template(fields.get(emvco.PROMPTPAY_TRANSFER, ""))
    wallet_id = promptpay.get(PROMPTPAY_WALLET, "")
    if not _WALLET_ID.fullmatch(wallet_id):
        raise WrongSignature
    return _poster(fields, ours, wallet_id, key) if OUR_POSTER in ours else _charge(fields, ours, wallet_id, key)


def read_charge_payload(*, payload: str, key: bytes) -> ScannedCharge:
    """Read what a citizen scanned, and return the charge if one of our tills issued it.

    :raises AmountNeeded: it is a poster of ours.
    :raises Refusal: as `read` says.
    """
    scanned = read(payload=payload, key=key)
    if isinstance(scanned, ScannedPoster):
        raise AmountNeeded
    return scanned


def read_poster_payload(*, payload: str, key: bytes) -> ScannedPoster:
    """Read what a citizen scanned, and return the poster if it is one of ours.

    :raises NotAPoster: it is a charge of ours, which needs no amount.
    :raises Refusal: as `read` says.
    """
    scanned = read(payload=payload, key=key)
    if isinstance(scanned, ScannedCharge):
        raise NotAPoster
    return scanned


def _asking(wallet_id: str, merchant_name: str, city: str, category_code: str) -> emvco.Fields:
    """Return what the codes of one shop have in common."""
    if not _WALLET_ID.fullmatch(wallet_id):
        raise ValueError(f"{wallet_id!r} is no G-Wallet id")
    if not re.fullmatch(r"[0-9]{4}", category_code):
        raise ValueError(f"{category_code!r} is no category code")
    fields = {
        emvco.FORMAT: emvco.FORMAT_VERSION,
        emvco.PROMPTPAY_TRANSFER: emvco.build_template(
            {emvco.GLOBALLY_UNIQUE_IDENTIFIER: PROMPTPAY_AID, PROMPTPAY_WALLET: wallet_id}
        ),
        emvco.CATEGORY_CODE: category_code,
        emvco.CURRENCY: emvco.BAHT,
        emvco.COUNTRY: emvco.THAILAND,
        emvco.MERCHANT_NAME: _latin(merchant_name, emvco.LONGEST_NAME) or _NO_LATIN_NAME,
        emvco.MERCHANT_CITY: _latin(city, emvco.LONGEST_CITY) or _NO_LATIN_CITY,
    }
    if not (merchant_name + city).isascii():
        fields[emvco.LANGUAGE_TEMPLATE] = _in_thai(merchant_name=merchant_name, city=city)
    return fields


def _in_order(fields: emvco.Fields) -> emvco.Fields:
    # EMVCo asks only that the format comes first; by number, two codes of one shop are easy to compare.
    return dict(sorted(fields.items()))


def _poster(fields: emvco.Fields, ours: emvco.Fields, wallet_id: str, key: bytes) -> ScannedPoster:
    # One of ours names either a charge and its amount or a poster and none.
    if OUR_CHARGE in ours or emvco.AMOUNT in fields or not _UUID.fullmatch(ours[OUR_POSTER]):
        raise WrongSignature
    poster_id = UUID(hex=ours[OUR_POSTER])
    _must_be_signed(ours, _sign_poster(poster_id=poster_id, wallet_id=wallet_id, key=key))
    return ScannedPoster(poster_id=poster_id, merchant_wallet_id=wallet_id)


def _charge(fields: emvco.Fields, ours: emvco.Fields, wallet_id: str, key: bytes) -> ScannedCharge:
    price = _BAHT.fullmatch(fields.get(emvco.AMOUNT, ""))
    # We write each of these in one form only, so any other form is none of ours.
    if not (price and _UUID.fullmatch(ours.get(OUR_CHARGE, ""))):
        raise WrongSignature
    charge_id, amount = UUID(hex=ours[OUR_CHARGE]), int(price[1]) * 100 + int(price[2])
    _must_be_signed(ours, _sign(charge_id=charge_id, amount=amount, wallet_id=wallet_id, key=key))
    return ScannedCharge(charge_id=charge_id, amount=amount, merchant_wallet_id=wallet_id)


def _must_be_signed(ours: emvco.Fields, signature: str) -> None:
    # As bytes: `compare_digest` refuses to compare text beyond ASCII, and this text is a stranger's.
    if not hmac.compare_digest(signature.encode(), ours.get(OUR_SIGNATURE, "").encode()):
        raise WrongSignature


def _latin(text: str, longest: int) -> str:
    printable = "".join(letter for letter in text if " " <= letter <= "~")
    return " ".join(printable.split())[:longest].rstrip()


def _in_thai(*, merchant_name: str, city: str) -> str:
    return emvco.build_template(
        {
            emvco.LANGUAGE: "TH",  # ISO 639
            emvco.NAME_IN_LANGUAGE: merchant_name.strip()[: emvco.LONGEST_NAME] or _NO_LATIN_NAME,
            emvco.CITY_IN_LANGUAGE: city.strip()[: emvco.LONGEST_CITY] or _NO_LATIN_CITY,
        }
    )


def _sign(*, charge_id: UUID, amount: Satang, wallet_id: str, key: bytes) -> str:
    # Every part has a fixed width, so no two charges can be spelled with the same bytes.
    signed = _SIGNED_AS + charge_id.bytes + amount.to_bytes(8, "big") + wallet_id.encode()
    return _mac(key, signed)


def _sign_poster(*, poster_id: UUID, wallet_id: str, key: bytes) -> str:
    return _mac(key, _POSTER_SIGNED_AS + poster_id.bytes + wallet_id.encode())


def _mac(key: bytes, signed: bytes) -> str:
    return hmac.digest(key, signed, hashlib.sha256)[:_SIGNATURE_BYTES].hex().upper()
