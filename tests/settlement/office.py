"""The finance office: Ploy and Anan with their second factors, and the bank across the street."""

import datetime as dt
import io
import time
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth import get_user_model
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from settlement import bankfiles, batches, camt053_fields, payouts, reconciliation, statements
from settlement.models import Batch, Payout, Statement
from tests.cast import Stall
from wallet.audit import Actor
from wallet.ids import uuid7
from wallet.models import Officer
from wallet.money import baht


@dataclass
class FinanceOfficer:
    """A finance officer with a TOTP device."""

    name: str
    officer: Officer
    device: TOTPDevice

    @property
    def actor(self) -> Actor:
        """Return the officer as operations know them."""
        return Actor("officer", str(self.officer.id))

    def code(self) -> str:
        """Return the code that the device shows; forget that it was used, as if half a minute had passed."""
        TOTPDevice.objects.filter(id=self.device.id).update(last_t=-1, throttling_failure_count=0)
        return self.shown()

    def shown(self) -> str:
        """Return the code that the device shows."""
        totp = TOTP(self.device.bin_key)
        totp.time = time.time()
        return f"{totp.token():06d}"


def hire(name: str) -> FinanceOfficer:
    """Let a finance officer begin, with a device."""
    user = get_user_model().objects.create(username=name)
    officer = Officer.objects.create(id=uuid7(), user=user)
    return FinanceOfficer(name, officer, TOTPDevice.objects.create(user=user, name="phone", confirmed=True))


@dataclass
class Office:
    """Ploy submits, Anan approves."""

    ploy: FinanceOfficer = field(default_factory=lambda: hire("ploy"))
    anan: FinanceOfficer = field(default_factory=lambda: hire("anan"))

    def submit(self, batch: Batch, *, at: dt.datetime) -> None:
        """Let Ploy submit a batch as it is."""
        batches.submit(batch=batch, actor=self.ploy.actor, seen=payouts.totals(batch_id=batch.id), at=at)

    def approve(self, batch: Batch, *, at: dt.datetime) -> None:
        """Let Anan approve a batch as it is."""
        batches.approve(
            batch=batch,
            actor=self.anan.actor,
            second_factor=self.anan.code(),
            seen=payouts.totals(batch_id=batch.id),
            at=at,
        )

    def pay(self, *, at: dt.datetime) -> Batch:
        """Build a batch, let both officers say yes, and write its files."""
        batch = batches.build(at=at)
        self.submit(batch, at=at)
        self.approve(batch, at=at)
        bankfiles.write_all(batch=batch, at=at)
        return batch


def payout_to(stall: Stall, *, batch: Batch) -> Payout:
    """Return a stall's payout in a batch."""
    return Payout.objects.get(batch=batch, merchant_id=stall.merchant.id)


@dataclass
class Bank:
    """Our bank: it books lines, and tells of them in one statement a day."""

    balance: int = 1_000_000_00
    day: dt.date = dt.date(2025, 11, 1)
    told: int = 0
    lines: list[tuple[int, str, str]] = field(default_factory=list)

    def pay(self, payout: Payout, *, satang: int | None = None) -> None:
        """Take a payout from our account, or another amount."""
        self.book(-(satang or payout.amount), payout.id)

    def give_back(self, payout: Payout, *, reason: str = "AC04") -> None:
        """Return a payout."""
        self.book(payout.amount, payout.id, reason=reason)

    def book(self, satang: int, our_id: UUID | None, *, reason: str = "") -> None:
        """Book a line: into our account positive, out of it negative."""
        self.lines.append((satang, our_id.hex if our_id else "NOTPROVIDED", reason))

    def statement(self) -> bytes:
        """Tell of all that was booked since the last statement, and go on to the next day."""
        closing = self.balance + sum(satang for satang, _, _ in self.lines)
        xml = f"""<?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="{camt053_fields.NAMESPACE}"><BkToCstmrStmt>
            <GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>{self.day}T23:00:00+07:00</CreDtTm></GrpHdr>
            <Stmt><Id>S-{self.day}-{self.told}</Id>
            <Acct><Id><Othr><Id>{bankfiles.PROFILE.debtor_account}</Id></Othr></Id><Ccy>THB</Ccy></Acct>
            {self._balance("OPBD", self.balance)}{self._balance("CLBD", closing)}
            {"".join(self._entry(*line) for line in self.lines)}</Stmt></BkToCstmrStmt></Document>"""
        self.balance, self.lines, self.told = closing, [], self.told + 1
        self.day += dt.timedelta(days=1)
        return xml.encode()

    def tell(self, to: FinanceOfficer, *, at: dt.datetime) -> Statement:
        """Let an officer take in what the bank tells, and have it reconciled."""
        statement = statements.take(file=io.BytesIO(self.statement()), actor=to.actor, at=at)
        reconciliation.reconcile(statement=statement, at=at)
        return statement

    def _balance(self, kind: str, satang: int) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="THB">{baht(satang)}</Amt>'
            f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{self.day}</Dt></Dt></Bal>"
        )

    def _entry(self, satang: int, end_to_end_id: str, reason: str) -> str:
        returned = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
        return (
            f'<Ntry><Amt Ccy="THB">{baht(abs(satang))}</Amt><CdtDbtInd>{"CRDT" if satang > 0 else "DBIT"}</CdtDbtInd>'
            f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{self.day}</Dt></BookgDt><BkTxCd/>"
            f"<NtryDtls><TxDtls><Refs><EndToEndId>{end_to_end_id}</EndToEndId></Refs>{returned}</TxDtls></NtryDtls>"
            "</Ntry>"
        )
