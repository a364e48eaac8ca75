"""An approved batch becomes bank files: each payout in exactly one, whatever crashes in between."""

import hashlib
from collections.abc import Callable

import pytest
from lxml import etree

from settlement import bankfiles, batches
from settlement.bankfiles import AllWritten, NotApproved
from settlement.models import BankFile, BankFileDownload
from tests.cast import STAGE_HAND, Citizen, Stage, Stall
from tests.races.at_once import at_once
from tests.settlement.market import HALF_PAST_FIVE, TWO, end_of_day, sell
from tests.settlement.office import Office, payout_to
from wallet.models import AuditEntry
from wallet.officers import NotAnOfficer

pytestmark = pytest.mark.django_db


def transfers(xml: bytes) -> set[tuple[str | None, ...]]:
    """Return end-to-end id, amount, name and account of each transfer in a file."""
    found = etree.fromstring(xml)
    spaces = {"p": found.nsmap[None]}
    return {
        tuple(
            transfer.findtext(path, namespaces=spaces)
            for path in ("p:PmtId/p:EndToEndId", "p:Amt/p:InstdAmt", "p:Cdtr/p:Nm", "p:CdtrAcct/p:Id/p:Othr/p:Id")
        )
        for transfer in found.iterfind(".//p:CdtTrfTxInf", spaces)
    }


def test_the_file_names_who_gets_how_much_and_where(office: Office, nok: Citizen, malee: Stall, prasert: Stall) -> None:
    sell(nok, malee, 100_01)
    sell(nok, prasert, 20_00)
    end_of_day()
    batch = office.pay(at=TWO)
    (file,) = bankfiles.of_batch(batch=batch)
    assert (file.number, file.payouts, file.amount) == (1, 2, 120_01)
    content = bankfiles.download(file=file, actor=office.ploy.actor, at=TWO)
    assert transfers(content) == {
        (payout_to(malee, batch=batch).id.hex, "100.01", "ร้าน malee", "1234567890"),
        (payout_to(prasert, batch=batch).id.hex, "20.00", "ร้าน prasert", "1234567890"),
    }


def test_a_batch_that_is_not_approved_has_no_file(office: Office, nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    batch = batches.build(at=TWO)
    with pytest.raises(NotApproved):
        bankfiles.write_next(batch=batch, at=TWO)
    assert bankfiles.unwritten() == []


def test_writing_again_after_a_crash_writes_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, office: Office, nok: Citizen, malee: Stall, prasert: Stall
) -> None:
    monkeypatch.setattr(bankfiles, "MOST_IN_A_FILE", 1)
    sell(nok, malee, 100_00)
    sell(nok, prasert, 20_00)
    end_of_day()
    batch = batches.build(at=TWO)
    office.submit(batch, at=TWO)
    office.approve(batch, at=TWO)
    first = bankfiles.write_next(batch=batch, at=TWO)
    assert bankfiles.unwritten() == [batch]
    (second,) = bankfiles.write_all(batch=batch, at=HALF_PAST_FIVE)
    assert [file.number for file in bankfiles.of_batch(batch=batch)] == [1, 2]
    with pytest.raises(AllWritten):
        bankfiles.write_next(batch=batch, at=HALF_PAST_FIVE)
    assert bankfiles.unwritten() == []
    both = [bankfiles.download(file=file, actor=office.ploy.actor, at=TWO) for file in (first, second)]
    assert {amount for content in both for _, amount, _, _ in transfers(content)} == {"100.00", "20.00"}
    assert [len(transfers(content)) for content in both] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_file_depends_on_the_batch_alone(
    break_books: Callable[..., None], office: Office, nok: Citizen, malee: Stall
) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    (file,) = bankfiles.of_batch(batch=office.pay(at=TWO))
    break_books("DELETE FROM settlement_bankfile")
    (again,) = bankfiles.write_all(batch=file.batch, at=HALF_PAST_FIVE)
    assert bytes(again.digest) == bytes(file.digest)


def test_who_took_a_file_out_of_the_house_is_kept(office: Office, nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    (file,) = bankfiles.of_batch(batch=office.pay(at=TWO))
    with pytest.raises(NotAnOfficer):
        bankfiles.download(file=file, actor=STAGE_HAND, at=TWO)
    content = bankfiles.download(file=file, actor=office.anan.actor, at=HALF_PAST_FIVE)
    kept = BankFileDownload.objects.get()
    assert (kept.file_id, kept.officer_id, kept.at) == (file.id, office.anan.officer.id, HALF_PAST_FIVE)
    assert AuditEntry.objects.get(act="bank_file.download").facts == {"digest": hashlib.sha256(content).hexdigest()}


def test_account_numbers_are_sealed_where_the_file_is_kept(office: Office, nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    office.pay(at=TWO)
    assert b"1234567890" not in bytes(BankFile.objects.get().content_sealed)


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_write_each_payout_once(
    *, stage: Stage, monkeypatch: pytest.MonkeyPatch, office: Office, nok: Citizen, malee: Stall, prasert: Stall
) -> None:
    monkeypatch.setattr(bankfiles, "MOST_IN_A_FILE", 1)
    sell(nok, malee, 100_00)
    sell(nok, prasert, 20_00)
    end_of_day()
    batch = batches.build(at=TWO)
    office.submit(batch, at=TWO)
    office.approve(batch, at=TWO)
    answers = at_once([lambda: bankfiles.write_all(batch=batch, at=TWO)] * 3)
    assert sum(len(answer) for answer in answers) == 2
    assert sorted(file.amount for file in bankfiles.of_batch(batch=batch)) == [20_00, 100_00]
