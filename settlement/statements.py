"""The bank's statements: taken in once, line by line, as the bank tells them. What they mean comes afterwards."""

import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, ClassVar, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from settlement import camt053
from settlement.bankfiles import PROFILE
from settlement.camt053 import StatementEntry
from settlement.models import Statement
from settlement.slices import UNHURRIED
from wallet import audit, keys, officers
from wallet.ids import uuid7
from wallet.refusals import Refusal

# Lines per statement to the database: enough to make round trips cheap, little enough to stay small in memory.
AT_ONCE: Final = 2_000

KEEP: Final = """
    INSERT INTO settlement_statementline (statement_id, number, end_to_end_id, reference, amount, return_reason,
                                          remittance, counterparty, booked_on)
    SELECT %s, * FROM unnest(%s::int[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[],
                             %s::date[])
"""


class StatementKnown(Refusal):
    """This statement was taken in before."""

    code: ClassVar = "statement_known"


class StatementUnknown(Refusal):
    """There is no such statement."""

    code: ClassVar = "statement_unknown"
    status: ClassVar = 404


class StatementOfAnotherAccount(Refusal):
    """The statement is not of the account from which we pay."""

    code: ClassVar = "statement_of_another_account"
    status: ClassVar = 422


def take(*, file: BinaryIO, actor: audit.Actor, at: dt.datetime, key: str | None = None) -> Statement:
    """Take in a camt.053 statement, all of it or nothing. Reconciliation reads it afterwards.

    The same statement again under the same `key` returns what was taken in.

    :raises NotAnOfficer | KeyReused:
    :raises StatementKnown: its id was taken in before, whatever the file says this time.
    :raises StatementOfAnotherAccount:
    :raises StatementMalformed | StatementTooLarge | StatementWrongCurrency | StatementTotalsWrong: see camt053.
    """
    officer = officers.of(actor)
    hashed = _Hashed(file)
    try:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(UNHURRIED)
            told = camt053.read(file=io.BufferedReader(hashed))
            if told.header.account != PROFILE.debtor_account:
                raise StatementOfAnotherAccount
            statement_id, lines = uuid7(), 0
            content = {"statement": told.header.statement_id}
            if key and (
                was := keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=statement_id, at=at)
            ):
                return Statement.objects.get(id=was)
            if Statement.objects.filter(bank_id=told.header.statement_id).exists():
                raise StatementKnown(statement=told.header.statement_id)
            for chunk in _chunks(told.entries):
                columns = zip(*(_line(entry, lines + n) for n, entry in enumerate(chunk, start=1)), strict=True)
                cursor.execute(KEEP, [statement_id, *map(list, columns)])
                lines += len(chunk)
            audit.record(
                actor=actor, act="statement.take", subject_id=statement_id, at=at, digest=hashed.digest.hexdigest()
            )
            return Statement.objects.create(
                id=statement_id,
                bank_id=told.header.statement_id,
                digest=hashed.digest.digest(),
                account=told.header.account,
                opening_balance=told.header.opening_balance,
                closing_balance=told.header.closing_balance,
                closing_date=told.header.closing_date,
                lines=lines,
                taken_by=str(actor),
                taken_at=at,
            )
    except IntegrityError as error:  # the same file from two officers at once
        raise StatementKnown(statement=told.header.statement_id) from error


def of(*, statement_id: UUID) -> Statement:
    """Return a statement.

    :raises StatementUnknown: there is none of this id.
    """
    found = Statement.objects.filter(id=statement_id).first()
    if found is None:
        raise StatementUnknown
    return found


def recent(*, most: int = 50) -> list[Statement]:
    """Return the newest statements, `most` of them."""
    return list(Statement.objects.order_by("-id")[:most])


class _Hashed(io.RawIOBase):
    """A file that keeps the digest of what was read of it; the reader reads it to its end."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        room = memoryview(buffer)
        data = self.file.read(len(room))
        room[: len(data)] = data
        self.digest.update(data)
        return len(data)


def _chunks(entries: Iterable[StatementEntry]) -> Iterator[list[StatementEntry]]:
    entries = iter(entries)
    while chunk := list(islice(entries, AT_ONCE)):
        yield chunk


def _line(entry: StatementEntry, number: int) -> tuple[int, str, str, int, str, str, str, dt.date]:
    # What a stranger wrote is cut to what we keep; the file itself is the bank's to show in full.
    return (
        number,
        (entry.end_to_end_id or "")[:35],
        entry.entry_reference[:35],
        entry.direction.signed(entry.amount),
        (entry.return_reason or "")[:105],
        (entry.remittance or "")[:500],
        (entry.counterparty or "")[:140],
        entry.booking_date,
    )
