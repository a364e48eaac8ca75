"""Codes on a customer's phone as the world writes them: EMV QRCPS, Consumer-Presented Mode, version 1.1 (EMVCo, 2020).

A payload is Base64 over BER-TLV data objects: the Payload Format Indicator, then application templates, each of which
names its application first. What is inside our own application's template stands in `presented.py`.
"""

import base64
from typing import Final, TypeAlias

from wallet.refusals import Refusal

# Data objects in the order in which they are written: tag in hexadecimal -> value.
Objects: TypeAlias = list[tuple[str, bytes]]

# §4, table "Data Objects for Consumer-Presented Mode".
FORMAT: Final = "85"
APPLICATION: Final = "61"
COMMON: Final = "62"
TRANSPARENT: Final = "63"  # "Application Specific Transparent Template"
ADF_NAME: Final = "4F"

FORMAT_VERSION: Final = b"CPV01"
LONGEST_PAYLOAD: Final = 512

_ONE_MORE_BYTE: Final = 0x1F  # all five low bits of a tag's first byte: ISO/IEC 8825-1 §8.1.2.4
_LONG_LENGTH: Final = 0x80


class NotPresentedCode(Refusal):
    """What was scanned is not a code that a customer presents: a link, a shop's own QR."""

    code = "code_not_presented"


class TruncatedCode(Refusal):
    """Only a part of the code was read, or it is damaged."""

    code = "code_damaged"


def build(objects: Objects) -> str:
    """Return the payload that carries `objects` after the format indicator.

    :raises ValueError: when an object is longer than any of ours.
    """
    return base64.b64encode(build_template([(FORMAT, FORMAT_VERSION), *objects])).decode()


def build_template(objects: Objects) -> bytes:
    """Return objects written one after the other: the value of a template.

    :raises ValueError: when one is longer than 127 bytes, which none of ours is.
    """
    written = b""
    for tag, value in objects:
        if len(value) >= _LONG_LENGTH:
            raise ValueError(f"object {tag} of {len(value)} bytes")
        written += bytes.fromhex(tag) + bytes([len(value)]) + value
    return written


def parse(payload: str) -> Objects:
    """Read what a till scanned, and return the objects after the format indicator.

    :raises NotPresentedCode: it is something else.
    :raises TruncatedCode: it begins like one, and then cannot be read.
    """
    if len(payload) > LONGEST_PAYLOAD:
        raise NotPresentedCode
    whole = payload[: len(payload) - len(payload) % 4]
    try:
        data = base64.b64decode(whole, validate=True)
    except ValueError:  # not Base64, or letters beyond ASCII
        raise NotPresentedCode from None
    if not data.startswith(build_template([(FORMAT, FORMAT_VERSION)])):
        raise NotPresentedCode
    if whole != payload:
        raise TruncatedCode
    return parse_template(data)[1:]


def parse_template(data: bytes) -> Objects:
    """Return the objects in the value of a template.

    :raises TruncatedCode: when an object promises more than there is.
    """
    objects: Objects = []
    at = 0
    while at < len(data):
        start = at
        at += 1
        if data[start] & _ONE_MORE_BYTE == _ONE_MORE_BYTE:
            at += 1
        if at >= len(data):
            raise TruncatedCode
        tag, length = data[start:at].hex().upper(), data[at]
        at += 1
        if length == _LONG_LENGTH + 1 and at < len(data):  # the length has a byte of its own
            length, at = data[at], at + 1
        elif length >= _LONG_LENGTH:
            raise TruncatedCode
        if at + length > len(data):
            raise TruncatedCode
        objects.append((tag, data[at : at + length]))
        at += length
    return objects
