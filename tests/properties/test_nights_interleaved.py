"""Nights, officers and the bank at once, stopped at every point where they meet: the promises hold in each order."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

import pytest

from merchants.models import Payment
from settlement import bankfiles, batches, days, payouts, reconciliation, seals, slices, statements, withholding
from settlement.models import BankFile, Batch, Decision, PayoutSlice, Slice, Submission
from tests.cast import NOON, Citizen, Stall, ask, buy, confirm, terms_for
from tests.properties.interleaving import interleaved
from tests.properties.orders import Order, in_many_orders, kinds
from tests.settlement.office import Bank, FinanceOfficer, Office, hire
from wallet.models import BusinessDay, Transfer

pytestmark = pytest.mark.django_db(transaction=True)

TOMORROW = NOON + dt.timedelta(days=1)


@pytest.fixture
def nights() -> Iterator[dt.datetime]:
    """Return an instant of each day after the first, for each order the next."""
    return (NOON + dt.timedelta(days=number) for number in count(1))


@pytest.fixture
def sold_and_cut(somchais: Iterator[Citizen], malee: Stall, nights: Iterator[dt.datetime]) -> Callable[[], dt.datetime]:
    """Return a function that sells something, closes and cuts the day, and returns when all of it is due."""

    def night() -> dt.datetime:
        buy(next(somchais), malee, 100_00)
        at = next(nights)
        closed = days.close(at=at)
        slices.write(business_date=closed.business_date, at=at)
        return at.replace(hour=18)

    return night


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def submitted(sold_and_cut: Callable[[], dt.datetime], office: Office) -> Callable[[], Batch]:
    """Return a function that returns a batch which Ploy has submitted."""

    def batch() -> Batch:
        at = sold_and_cut()
        built = batches.build(at=at)
        office.submit(built, at=at)
        return built

    return batch


def approval(batch: Batch, officer: FinanceOfficer) -> Callable[[], Decision]:
    return partial(
        batches.approve,
        batch=batch,
        actor=officer.actor,
        second_factor=officer.code(),
        seen=payouts.totals(batch_id=batch.id),
        at=TOMORROW,
    )


def rejection(batch: Batch, officer: FinanceOfficer) -> Callable[[], Decision]:
    return partial(batches.reject, batch=batch, actor=officer.actor, reason="a doubt", at=TOMORROW)


def test_a_payment_is_on_the_day_before_or_the_day_after_and_in_its_slices(
    somchais: Iterator[Citizen], malee: Stall, nights: Iterator[dt.datetime]
) -> None:
    def once(order: Order) -> None:
        night = next(nights)

        def close_and_cut() -> BusinessDay:
            closed = days.close(at=night)
            slices.write(business_date=closed.business_date, at=night)
            return closed

        two = [next(somchais), next(somchais)]
        pays = [partial(confirm, one, terms_for(one, ask(malee, 100_00))) for one in two]
        *paid, closed = interleaved([*pays, close_and_cut], order=order)
        assert kinds([*paid, closed]) == {Payment: 2, BusinessDay: 1}
        sold = Payment.objects.filter(business_date=closed.business_date)
        cut = Slice.objects.filter(business_date=closed.business_date)
        assert sum(row.amount for row in cut) == sum(payment.price for payment in sold)
        assert {payment.business_date - closed.business_date for payment in paid} <= {dt.timedelta(0), dt.timedelta(1)}

    in_many_orders(once)


def test_one_day_is_closed_cut_and_sealed_once(
    somchais: Iterator[Citizen], malee: Stall, nights: Iterator[dt.datetime]
) -> None:
    def once(order: Order) -> None:
        buy(next(somchais), malee, 100_00)
        night = next(nights)
        date = night.date() - dt.timedelta(days=1)
        closes = interleaved([partial(days.close, at=night)] * 2, order=order)
        assert kinds(closes) == {BusinessDay: 1, days.DayNotOver: 1}
        cuts = interleaved([partial(slices.write, business_date=date, at=night)] * 2, order=order)
        assert kinds(cuts) == {int: 1, slices.AlreadySliced: 1}
        sealed = interleaved([partial(seals.seal_next, at=night)] * 2, order=order)
        assert kinds(sealed) == {dt.date: 1, seals.NothingToSeal: 1}

    in_many_orders(once)


def test_what_is_due_is_built_into_one_batch(sold_and_cut: Callable[[], dt.datetime]) -> None:
    def once(order: Order) -> None:
        build = partial(batches.build, at=sold_and_cut())
        assert kinds(interleaved([build, build], order=order)) == {Batch: 1, batches.NothingDue: 1}

    in_many_orders(once)


def test_a_batch_is_decided_once(submitted: Callable[[], Batch], office: Office) -> None:
    third = hire("a third officer")

    def once(order: Order) -> None:
        batch = submitted()
        approve, other = approval(batch, office.anan), order.choice([approval, rejection])(batch, third)
        assert kinds(interleaved([approve, other], order=order)) == {Decision: 1, batches.BatchDecided: 1}
        (payout,) = batch.payouts_in.all()
        sent = Transfer.objects.filter(cause=payout.id).count()
        assert sent == (Decision.objects.get(batch=batch).verdict == "approved")

    in_many_orders(once)


def test_a_merchant_is_withheld_before_the_money_goes_or_after(
    submitted: Callable[[], Batch], office: Office, malee: Stall
) -> None:
    ploy = office.ploy.actor

    def once(order: Order) -> None:
        batch = submitted()
        withhold = partial(withholding.withhold, merchant=malee.merchant, reason="a doubt", actor=ploy, at=TOMORROW)
        approved, _ = interleaved([approval(batch, office.anan), withhold], order=order)
        sent = isinstance(approved, Decision)
        assert sent or isinstance(approved, batches.NotSubmitted)
        assert PayoutSlice.objects.filter(payout_id__in=batch.payouts_in.values("id")).exists() is sent
        assert Submission.objects.filter(batch=batch).exists() is sent
        withholding.release(merchant=malee.merchant, actor=ploy, at=TOMORROW)
        if not sent:
            rejection(batch, office.anan)()

    in_many_orders(once)


def test_a_bank_file_is_written_once_and_a_statement_booked_once(
    submitted: Callable[[], Batch], office: Office
) -> None:
    bank = Bank()

    def once(order: Order) -> None:
        batch = submitted()
        office.approve(batch, at=TOMORROW)
        writes = interleaved([partial(bankfiles.write_next, batch=batch, at=TOMORROW)] * 2, order=order)
        assert kinds(writes) == {BankFile: 1, bankfiles.AllWritten: 1}
        (payout,) = batch.payouts_in.all()
        bank.pay(payout)
        statement = statements.take(file=io.BytesIO(bank.statement()), actor=office.ploy.actor, at=TOMORROW)
        reconcile = partial(reconciliation.reconcile, statement=statement, at=TOMORROW)
        reads = interleaved([reconcile, reconcile], order=order)
        assert kinds(reads) == {type(None): 1, reconciliation.AlreadyReconciled: 1}
        assert Transfer.objects.filter(cause=payout.id).count() == 2

    in_many_orders(once)
