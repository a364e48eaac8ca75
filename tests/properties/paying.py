"""The same market with its nights: days are closed and cut, two officers pay, the bank answers as it likes."""

import datetime as dt
import io
from dataclasses import dataclass
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, multiple, precondition, rule

from settlement import bankfiles, batches, days, payouts, reconciliation, seals, slices, statements, withholding
from settlement.models import Batch as BatchRow
from settlement.models import Discrepancy, Payout, Slice, WaitingSlice
from tests.properties.counter import Counter
from tests.properties.settling import CHANNELS, Batch, Office, Place
from tests.properties.stalls import FUNDED, STALLS, said
from tests.settlement.office import Bank
from tests.settlement.office import Office as People

# What the bank does with one payout; the last two are wrong, and must be named and move nothing.
ANSWERS = st.sampled_from(
    ["nothing", "paid", "paid", "given back", "paid and given back", "another amount", "stranger"]
)


@dataclass(frozen=True)
class Built:
    """One batch, here and in the model."""

    row: BatchRow
    model: Batch


class Paying(Counter):
    """Days, slices, batches, payouts and statements."""

    built = Bundle("built")

    @initialize()
    def the_office_opens(self) -> None:
        self.office = Office(self.market)
        self.people = People()
        self.bank = Bank()
        self.every_batch: list[Batch] = []
        self.cut = 0
        self.unsealed = 0
        self.discrepancies = 0

    # Nights

    @precondition(lambda self: self.market.payments)
    @rule()
    def a_night_and_a_day_pass(self) -> None:
        """Let the timetable do its work by eighteen o'clock, when all that shops sold yesterday is due."""
        self.at = self.at.replace(hour=18) + dt.timedelta(days=1)
        self.days_are_closed()
        self.days_are_cut()

    @precondition(lambda self: self.office.is_over(self.at))
    @rule()
    def days_are_closed(self) -> None:
        assert len(days.close_due(at=self.at)) == self.office.close_due(self.at)
        assert said(days.close, at=self.at)[0] == "day_not_over"

    @precondition(lambda self: len(self.office.closed) > self.cut)
    @rule()
    def days_are_cut(self) -> None:
        for business_date in slices.unsliced_days():
            written = slices.write(business_date=business_date, at=self.at)
            assert written == self.office.slice(business_date)
            assert said(slices.write, business_date=business_date, at=self.at)[0] == "already_sliced"
            self.unsealed += 1
            self.cut += 1
        assert said(slices.write, business_date=self.market.open_date, at=self.at)[0] == "day_still_open"
        self._slices_are_the_models()

    @precondition(lambda self: self.cut)
    @rule()
    def a_day_is_sealed(self) -> None:
        code, _ = said(seals.seal_next, at=self.at)
        assert code == ("" if self.unsealed else "nothing_to_seal")
        self.unsealed -= not code

    def _slices_are_the_models(self) -> None:
        known = {row.id: (self._place(row), row) for row in Slice.objects.all()}
        assert {place: row.amount for place, row in known.values()} == dict(self.office.slices)
        assert {place: row.due_at for place, row in known.values()} == {
            place: place.due_at for place in self.office.slices
        }
        waiting = WaitingSlice.objects.values_list("slice_id", flat=True)
        assert {known[slice_id][0] for slice_id in waiting} == self.office.waiting

    def _place(self, row: Slice) -> Place:
        channel = next(name for name, number in CHANNELS.items() if number == row.channel)
        return Place(self.stage.names[row.merchant_id], row.business_date, row.part, channel)

    # The officers

    @precondition(lambda self: self.office.waiting)
    @rule(target=built)
    def a_batch_is_built(self) -> Any:
        expected = self.office.build(self.at)
        code, row = said(batches.build, at=self.at)
        assert code == ("" if expected else "nothing_due")
        if expected is None:
            return multiple()
        paid = {self.stage.names[one.merchant_id]: one.amount for one in Payout.objects.filter(batch=row)}
        assert paid == dict(expected.amounts)
        self.every_batch.append(expected)
        return Built(row, expected)

    @precondition(lambda self: self.office.waiting)
    @rule(target=built)
    def everything_due_is_paid_out(self) -> Any:
        """Build, submit, approve, as nearly always."""
        built = self.a_batch_is_built()
        if isinstance(built, Built):
            self.ploy_submits(built)
            self.an_officer_approves(built=built, by="anan", right=True)
        return built

    @rule(built=built)
    def ploy_submits(self, built: Built) -> None:
        seen = payouts.totals(batch_id=built.row.id)
        named = {"batch": built.row, "actor": self.people.ploy.actor, "seen": seen, "at": self.at}
        expected = {"built": "", "submitted": "already_submitted"}.get(built.model.state, "batch_decided")
        assert said(batches.submit, **named)[0] == expected
        if not expected:
            built.model.state = "submitted"

    @rule(built=built, by=st.sampled_from(["anan", "anan", "ploy"]), right=st.sampled_from([True, True, True, False]))
    def an_officer_approves(self, *, built: Built, by: str, right: bool) -> None:
        officer = {"anan": self.people.anan, "ploy": self.people.ploy}[by]
        code, _ = said(
            batches.approve,
            batch=built.row,
            actor=officer.actor,
            second_factor=officer.code() if right else "none",
            seen=payouts.totals(batch_id=built.row.id),
            at=self.at,
        )
        expected = {"built": "not_submitted", "submitted": ""}.get(built.model.state, "batch_decided")
        if not expected and by == "ploy":
            expected = "approver_submitted"
        assert code == (expected or ("" if right else "second_factor_wrong"))
        if not code:
            self.office.approve(built.model)
            bankfiles.write_all(batch=built.row, at=self.at)

    @rule(built=built)
    def anan_rejects(self, built: Built) -> None:
        decided = built.model.state in {"approved", "rejected"}
        named = {"batch": built.row, "actor": self.people.anan.actor, "reason": "a doubt", "at": self.at}
        assert said(batches.reject, **named)[0] == ("batch_decided" if decided else "")
        if not decided:
            self.office.reject(built.model)

    @precondition(lambda self: self.office.slices)
    @rule(stall=STALLS)
    def a_stall_is_withheld_or_released(self, stall: str) -> None:
        merchant, ploy = self.stalls[stall].merchant, self.people.ploy.actor
        if stall in self.office.withheld:
            withholding.release(merchant=merchant, actor=ploy, at=self.at)
            self.office.withheld.remove(stall)
            return
        withhold = partial(withholding.withhold, merchant=merchant, reason="a doubt", actor=ploy, at=self.at)
        withhold()
        assert said(withhold)[0] == "already_withheld"
        self.office.withhold(stall, [batch for batch in self.every_batch if batch.state in {"built", "submitted"}])

    # The bank

    @precondition(lambda self: any(batch.sent for batch in self.every_batch))
    @rule(built=built, answers=st.tuples(ANSWERS, ANSWERS), later=st.booleans())
    def the_bank_tells(self, *, built: Built, answers: tuple[str, str], later: bool) -> None:
        if built.model.state != "approved":
            return
        for stall, answer in zip(("malee", "prasert"), answers, strict=True):
            if stall in built.model.sent:
                self._the_bank_books(built, stall, answer)
            elif later and stall in built.model.confirmed:
                self.bank.give_back(self._payout(built, stall))
                self.office.returned(built.model, stall)
        told = io.BytesIO(self.bank.statement())
        statement = statements.take(file=told, actor=self.people.ploy.actor, at=self.at)
        again = io.BytesIO(told.getvalue())
        assert said(statements.take, file=again, actor=self.people.anan.actor, at=self.at)[0] == "statement_known"
        reconciliation.reconcile(statement=statement, at=self.at)
        assert said(reconciliation.reconcile, statement=statement, at=self.at)[0] == "already_reconciled"
        assert Discrepancy.objects.count() == self.discrepancies
        self._slices_are_the_models()

    def _the_bank_books(self, built: Built, stall: str, answer: str) -> None:
        payout = self._payout(built, stall)
        if answer in {"paid", "paid and given back"}:
            self.bank.pay(payout)
            self.office.confirmed(built.model, stall)
        if answer in {"given back", "paid and given back"}:
            self.bank.give_back(payout)
            self.office.returned(built.model, stall)
        if answer == "another amount":
            self.bank.pay(payout, satang=payout.amount + 1)
        if answer == "stranger":
            self.bank.book(123_45, None)
        self.discrepancies += answer in {"given back", "another amount", "stranger"}

    def _payout(self, built: Built, stall: str) -> Payout:
        return Payout.objects.get(batch=built.row, merchant_id=self.stalls[stall].merchant.id)

    def expected_books(self) -> dict[str, int]:
        bank = {"bank": self.office.paid_out - FUNDED}
        return {account: satang for account, satang in (self.office.books() | bank).items() if satang}
