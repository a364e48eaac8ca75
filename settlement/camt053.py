"""The bank's statement of our account: ISO 20022 camt.053.001.08, BankToCustomerStatement.

The file is a stranger's. It is read as a stream of bounded size; a document type, and with it every entity, is refused
before anything is made of it; and the entries must lead from the opening to the closing balance, to the satang.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import BinaryIO, Final

from lxml import etree

from settlement import camt053_fields as fields
from settlement.camt053_fields import CURRENCY, Direction, StatementMalformed, StatementWrongCurrency
from wallet.money import Satang
from wallet.refusals import Refusal

# A line takes 700 to 1,500 bytes: room for one day's payouts to 670,000 shops, and an end to whoever sends more.
LARGEST_BYTES: Final = 1 << 30
# The head of a statement, or one entry with all that the bank put together in it.
_LARGEST_PIECE: Final = 1 << 24

_STATEMENT: Final = f"{{{fields.NAMESPACE}}}Stmt"
_ENTRY: Final = f"{{{fields.NAMESPACE}}}Ntry"
# ISO 20022 external code set, Balance Type: the booked balance at the start (or that of the day before, which is the
# same), and at the end.
_OPENING_BALANCES: Final = ("OPBD", "PRCD")
_CLOSING_BALANCE: Final = "CLBD"
_BOOKED: Final = "BOOK"
# What banks write for an end-to-end id that they were never given.
_NOT_PROVIDED: Final = "NOTPROVIDED"

_COUNT: Final = re.compile(r"[0-9]{1,15}")


class StatementTooLarge(Refusal):
    """The file is larger than any statement of ours can be."""

    code = "statement_too_large"
    status = 413


class StatementTotalsWrong(Refusal):
    """The entries do not lead from the opening to the closing balance, or are not those that the bank counted."""

    code = "statement_totals_wrong"


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
                raise fields.malformed(element)
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and parent[0] is not element:
                del parent[0]
            file.forgotten()
    except etree.XMLSyntaxError as error:
        raise StatementMalformed(element="XML", line=error.lineno) from None


def _header(statement: etree._Element) -> StatementHeader:
    currency = fields.optional(statement, "Acct/Ccy")
    if currency not in {None, CURRENCY}:
        raise StatementWrongCurrency(currency=currency)
    if statement.find("StmtPgntn", fields.IN) is not None and (
        fields.text(statement, "StmtPgntn/PgNb").lstrip("0") != "1"
        or fields.text(statement, "StmtPgntn/LastPgInd") not in {"true", "1"}
    ):
        # A page among several has no opening or closing balance of its own.
        raise fields.malformed(statement, "StmtPgntn")
    balances: dict[str | None, etree._Element] = {}
    for balance in statement.iterfind("Bal", fields.IN):
        kind = fields.optional(balance, "Tp/CdOrPrtry/Cd")
        if balances.setdefault(kind, balance) is not balance and kind in {*_OPENING_BALANCES, _CLOSING_BALANCE}:
            raise fields.malformed(balance)
    opening = next((balances[kind] for kind in _OPENING_BALANCES if kind in balances), None)
    closing = balances.get(_CLOSING_BALANCE)
    if opening is None or closing is None:
        raise fields.malformed(statement, "Bal")
    return StatementHeader(
        statement_id=fields.text(statement, "Id"),
        account=fields.optional(statement, "Acct/Id/IBAN") or fields.text(statement, "Acct/Id/Othr/Id"),
        opening_balance=fields.direction(opening).signed(fields.amount(opening)),
        closing_balance=fields.direction(closing).signed(fields.amount(closing)),
        closing_date=fields.day(closing, "Dt"),
    )


def _counted(statement: etree._Element) -> int | None:
    counted = fields.optional(statement, "TxsSummry/TtlNtries/NbOfNtries")
    if counted is None:
        return None
    if not _COUNT.fullmatch(counted):
        raise fields.malformed(statement, "TxsSummry/TtlNtries/NbOfNtries")
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
        raise fields.malformed(element)
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
    if fields.text(entry, "Sts/Cd") != _BOOKED:
        raise fields.malformed(entry, "Sts")  # what is only expected belongs into no balance
    direction, amount = fields.direction(entry), fields.amount(entry)
    details = entry.findall("NtryDtls/TxDtls", fields.IN)
    if len(details) <= 1:
        yield _line(entry, details[0] if details else entry, amount, direction, place)
        return
    left = direction.signed(amount)
    for detail in details:
        own = fields.direction(detail) if detail.find("CdtDbtInd", fields.IN) is not None else direction
        line = _line(entry, detail, fields.amount(detail), own, place)
        left -= own.signed(line.amount)
        yield line
    if left:
        raise fields.malformed(entry, "NtryDtls")


def _line(
    entry: etree._Element, detail: etree._Element, amount: Satang, direction: Direction, place: int
) -> StatementEntry:
    end_to_end_id = fields.optional(detail, "Refs/EndToEndId")
    reason = fields.optional(detail, "RtrInf/Rsn/Cd") or fields.optional(detail, "RtrInf/Rsn/Prtry")
    # A return names the parties of the payment that came back, so the other side is still who was to be paid.
    other = "Cdtr" if direction is Direction.DEBIT or reason else "Dbtr"
    remittance = " ".join(line.text or "" for line in detail.iterfind("RmtInf/Ustrd", fields.IN))
    return StatementEntry(
        entry_reference=fields.optional(entry, "AcctSvcrRef") or fields.optional(entry, "NtryRef") or str(place),
        end_to_end_id=None if end_to_end_id == _NOT_PROVIDED else end_to_end_id,
        amount=amount,
        direction=direction,
        booking_date=fields.day(entry, "BookgDt"),
        return_reason=reason,
        remittance=remittance.strip() or fields.optional(entry, "AddtlNtryInf"),
        message_id=fields.optional(detail, "Refs/MsgId"),
        counterparty=fields.optional(detail, f"RltdPties/{other}/Pty/Nm"),
    )
