"""The bank's statement of our account: ISO 20022 camt.053.001.08, BankToCustomerStatement.

The file is a stranger's. It is read as a stream of bounded size; a document type, and with it every entity, is refused
before anything is made of it; and the entries must lead from the opening to the closing balance, to the satang.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

from lxml import etree

from wallet.money import Satang
from wallet.refusals import Refusal

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
CURRENCY: Final = "THB"

# A line takes 700 to 1,500 bytes: room for one day's payouts to 670,000 shops, and an end to whoever sends more.
LARGEST_BYTES: Final = 1 << 30
# The head of a statement, or one entry with all that the bank put together in it.
_LARGEST_PIECE: Final = 1 << 24

_BANGKOK: Final = ZoneInfo("Asia/Bangkok")
_IN: Final = {None: NAMESPACE}
_STATEMENT: Final = f"{{{NAMESPACE}}}Stmt"
_ENTRY: Final = f"{{{NAMESPACE}}}Ntry"
# ISO 20022 external code set, Balance Type: the booked balance at the start (or that of the day before, which is the
# same), and at the end.
_OPENING_BALANCES: Final = ("OPBD", "PRCD")
_CLOSING_BALANCE: Final = "CLBD"
_BOOKED: Final = "BOOK"
# What banks write for an end-to-end id that they were never given.
_NOT_PROVIDED: Final = "NOTPROVIDED"

_AMOUNT: Final = re.compile(r"[0-9]{1,13}(\.[0-9]{1,5})?")
_COUNT: Final = re.compile(r"[0-9]{1,15}")


class StatementMalformed(Refusal):
    """The file is not a camt.053.001.08 statement that we can read; `element` says where it went wrong."""

    code = "statement_malformed"
    status = 400


class StatementTooLarge(Refusal):
    """The file is larger than any statement of ours can be."""

    code = "statement_too_large"
    status = 413


class StatementWrongCurrency(Refusal):
    """The statement, or an amount in it, is not in baht."""

    code = "statement_wrong_currency"


class StatementTotalsWrong(Refusal):
    """The entries do not lead from the opening to the closing balance, or are not those that the bank counted."""

    code = "statement_totals_wrong"


class Direction(StrEnum):
    """Which way the money went, seen from our account: the codes of ISO 20022."""

    CREDIT = "CRDT"
    DEBIT = "DBIT"

    def signed(self, amount: Satang) -> Satang:
        """Return what this amount does to our balance."""
        return amount if self is Direction.CREDIT else -amount


@dataclass(frozen=True, slots=True)
class StatementHeader:
    """What stands above the entries. Balances are satang; a negative one is an overdraft."""

    statement_id: str
    account: str
    opening_balance: Satang
    closing_balance: Satang
    closing_date: date


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One booked line; of a line that the bank put together from several payments, one of these.

    A payout that comes back is two lines: its debit, and a credit with the same `end_to_end_id` and a `return_reason`.

    :param entry_reference: the bank's for this line; its place in the statement, from 1, where the bank gives none.
    :param end_to_end_id: ours, if the bank was given one.
    :param amount: satang, never negative.
    :param booking_date: in Bangkok.
    :param return_reason: ISO 20022 external code, such as AC04 (account closed), or the bank's own word.
    :param message_id: of the payment file that it came from, if the bank says.
    :param counterparty: the other side's name, if the bank says.
    """

    entry_reference: str
    end_to_end_id: str | None
    amount: Satang
    direction: Direction
    booking_date: date
    return_reason: str | None
    remittance: str | None
    message_id: str | None
    counterparty: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement being read. `entries` can be gone through once, and is checked only when it has come to its end."""

    header: StatementHeader
    entries: Iterator[StatementEntry]


def read(*, file: BinaryIO, largest_bytes: int = LARGEST_BYTES) -> Statement:
    """Read a statement as far as its first entry.

    Go through `entries` inside one database transaction: its last step is where totals are found wrong, and what was
    made of the entries before must then go too. Every refusal below can be raised here or there.

    :raises StatementMalformed: not a camt.053.001.08 with one whole statement of booked entries, or with a DOCTYPE.
    :raises StatementTooLarge: past `largest_bytes`.
    :raises StatementWrongCurrency: anything but baht.
    :raises StatementTotalsWrong: opening balance and entries do not give the closing balance, or the bank's own count.
    """
    pieces = _pieces(_Bounded(file, largest_bytes))
    # At the first entry, or at the end of a statement that has none, all of the head is there.
    first = next(pieces, None)
    if first is None:
        raise StatementMalformed(element="Stmt", line=0)
    statement = next(first.iterancestors(_STATEMENT), first)
    header = _header(statement)
    return Statement(header=header, entries=_entries(chain([first], pieces), header, _counted(statement)))


class _Bounded:
    """A file that ends in a refusal where it is too long, as a whole or for what must be in memory at once."""

    def __init__(self, file: BinaryIO, largest_bytes: int) -> None:
        self.file = file
        self.left = largest_bytes
        self.left_in_memory = _LARGEST_PIECE

    def read(self, size: int = -1, /) -> bytes:
        data = self.file.read(size)
        self.left -= len(data)
        self.left_in_memory -= len(data)
        if self.left < 0 or self.left_in_memory < 0:
            raise StatementTooLarge
        return data

    def forgotten(self) -> None:
        self.left_in_memory = _LARGEST_PIECE


def _pieces(file: _Bounded) -> Iterator[etree._Element]:
    """Yield each entry when it is complete, and at last the statement; an entry is gone when the next is asked for."""
    try:
        for _, element in etree.iterparse(
            file,
            tag=(_ENTRY, _STATEMENT),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        ):
            if element.getroottree().docinfo.doctype:
                raise _malformed(element)
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and parent[0] is not element:
                del parent[0]
            file.forgotten()
    except etree.XMLSyntaxError as error:
        raise StatementMalformed(element="XML", line=error.lineno) from None


def _header(statement: etree._Element) -> StatementHeader:
    currency = _optional(statement, "Acct/Ccy")
    if currency not in {None, CURRENCY}:
        raise StatementWrongCurrency(currency=currency)
    if statement.find("StmtPgntn", _IN) is not None and (
        _text(statement, "StmtPgntn/PgNb").lstrip("0") != "1"
        or _text(statement, "StmtPgntn/LastPgInd") not in {"true", "1"}
    ):
        raise _malformed(statement, "StmtPgntn")  # a page among several has no opening or closing balance of its own
    balances: dict[str | None, etree._Element] = {}
    for balance in statement.iterfind("Bal", _IN):
        kind = _optional(balance, "Tp/CdOrPrtry/Cd")
        if balances.setdefault(kind, balance) is not balance and kind in {*_OPENING_BALANCES, _CLOSING_BALANCE}:
            raise _malformed(balance)
    opening = next((balances[kind] for kind in _OPENING_BALANCES if kind in balances), None)
    closing = balances.get(_CLOSING_BALANCE)
    if opening is None or closing is None:
        raise _malformed(statement, "Bal")
    return StatementHeader(
        statement_id=_text(statement, "Id"),
        account=_optional(statement, "Acct/Id/IBAN") or _text(statement, "Acct/Id/Othr/Id"),
        opening_balance=_direction(opening).signed(_amount(opening)),
        closing_balance=_direction(closing).signed(_amount(closing)),
        closing_date=_date(closing, "Dt"),
    )


def _counted(statement: etree._Element) -> int | None:
    counted = _optional(statement, "TxsSummry/TtlNtries/NbOfNtries")
    if counted is None:
        return None
    if not _COUNT.fullmatch(counted):
        raise _malformed(statement, "TxsSummry/TtlNtries/NbOfNtries")
    return int(counted)


def _entries(
    pieces: Iterator[etree._Element], header: StatementHeader, counted: int | None
) -> Iterator[StatementEntry]:
    found, reached = 0, header.opening_balance
    for element in pieces:
        if element.tag == _STATEMENT:
            break
        found += 1
        for entry in _lines(element, place=found):
            reached += entry.direction.signed(entry.amount)
            yield entry
    for element in pieces:  # to the end of the file, where a second statement would hide
        raise _malformed(element)
    if reached != header.closing_balance or counted not in {None, found}:
        raise StatementTotalsWrong(
            opening_satang=header.opening_balance,
            closing_satang=header.closing_balance,
            reached_satang=reached,
            counted=counted,
            found=found,
        )


def _lines(entry: etree._Element, *, place: int) -> Iterator[StatementEntry]:
    """Yield an entry as it stands, or each payment that the bank put together in it."""
    if _text(entry, "Sts/Cd") != _BOOKED:
        raise _malformed(entry, "Sts")  # what is only expected belongs into no balance
    direction, amount = _direction(entry), _amount(entry)
    details = entry.findall("NtryDtls/TxDtls", _IN)
    if len(details) <= 1:
        yield _line(entry, details[0] if details else entry, amount, direction, place)
        return
    left = direction.signed(amount)
    for detail in details:
        own = _direction(detail) if detail.find("CdtDbtInd", _IN) is not None else direction
        line = _line(entry, detail, _amount(detail), own, place)
        left -= own.signed(line.amount)
        yield line
    if left:
        raise _malformed(entry, "NtryDtls")


def _line(
    entry: etree._Element, detail: etree._Element, amount: Satang, direction: Direction, place: int
) -> StatementEntry:
    end_to_end_id = _optional(detail, "Refs/EndToEndId")
    reason = _optional(detail, "RtrInf/Rsn/Cd") or _optional(detail, "RtrInf/Rsn/Prtry")
    # A return names the parties of the payment that came back, so the other side is still who was to be paid.
    other = "Cdtr" if direction is Direction.DEBIT or reason else "Dbtr"
    remittance = " ".join(line.text or "" for line in detail.iterfind("RmtInf/Ustrd", _IN))
    return StatementEntry(
        entry_reference=_optional(entry, "AcctSvcrRef") or _optional(entry, "NtryRef") or str(place),
        end_to_end_id=None if end_to_end_id == _NOT_PROVIDED else end_to_end_id,
        amount=amount,
        direction=direction,
        booking_date=_date(entry, "BookgDt"),
        return_reason=reason,
        remittance=remittance.strip() or _optional(entry, "AddtlNtryInf"),
        message_id=_optional(detail, "Refs/MsgId"),
        counterparty=_optional(detail, f"RltdPties/{other}/Pty/Nm"),
    )


def _amount(parent: etree._Element) -> Satang:
    """Return the `Amt` in it as satang."""
    element = parent.find("Amt", _IN)
    if element is None:
        raise _malformed(parent, "Amt")
    currency, text = element.get("Ccy"), (element.text or "").strip()
    if currency != CURRENCY:
        raise StatementWrongCurrency(currency=currency)
    satang = Decimal(text) * 100 if _AMOUNT.fullmatch(text) else Decimal("NaN")
    if satang != satang.to_integral_value():  # also true of what is no number
        raise _malformed(parent, "Amt")
    return int(satang)


def _direction(parent: etree._Element) -> Direction:
    try:
        return Direction(_text(parent, "CdtDbtInd"))
    except ValueError:
        raise _malformed(parent, "CdtDbtInd") from None


def _date(parent: etree._Element, path: str) -> date:
    day = _optional(parent, f"{path}/Dt")
    try:
        if day is not None:
            return date.fromisoformat(day[:10])  # a date may carry an offset, which says nothing about the day
        at = datetime.fromisoformat(_text(parent, f"{path}/DtTm"))
    except ValueError:
        raise _malformed(parent, path) from None
    return (at.astimezone(_BANGKOK) if at.tzinfo else at).date()  # without an offset it is the bank's own, Bangkok's


def _text(parent: etree._Element, path: str) -> str:
    text = _optional(parent, path)
    if text is None:
        raise _malformed(parent, path)
    return text


def _optional(parent: etree._Element, path: str) -> str | None:
    return (parent.findtext(path, namespaces=_IN) or "").strip() or None


def _malformed(element: etree._Element, path: str = "") -> StatementMalformed:
    name = etree.QName(element).localname
    return StatementMalformed(element=f"{name}/{path}".rstrip("/"), line=element.sourceline)
