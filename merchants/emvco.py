"""Payment QR codes as the world writes them: EMV QRCPS, Merchant-Presented Mode, version 1.1 (EMVCo, November 2020).

A payload is a row of data objects, each a two-digit ID, a two-digit length and that many *characters*, from the Payload
Format Indicator to a CRC that is taken over the UTF-8 *bytes*. A template is an object whose value is again such a row.
What a code means to us stands in `qr.py`; here is only how it is written and read.
"""

import binascii
import re
from typing import Final, TypeAlias

from wallet.refusals import Refusal

# Data objects in the order in which they are written: two-digit ID -> value, the CRC left out.
Fields: TypeAlias = dict[str, str]

# §3 "Data Organization", table "Data Objects Under the Root of a QR Code".
FORMAT: Final = "00"
POINT_OF_INITIATION: Final = "01"
PROMPTPAY_TRANSFER: Final = "29"  # of 26-51, Merchant Account Information, the one that PromptPay uses for transfers
CATEGORY_CODE: Final = "52"
CURRENCY: Final = "53"
AMOUNT: Final = "54"
COUNTRY: Final = "58"
MERCHANT_NAME: Final = "59"
MERCHANT_CITY: Final = "60"
ADDITIONAL_DATA: Final = "62"
CRC: Final = "63"
LANGUAGE_TEMPLATE: Final = "64"
UNRESERVED_TEMPLATE: Final = "80"  # the first of 80-99, free for whoever names themselves in it

# Every template of 26-51 and 80-99 says in its first object whose it is.
GLOBALLY_UNIQUE_IDENTIFIER: Final = "00"

# Table "Data Objects for Additional Data Field Template (ID "62")".
REFERENCE_LABEL: Final = "05"

# Table "Data Objects for Merchant Information - Language Template (ID "64")".
LANGUAGE: Final = "00"
NAME_IN_LANGUAGE: Final = "01"
CITY_IN_LANGUAGE: Final = "02"

# §4 "Requirements".
FORMAT_VERSION: Final = "01"
SAME_CODE_FOR_MANY: Final = "11"
NEW_CODE_EACH_TIME: Final = "12"
LONGEST_PAYLOAD: Final = 512
LONGEST_VALUE: Final = 99
LONGEST_NAME: Final = 25
LONGEST_CITY: Final = 15

THAILAND: Final = "TH"  # ISO 3166-1
BAHT: Final = "764"  # ISO 4217

_START = FORMAT + "02" + FORMAT_VERSION
_CRC_HEADER = CRC + "04"
_CRC_LENGTH = 4
_HEADER_LENGTH = 4
_TWO_DIGITS = re.compile(r"[0-9]{2}")  # not `isdigit`, which would let Thai digits through


class NotPaymentQR(Refusal):
    """What was scanned is not a payment QR: a link, a name card, a LINE account."""

    code = "qr_not_payment"


class QRTooLong(Refusal):
    """The payload is longer than the 512 characters that EMVCo allows."""

    code = "qr_too_long"


class TruncatedQR(Refusal):
    """The payload ends in the middle of an object, or before its CRC."""

    code = "qr_truncated"


class DamagedQR(Refusal):
    """The CRC does not fit what was read, or what it fits is not a row of data objects."""

    code = "qr_damaged"


class RepeatedField(Refusal):
    """The same data object stands twice, so that two readers could take two different values."""

    code = "qr_repeated_field"


class OtherCountry(Refusal):
    """A payment QR in order, but not of Thailand and in baht."""

    code = "qr_other_country"


def build(fields: Fields) -> str:
    """Return the payload that carries `fields` (the CRC is added), of at most 512 characters.

    :raises ValueError: when we ask for what EMVCo does not allow; no person can cause it.
    """
    if next(iter(fields.items()), None) != (FORMAT, FORMAT_VERSION) or CRC in fields:
        raise ValueError("a payload begins with its format, and its CRC is not ours to give")
    body = build_template(fields) + _CRC_HEADER
    payload = body + _crc_of(body)
    if len(payload) > LONGEST_PAYLOAD:
        raise ValueError(f"{len(payload)} characters are more than the {LONGEST_PAYLOAD} of a payload")
    return payload


def build_template(fields: Fields) -> str:
    """Return `fields` written one after the other: the value of a template, without a CRC.

    :raises ValueError: when an ID is not two digits, or a value is not 1 to 99 characters that UTF-8 can carry.
    """
    for tag, value in fields.items():
        if not _TWO_DIGITS.fullmatch(tag) or not 1 <= len(value) <= LONGEST_VALUE:
            raise ValueError(f"object {tag!r} cannot carry {len(value)} characters")
        value.encode()  # UnicodeEncodeError is a ValueError
    return "".join(f"{tag}{len(value):02d}{value}" for tag, value in fields.items())


def parse(payload: str) -> Fields:
    """Read a payload that somebody scanned, and return its objects under the root without the CRC.

    Templates come back as they stand; read the ones you know with `parse_template`.

    :raises NotPaymentQR: when it does not begin like one.
    :raises QRTooLong: past 512 characters; nothing else of it is looked at.
    :raises TruncatedQR: when it stops too early.
    :raises DamagedQR: when the CRC is wrong.
    :raises RepeatedField: when an object stands twice.
    """
    if len(payload) > LONGEST_PAYLOAD:
        raise QRTooLong(length=len(payload), longest=LONGEST_PAYLOAD)
    if not payload.startswith(_START):
        raise NotPaymentQR
    body, crc = payload[:-_CRC_LENGTH], payload[-_CRC_LENGTH:]
    if not body.endswith(_CRC_HEADER):
        raise TruncatedQR
    try:
        if crc != _crc_of(body):
            raise DamagedQR
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can smuggle in and no QR code can hold
        raise DamagedQR from None
    fields = parse_template(body.removesuffix(_CRC_HEADER))
    if CRC in fields:
        raise RepeatedField(tag=CRC)
    return fields


def parse_template(value: str) -> Fields:
    """Return the objects in the value of a template.

    :raises TruncatedQR: when the last object promises more than there is.
    :raises DamagedQR: when an ID or a length is not two digits, or an object is empty.
    :raises RepeatedField: when an object stands twice.
    """
    fields: Fields = {}
    at = 0
    while at < len(value):
        start = at + _HEADER_LENGTH
        if start > len(value):
            raise TruncatedQR
        tag, length = value[at : at + 2], value[at + 2 : start]
        if not _TWO_DIGITS.fullmatch(tag) or not _TWO_DIGITS.fullmatch(length) or length == "00":
            raise DamagedQR
        if tag in fields:
            raise RepeatedField(tag=tag)
        at = start + int(length)
        if at > len(value):
            raise TruncatedQR
        fields[tag] = value[start:at]
    return fields


def must_be_thai(fields: Fields) -> None:
    """Return if the payment is asked for in Thailand and in baht.

    :raises OtherCountry: otherwise; the facts name country and currency as the code gives them.
    """
    country, currency = fields.get(COUNTRY), fields.get(CURRENCY)
    if (country, currency) != (THAILAND, BAHT):
        raise OtherCountry(country=country, currency=currency)


def _crc_of(body: str) -> str:
    # CRC-16/CCITT-FALSE (ISO/IEC 13239, polynomial 1021, start FFFF), four upper-case hexadecimal digits.
    return f"{binascii.crc_hqx(body.encode(), 0xFFFF):04X}"
