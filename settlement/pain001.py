"""The file that tells our bank what to pay: ISO 20022 pain.001.001.09, CustomerCreditTransferInitiation.

Plain values in, XML out, one transfer at a time: a file for every shop in the country needs no more memory than a file
for one. The same values always give the same bytes, so a file that was approved can be written again and compared.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import BinaryIO, Final

from lxml import etree
from lxml.builder import E

from wallet.money import Satang, baht
from wallet.refusals import InvariantBroken

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
CURRENCY: Final = "THB"

# Max35Text, Max34Text, Max140Text and Max15NumericText of the schema.
_LONGEST_ID: Final = 35
_LONGEST_ACCOUNT: Final = 34
_LONGEST_NAME: Final = 140
# BICFIDec2014Identifier.
_BIC: Final = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")


@dataclass(frozen=True, slots=True)
class BankProfile:
    """What one bank wants to see in our files.

    No Thai bank publishes its profile of pain.001, so what may differ from bank to bank is a row here, and not code.

    :param customer_id: the name under which the bank knows us as the sender of files.
    :param debtor_bank_code: our bank, named as it wants banks to be named.
    :param clearing_system: None names banks by BIC (ISO 9362). An ISO 20022 external code names them by their number
        there: THCBC is the Bank of Thailand's, 3 digits of a bank and, for those who want them, 4 of a branch
        (https://standard.etda.or.th/?p=1801).
    :param charge_bearer: DEBT: we pay the fees, and the merchant gets all of it. SHAR, SLEV and CRED exist.
    :param local_instrument: the bank's own name for the kind of transfer, where it wants one.
    :param longest_name: characters of a creditor's name that it takes; longer names are cut.
    :param most_transfers: in one file.
    """

    customer_id: str
    debtor_name: str
    debtor_account: str
    debtor_bank_code: str
    clearing_system: str | None = None
    charge_bearer: str = "DEBT"
    local_instrument: str | None = None
    longest_name: int = _LONGEST_NAME
    most_transfers: int = 1_000_000


PROFILES: Final = MappingProxyType(
    {
        "loopback": BankProfile(
            customer_id="G-WALLET", debtor_name="G-Wallet", debtor_account="0061234567", debtor_bank_code="KRTHTHBK"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class CreditTransfer:
    """One payout as the bank needs it: `amount` satang, to an account at the bank that the code names.

    :param end_to_end_id: ours; it comes back in the statement. Up to 35 characters.
    """

    end_to_end_id: str
    amount: Satang
    creditor_name: str
    creditor_account: str
    creditor_bank_code: str


def write(
    *,
    file: BinaryIO,
    message_id: str,
    created_at: datetime,
    requested_on: date,
    profile: BankProfile,
    transfers: Iterable[CreditTransfer],
    count: int,
    total: Satang,
) -> None:
    """Write the payment file for one approved batch into `file`.

    Count and total stand before the transfers and are those that were approved; the transfers are read once, and must
    add up to them. If this raises, what is in `file` is no payment file: keep it only when this returns.

    :param message_id: ours, up to 35 characters; the bank takes each only once.
    :param requested_on: the day on which the bank is to pay.
    :param total: satang.
    :raises InvariantBroken: when the transfers are not `count`, or not `total`.
    :raises ValueError: on what no file of this bank can hold: a text too long, an amount below one satang, too many.
    """
    _must_fit(message_id, _LONGEST_ID)
    if not 0 < count <= profile.most_transfers:
        raise ValueError(f"{count} transfers do not go into one file")
    written = written_total = 0
    # Only the document names the namespace: what is written inside without one stands in it.
    with etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("Document", nsmap={None: NAMESPACE}), xml.element("CstmrCdtTrfInitn"):
            xml.write(_group_header(message_id, created_at, profile, count, total))
            with xml.element("PmtInf"):
                for part in _payment_information(message_id, requested_on, profile, count, total):
                    xml.write(part)
                for transfer in transfers:
                    xml.write(_credit_transfer(transfer, profile))
                    written += 1
                    written_total += transfer.amount
    if (written, written_total) != (count, total):
        raise InvariantBroken(
            f"{message_id}: approved {count} transfers of {total} satang, got {written} of {written_total}"
        )


def _group_header(
    message_id: str, created_at: datetime, profile: BankProfile, count: int, total: Satang
) -> etree._Element:
    return E.GrpHdr(
        E.MsgId(message_id),
        E.CreDtTm(created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        E.NbOfTxs(str(count)),
        E.CtrlSum(baht(total)),
        E.InitgPty(E.Nm(profile.debtor_name), E.Id(E.OrgId(E.Othr(E.Id(profile.customer_id))))),
    )


def _payment_information(
    message_id: str, requested_on: date, profile: BankProfile, count: int, total: Satang
) -> Iterator[etree._Element]:
    """Yield what stands before the transfers: who pays, from where, when, and how the bank is to book it."""
    yield E.PmtInfId(message_id)
    yield E.PmtMtd("TRF")
    # One line in the statement for each payout: that is what each is reconciled with.
    yield E.BtchBookg("false")
    yield E.NbOfTxs(str(count))
    yield E.CtrlSum(baht(total))
    if profile.local_instrument:
        yield E.PmtTpInf(E.LclInstrm(E.Prtry(profile.local_instrument)))
    yield E.ReqdExctnDt(E.Dt(requested_on.isoformat()))
    yield E.Dbtr(E.Nm(profile.debtor_name))
    yield E.DbtrAcct(E.Id(E.Othr(E.Id(profile.debtor_account))), E.Ccy(CURRENCY))
    yield E.DbtrAgt(_institution(profile.debtor_bank_code, profile))
    yield E.ChrgBr(profile.charge_bearer)


def _credit_transfer(transfer: CreditTransfer, profile: BankProfile) -> etree._Element:
    if transfer.amount < 1:
        raise ValueError(f"cannot pay {transfer.amount} satang")
    _must_fit(transfer.end_to_end_id, _LONGEST_ID)
    _must_fit(transfer.creditor_account, _LONGEST_ACCOUNT)
    name = transfer.creditor_name.strip()[: profile.longest_name]
    _must_fit(name, _LONGEST_NAME)
    return E.CdtTrfTxInf(
        E.PmtId(E.EndToEndId(transfer.end_to_end_id)),
        E.Amt(E.InstdAmt(baht(transfer.amount), Ccy=CURRENCY)),
        E.CdtrAgt(_institution(transfer.creditor_bank_code, profile)),
        E.Cdtr(E.Nm(name)),
        E.CdtrAcct(E.Id(E.Othr(E.Id(transfer.creditor_account)))),
    )


def _institution(bank_code: str, profile: BankProfile) -> etree._Element:
    if profile.clearing_system is None:
        if not _BIC.fullmatch(bank_code):
            raise ValueError(f"{bank_code!r} is no BIC")
        return E.FinInstnId(E.BICFI(bank_code))
    _must_fit(bank_code, _LONGEST_ID)
    return E.FinInstnId(E.ClrSysMmbId(E.ClrSysId(E.Cd(profile.clearing_system)), E.MmbId(bank_code)))


def _must_fit(text: str, longest: int) -> None:
    if not 1 <= len(text) <= longest:
        raise ValueError(f"{text!r} is not 1 to {longest} characters")
