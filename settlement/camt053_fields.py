"""What stands in an element of a bank statement: text, an amount, its direction, a day. Or a refusal: where."""

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from lxml import etree

from wallet.money import Satang
from wallet.refusals import Refusal

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
IN: Final = {None: NAMESPACE}
CURRENCY: Final = "THB"

_BANGKOK: Final = ZoneInfo("Asia/Bangkok")
_AMOUNT: Final = re.compile(r"[0-9]{1,13}(\.[0-9]{1,5})?")


class StatementMalformed(Refusal):
    """The file is not a camt.053.001.08 statement that we can read; `element` says where it went wrong."""

    code = "statement_malformed"
    status = 400


class StatementWrongCurrency(Refusal):
    """The statement, or an amount in it, is not in baht."""

    code = "statement_wrong_currency"


class Direction(StrEnum):
    """Which way the money went, seen from our account: the codes of ISO 20022."""

    CREDIT = "CRDT"
    DEBIT = "DBIT"

    def signed(self, amount: Satang) -> Satang:
        """Return what this amount does to our balance."""
        return amount if self is Direction.CREDIT else -amount


def text(parent: etree._Element, path: str) -> str:
    """Return what stands at a path, without the blanks around it.

    :raises StatementMalformed: nothing does.
    """
    found = optional(parent, path)
    if found is None:
        raise malformed(parent, path)
    return found


def optional(parent: etree._Element, path: str) -> str | None:
    """Return what stands at a path, or None if nothing does."""
    return (parent.findtext(path, namespaces=IN) or "").strip() or None


def amount(parent: etree._Element) -> Satang:
    """Return the `Amt` in an element as satang.

    :raises StatementMalformed: there is none, or it has parts of a satang.
    :raises StatementWrongCurrency: it is not in baht.
    """
    element = parent.find("Amt", IN)
    if element is None:
        raise malformed(parent, "Amt")
    currency, digits = element.get("Ccy"), (element.text or "").strip()
    if currency != CURRENCY:
        raise StatementWrongCurrency(currency=currency)
    satang = Decimal(digits) * 100 if _AMOUNT.fullmatch(digits) else Decimal("NaN")
    if satang != satang.to_integral_value():  # also true of what is no number
        raise malformed(parent, "Amt")
    return int(satang)


def direction(parent: etree._Element) -> Direction:
    """Return which way the amount in an element went.

    :raises StatementMalformed: it does not say.
    """
    try:
        return Direction(text(parent, "CdtDbtInd"))
    except ValueError:
        raise malformed(parent, "CdtDbtInd") from None


def day(parent: etree._Element, path: str) -> date:
    """Return the day in Bangkok that stands at a path, as a date or as an instant.

    :raises StatementMalformed: there is neither.
    """
    written = optional(parent, f"{path}/Dt")
    try:
        if written is not None:
            return date.fromisoformat(written[:10])  # a date may carry an offset, which says nothing about the day
        at = datetime.fromisoformat(text(parent, f"{path}/DtTm"))
    except ValueError:
        raise malformed(parent, path) from None
    return (at.astimezone(_BANGKOK) if at.tzinfo else at).date()  # without an offset it is the bank's own, Bangkok's


def malformed(element: etree._Element, path: str = "") -> StatementMalformed:
    """Return the refusal that says which element, on which line, cannot be read."""
    name = etree.QName(element).localname
    return StatementMalformed(element=f"{name}/{path}".rstrip("/"), line=element.sourceline)
