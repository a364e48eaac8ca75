"""What the loopback bank reads and writes: a pain.001.001.09 in, a camt.053.001.08 out.

It stands on the other side of the counter from `settlement/pain001.py` and `settlement/camt053.py`, and shares none of
their code but names and directions: what both got wrong in the same way, no test would see.
"""

import io
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from lxml import etree
from lxml.builder import E

from settlement import camt053_fields, pain001
from wallet.money import Satang, baht

# ISO 20022 external code set, Bank Transaction Code: domain payments; family and sub-family.
PAID: Final = ("ICDT", "DMCT")  # issued credit transfer, domestic
RETURNED: Final = ("ICDT", "RRTN")  # reversal due to payment return
RECEIVED: Final = ("RCDT", "DMCT")  # received credit transfer, domestic

_BAHT: Final = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,2}))?")
_IN: Final = {None: pain001.NAMESPACE}


class FileWrong(Exception):  # noqa: N818  named after what happened
    """The payment file is not in order; says why in a sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement to be; `amount` is satang, negative when it leaves the account."""

    amount: Satang
    code: tuple[str, str]
    end_to_end_id: str
    name: str
    message_id: str | None = None
    return_reason: str | None = None
    remittance: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """A payment file in order: who asks, for which day, and its transfers as lines of the statement to be."""

    message_id: str
    requested_on: date
    account: str
    lines: tuple[Line, ...]


def read_payments(file: bytes) -> PaymentFile:
    """Read a pain.001 as a bank does: nothing is paid of a file in which anything is wrong.

    :raises FileWrong: and says what.
    """
    try:
        header, information, lines = _parts(file)
        total = -sum(line.amount for line in lines)
        for part in (header, information):
            if (_text(part, "NbOfTxs"), _satang(_text(part, "CtrlSum"))) != (str(len(lines)), total):
                raise FileWrong(f"there are {len(lines)} transfers of {baht(total)} baht")
        if len({line.end_to_end_id for line in lines}) != len(lines):
            raise FileWrong("an end-to-end id stands twice")
        return PaymentFile(
            message_id=_text(header, "MsgId"),
            requested_on=date.fromisoformat(_text(information, "ReqdExctnDt/Dt")),
            account=_text(information, "DbtrAcct/Id/Othr/Id"),
            lines=tuple(lines),
        )
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileWrong(f"not a pain.001.001.09: {error}") from None


def _parts(file: bytes) -> tuple[etree._Element | None, etree._Element | None, list[Line]]:
    """Return the header, the payment information and the transfers; of each transfer no more than the bank needs."""
    tags = tuple(f"{{{pain001.NAMESPACE}}}{name}" for name in ("GrpHdr", "CdtTrfTxInf", "PmtInf"))
    found: dict[str, etree._Element] = {}
    lines: list[Line] = []
    for _, element in etree.iterparse(
        io.BytesIO(file), tag=tags, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    ):
        name = etree.QName(element).localname
        if name == "CdtTrfTxInf":
            lines.append(_transfer(element, message_id=_text(found.get("GrpHdr"), "MsgId")))
            element.clear()
        elif name in found or element.getroottree().docinfo.doctype:
            raise FileWrong(f"one {name}, please, and no document type")
        else:
            found[name] = element
    return found.get("GrpHdr"), found.get("PmtInf"), lines


def _transfer(element: etree._Element, *, message_id: str) -> Line:
    instructed = element.find("Amt/InstdAmt", _IN)
    if instructed is None or instructed.get("Ccy") != pain001.CURRENCY:
        raise ValueError("an amount that is not in baht")
    amount = _satang(instructed.text or "")
    if amount < 1:
        raise ValueError("an amount below one satang")
    return Line(
        amount=-amount,
        code=PAID,
        end_to_end_id=_text(element, "PmtId/EndToEndId"),
        name=_text(element, "Cdtr/Nm"),
        message_id=message_id,
    )


def _text(element: etree._Element | None, path: str) -> str:
    text = element.findtext(path, namespaces=_IN) if element is not None else None
    if not text:
        raise ValueError(f"{path} is missing")
    return text


def _satang(text: str) -> Satang:
    match = _BAHT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text} is no amount in baht and satang")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def write_statement(
    *,
    statement_id: str,
    account: str,
    on: date,
    opening_balance: Satang,
    closing_balance: Satang,
    lines: list[Line],
) -> bytes:
    """Return the camt.053.001.08 of one account and one day; balances are satang, and the lines lead between them."""
    made_at = f"{on.isoformat()}T18:00:00+07:00"
    file = io.BytesIO()
    with etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("Document", nsmap={None: camt053_fields.NAMESPACE}), xml.element("BkToCstmrStmt"):
            xml.write(E.GrpHdr(E.MsgId(statement_id), E.CreDtTm(made_at)))
            with xml.element("Stmt"):
                xml.write(E.Id(statement_id))
                xml.write(E.CreDtTm(made_at))
                xml.write(E.Acct(E.Id(E.Othr(E.Id(account))), E.Ccy(camt053_fields.CURRENCY)))
                xml.write(_balance("OPBD", opening_balance, on))
                xml.write(_balance("CLBD", closing_balance, on))
                xml.write(E.TxsSummry(E.TtlNtries(E.NbOfNtries(str(len(lines))))))
                for place, line in enumerate(lines, start=1):
                    xml.write(_entry(line, on, reference=f"{statement_id}-{place}"))
    return file.getvalue()


def _balance(kind: str, balance: Satang, on: date) -> etree._Element:
    return E.Bal(E.Tp(E.CdOrPrtry(E.Cd(kind))), *_amount(balance), E.Dt(E.Dt(on.isoformat())))


def _amount(amount: Satang) -> tuple[etree._Element, etree._Element]:
    direction = camt053_fields.Direction.DEBIT if amount < 0 else camt053_fields.Direction.CREDIT
    return E.Amt(baht(abs(amount)), Ccy=camt053_fields.CURRENCY), E.CdtDbtInd(direction.value)


def _entry(line: Line, on: date, *, reference: str) -> etree._Element:
    family, sub_family = line.code
    references = [E.MsgId(line.message_id)] if line.message_id else []
    party = E.Dbtr if line.code == RECEIVED else E.Cdtr
    details = E.TxDtls(
        E.Refs(*references, E.EndToEndId(line.end_to_end_id)), E.RltdPties(party(E.Pty(E.Nm(line.name))))
    )
    if line.remittance:
        details.append(E.RmtInf(E.Ustrd(line.remittance)))
    if line.return_reason:
        details.append(E.RtrInf(E.Rsn(E.Cd(line.return_reason))))
    return E.Ntry(
        *_amount(line.amount),
        E.Sts(E.Cd("BOOK")),
        E.BookgDt(E.Dt(on.isoformat())),
        E.AcctSvcrRef(reference),
        E.BkTxCd(E.Domn(E.Cd("PMNT"), E.Fmly(E.Cd(family), E.SubFmlyCd(sub_family)))),
        E.NtryDtls(details),
    )
