"""The QR code of a charge: what a till shows and a citizen's phone scans.

It is a Thai QR that any bank's scanner can read (PromptPay to the merchant's wallet), and it carries the charge and our
signature in a template of our own. The signature binds charge, amount and wallet together: a sticker pasted over the
till's screen, or a code put together from two others, is refused before anyone sees an amount.
"""

import hashlib
import hmac
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID
from xml.sax.saxutils import escape

import qrcode
from qrcode.image.pil import PilImage

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

# RFC 2104 §5 asks for at least half of the hash: 128 bits, written as 32 characters.
_SIGNATURE_BYTES: Final = 16
# Says what is signed, so that no other use of the same key can yield this signature.
_SIGNED_AS: Final = b"g-wallet charge QR, version 1\0"

# G-Wallet ids are 15-digit PromptPay e-wallet ids 006-99xxxxxx-xxxx, without a check digit.
WALLET_PREFIX: Final = "00699"
_WALLET_ID: Final = re.compile(r"00699[0-9]{10}")
_LARGEST_SEQUENCE: Final = 10**10 - 1

# A name that has no Latin letters still needs something in the mandatory Latin fields; the name itself is in tag 64.
_NO_LATIN_NAME: Final = "MERCHANT"
_NO_LATIN_CITY: Final = "THAILAND"

_UUID: Final = re.compile(r"[0-9A-F]{32}")
_BAHT: Final = re.compile(r"(0|[1-9][0-9]{0,7})\.([0-9]{2})")

# ISO/IEC 18004 §5.3.8: scanners need four empty modules around the code.
QUIET_ZONE: Final = 4
SVG_TITLE: Final = "คิวอาร์โค้ดสำหรับจ่ายเงิน (payment QR code)"


class ForeignQR(Refusal):
    """A Thai payment QR in order, but not one of our tills': a bank's, another wallet's."""

    code = "qr_foreign"


class WrongSignature(Refusal):
    """The code says that it is ours, and we never issued it like this: swapped, edited or invented."""

    code = "qr_signature_wrong"


@dataclass(frozen=True, slots=True)
class ScannedCharge:
    """What a charge's QR code says, after its signature was found right. `amount` is satang."""

    charge_id: UUID
    amount: Satang
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
    if not _WALLET_ID.fullmatch(merchant_wallet_id):
        raise ValueError(f"{merchant_wallet_id!r} is no G-Wallet id")
    if not 0 < amount <= LARGEST_AMOUNT:
        raise ValueError(f"cannot ask for {amount} satang")
    if not re.fullmatch(r"[0-9]{4}", category_code):
        raise ValueError(f"{category_code!r} is no category code")
    fields = {
        emvco.FORMAT: emvco.FORMAT_VERSION,
        emvco.POINT_OF_INITIATION: emvco.NEW_CODE_EACH_TIME,
        emvco.PROMPTPAY_TRANSFER: emvco.build_template(
            {emvco.GLOBALLY_UNIQUE_IDENTIFIER: PROMPTPAY_AID, PROMPTPAY_WALLET: merchant_wallet_id}
        ),
        emvco.CATEGORY_CODE: category_code,
        emvco.CURRENCY: emvco.BAHT,
        emvco.AMOUNT: baht(amount),
        emvco.COUNTRY: emvco.THAILAND,
        emvco.MERCHANT_NAME: _latin(merchant_name, emvco.LONGEST_NAME) or _NO_LATIN_NAME,
        emvco.MERCHANT_CITY: _latin(city, emvco.LONGEST_CITY) or _NO_LATIN_CITY,
        # The random end of the charge's id: enough for a person to find the charge by, and a bank app shows it.
        emvco.ADDITIONAL_DATA: emvco.build_template({emvco.REFERENCE_LABEL: charge_id.hex[-12:].upper()}),
    }
    if not (merchant_name + city).isascii():
        fields[emvco.LANGUAGE_TEMPLATE] = _in_thai(merchant_name=merchant_name, city=city)
    fields[emvco.UNRESERVED_TEMPLATE] = emvco.build_template(
        {
            emvco.GLOBALLY_UNIQUE_IDENTIFIER: OUR_GUID,
            OUR_CHARGE: charge_id.hex.upper(),
            OUR_SIGNATURE: _sign(charge_id=charge_id, amount=amount, wallet_id=merchant_wallet_id, key=key),
        }
    )
    return emvco.build(fields)


def read_charge_payload(*, payload: str, key: bytes) -> ScannedCharge:
    """Read what a citizen scanned, and return the charge if one of our tills issued it.

    Whether that charge is still open, and still asks for this amount, is for the charge itself to say.

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
    price = _BAHT.fullmatch(fields.get(emvco.AMOUNT, ""))
    # We write each of these in one form only, so any other form is none of ours.
    if not (price and _WALLET_ID.fullmatch(wallet_id) and _UUID.fullmatch(ours.get(OUR_CHARGE, ""))):
        raise WrongSignature
    charge_id, amount = UUID(hex=ours[OUR_CHARGE]), int(price[1]) * 100 + int(price[2])
    signature = _sign(charge_id=charge_id, amount=amount, wallet_id=wallet_id, key=key)
    # As bytes: `compare_digest` refuses to compare text beyond ASCII, and this text is a stranger's.
    if not hmac.compare_digest(signature.encode(), ours.get(OUR_SIGNATURE, "").encode()):
        raise WrongSignature
    return ScannedCharge(charge_id=charge_id, amount=amount, merchant_wallet_id=wallet_id)


def png(*, payload: str, scale: int) -> bytes:
    """Return the payload as a black and white PNG, `scale` pixels to a module, with its quiet zone."""
    image = _code(payload, scale=scale).make_image()
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def svg(*, payload: str, title: str = SVG_TITLE) -> str:
    """Return the payload as an SVG element to put into a page; a screen reader says `title`.

    It has no size of its own: one module is one unit of the view box, and the page decides.
    """
    matrix = _code(payload, scale=1).get_matrix()
    size = len(matrix)
    path = "".join(_bars(matrix))
    # The white ground is part of the code: on a dark page the modules alone could not be scanned.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f"<title>{escape(title)}</title>"
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path fill="#000" d="{path}"/></svg>'
    )


def _bars(matrix: list[list[bool]]) -> Iterator[str]:
    # One bar for each row of dark neighbours: far shorter than one square for each module.
    for y, row in enumerate(matrix):
        x = 0
        for dark, neighbours in groupby(row):
            width = len(list(neighbours))
            if dark:
                yield f"M{x} {y}h{width}v1h-{width}z"
            x += width


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
    return hmac.digest(key, signed, hashlib.sha256)[:_SIGNATURE_BYTES].hex().upper()


def _code(payload: str, *, scale: int) -> qrcode.QRCode[PilImage]:
    # M mends 15 % of the code: a scratched screen, a fold in the paper, without making the modules much smaller.
    code = qrcode.QRCode(
        error_correction=qrcode.ERROR_CORRECT_M, box_size=scale, border=QUIET_ZONE, image_factory=PilImage
    )
    code.add_data(payload)
    return code
