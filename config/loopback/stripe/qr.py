"""The QR that Stripe draws for PromptPay: a Thai QR of kind "bill payment" (EMVCo merchant-presented, tag 30)."""

import binascii
import io

import qrcode
from qrcode.image.svg import SvgPathImage

from wallet.money import Satang, baht

# The Bank of Thailand's application id for bill payment, and a biller id that no bank has given out.
_APPLICATION = "A000000677010112"
_BILLER = "000000000000000"


def payload(*, reference: str, amount: Satang) -> str:
    """Return the text of the QR; `reference` is shortened to the 20 letters and digits that a bill has room for."""
    bill = _field("00", _APPLICATION) + _field("01", _BILLER) + _field("02", _letters(reference)[-20:].upper())
    whole = (
        _field("00", "01")
        + _field("01", "12")
        + _field("30", bill)
        + _field("53", "764")
        + _field("54", baht(amount))
        + _field("58", "TH")
        + "6304"
    )
    return f"{whole}{binascii.crc_hqx(whole.encode(), 0xFFFF):04X}"


def svg(text: str) -> bytes:
    """Return the QR of a text as an SVG drawing."""
    drawn = io.BytesIO()
    qrcode.make(text, image_factory=SvgPathImage).save(drawn)
    return drawn.getvalue()


def png(text: str) -> bytes:
    """Return the QR of a text as a PNG picture."""
    drawn = io.BytesIO()
    qrcode.make(text).save(drawn, "PNG")
    return drawn.getvalue()


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _letters(text: str) -> str:
    return "".join(each for each in text if each.isalnum())
