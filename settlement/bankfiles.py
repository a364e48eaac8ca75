"""Bank files: an approved batch, written for the bank as pain.001, in as many files as it needs.

Each file is written once, in a transaction of its own, and continues where the last one ended: a crash costs one file,
and running again never pays twice. What a file says depends on the approved batch alone.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from io import BytesIO
from typing import ClassVar, Final
from uuid import UUID

from django.db import connection, transaction

from settlement import pain001
from settlement.models import BankFile, BankFileDownload, Batch, Decision, Verdict
from settlement.pain001 import PROFILES, CreditTransfer
from wallet import audit, officers, privacy
from wallet.accounts import NIL
from wallet.clock import today
from wallet.ids import uuid7
from wallet.refusals import InvariantBroken, Refusal

# A file is kept whole, sealed, in one row. 5,000 transfers are about 1.6 MB and need about 30 MB while they are
# written, however many merchants there are.
MOST_IN_A_FILE: Final = 5_000

PROFILE: Final = PROFILES["loopback"]

NEXT: Final = """
    SELECT payout.id, payout.merchant_id, payout.amount, payout.bank_code, payout.bank_account_sealed, merchant.name
      FROM settlement_payout payout JOIN merchants_merchant merchant ON merchant.id = payout.merchant_id
     WHERE payout.batch_id = %s AND payout.merchant_id > %s ORDER BY payout.merchant_id LIMIT %s
"""

UNWRITTEN: Final = """
    SELECT decision.batch_id FROM settlement_decision decision
      JOIN settlement_batch batch ON batch.id = decision.batch_id AND batch.answered_at IS NULL
     WHERE decision.verdict = 'approved' AND batch.payouts > (
            SELECT coalesce(sum(file.payouts), 0) FROM settlement_bankfile file WHERE file.batch_id = batch.id)
     ORDER BY decision.at
"""


class BankFileUnknown(Refusal):
    """There is no such bank file."""

    code: ClassVar = "bank_file_unknown"
    status: ClassVar = 404


class AllWritten(Refusal):
    """Every payout of the batch is in a file."""

    code: ClassVar = "all_written"


class NotApproved(Refusal):
    """The batch is not approved; nothing of it goes to the bank."""

    code: ClassVar = "not_approved"


def unwritten() -> list[Batch]:
    """Return the approved batches of which payouts are in no file yet, oldest approval first."""
    with connection.cursor() as cursor:
        cursor.execute(UNWRITTEN)
        ids = [batch_id for (batch_id,) in cursor.fetchall()]
    found = Batch.objects.in_bulk(ids)
    return [found[batch_id] for batch_id in ids]


def write_all(*, batch: Batch, at: dt.datetime) -> list[BankFile]:
    """Write all files that an approved batch still lacks, one after the other, and return them.

    :raises NotApproved: the batch waits for officers, or was rejected.
    """
    files: list[BankFile] = []
    while True:
        try:
            files.append(write_next(batch=batch, at=at))
        except AllWritten:
            return files


def write_next(*, batch: Batch, at: dt.datetime) -> BankFile:
    """Write the next file of an approved batch.

    :raises NotApproved: the batch waits for officers, or was rejected.
    :raises AllWritten: there is nothing left to write.
    """
    with transaction.atomic(durable=True):
        # Two processes at once: the second waits here, and then continues after the first one's file.
        Batch.objects.select_for_update(no_key=True).get(id=batch.id)
        decision = Decision.objects.filter(batch=batch, verdict=Verdict.APPROVED).first()
        if decision is None:
            raise NotApproved
        last = BankFile.objects.filter(batch=batch).order_by("-number").defer("content_sealed").first()
        rows = _rows(batch.id, after=last.last_merchant_id if last else NIL)
        if not rows:
            raise AllWritten
        number = last.number + 1 if last else 1
        file_id, total = uuid7(), sum(amount for _, _, amount, _, _, _ in rows)
        content = BytesIO()
        pain001.write(
            file=content,
            message_id=f"{batch.id.hex[:28]}-{number}",
            created_at=decision.at,
            requested_on=today(decision.at),
            profile=PROFILE,
            transfers=_transfers(rows),
            count=len(rows),
            total=total,
        )
        return BankFile.objects.create(
            id=file_id,
            batch=batch,
            number=number,
            payouts=len(rows),
            amount=total,
            first_merchant_id=rows[0][1],
            last_merchant_id=rows[-1][1],
            digest=hashlib.sha256(content.getbuffer()).digest(),
            content_sealed=privacy.seal({"xml": content.getvalue().decode()}, subject_id=file_id),
            written_at=at,
        )


def download(*, file: BankFile, actor: audit.Actor, at: dt.datetime) -> bytes:
    """Return a file's content for an officer to hand to the bank, and keep that they took it.

    :raises NotAnOfficer:
    :raises InvariantBroken: the content is not what was written.
    """
    officer = officers.of(actor)
    xml: str = privacy.unseal(file.content_sealed, subject_id=file.id)["xml"]
    content = xml.encode()
    if hashlib.sha256(content).digest() != bytes(file.digest):
        raise InvariantBroken(f"bank file {file.id} is not what was written")
    with transaction.atomic(durable=True):
        BankFileDownload.objects.create(id=uuid7(), file=file, officer=officer, at=at)
        audit.record(actor=actor, act="bank_file.download", subject_id=file.id, at=at, digest=bytes(file.digest).hex())
    return content


def of(*, file_id: UUID) -> BankFile:
    """Return a bank file.

    :raises BankFileUnknown: there is none of this id.
    """
    found = BankFile.objects.filter(id=file_id).first()
    if found is None:
        raise BankFileUnknown
    return found


def newest(*, at_most: int, before: UUID | None = None) -> list[BankFile]:
    """Return bank files without their content, newest first; only those older than `before`."""
    files = BankFile.objects.defer("content_sealed")
    if before is not None:
        files = files.filter(id__lt=before)
    return list(files.order_by("-id")[:at_most])


def of_batch(*, batch: Batch) -> list[BankFile]:
    """Return a batch's files in order, without their content."""
    return list(BankFile.objects.filter(batch=batch).defer("content_sealed").order_by("number"))


Row = tuple[UUID, UUID, int, str, memoryview, str]


def _rows(batch_id: UUID, *, after: UUID) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [batch_id, after, MOST_IN_A_FILE])
        return list(cursor.fetchall())


def _transfers(rows: list[Row]) -> Iterator[CreditTransfer]:
    for payout_id, merchant_id, amount, bank_code, sealed, name in rows:
        yield CreditTransfer(
            end_to_end_id=payout_id.hex,
            amount=amount,
            creditor_name=name,
            creditor_account=privacy.unseal(sealed, subject_id=merchant_id)["account"],
            creditor_bank_code=bank_code,
        )
