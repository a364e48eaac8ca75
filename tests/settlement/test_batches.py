"""Ploy submits, Anan approves, and the money leaves for the bank: never with one officer, never twice."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from settlement import batches, payouts, withholding
from settlement.batches import (
    AlreadySubmitted,
    ApproverSubmitted,
    BatchChanged,
    BatchDecided,
    NothingDue,
    NotSubmitted,
)
from settlement.models import Batch, Decision, Payout, PayoutSlice, Submission, WaitingSlice
from tests.cast import STAGE_HAND, Citizen, Stage, Stall, buy
from tests.races.at_once import at_once
from tests.settlement.market import HALF_PAST_FIVE, MIDNIGHT, TWO, end_of_day, sell
from tests.settlement.office import Office
from wallet import ledger
from wallet.accounts import AccountKind, cash, payable
from wallet.models import AuditEntry, Channel, Part, TransferKind
from wallet.officers import NotAnOfficer
from wallet.second_factors import SecondFactorWrong

pytestmark = pytest.mark.django_db

OWED_AND_SENT = (AccountKind.PAYABLE, AccountKind.IN_TRANSIT, AccountKind.BANK)


def owed(stage: Stage) -> dict[str, int]:
    """Return payables and what is on its way, in satang, by name."""
    return {
        account.replace(":00000000-0000-0000-0000-000000000000", ""): amount
        for account, amount in stage.books(AccountKind.PAYABLE, AccountKind.IN_TRANSIT).items()
    }


def paid_in(batch: Batch, stage: Stage) -> dict[str, int]:
    """Return a batch's payouts in satang by merchant."""
    return {stage.names[row.merchant_id]: row.amount for row in Payout.objects.filter(batch=batch)}


def test_the_citizens_part_goes_at_two_and_the_states_at_half_past_five(
    stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 99_01)
    end_of_day()
    with pytest.raises(NothingDue):
        batches.build(at=TWO - dt.timedelta(microseconds=1))
    assert paid_in(batches.build(at=TWO), stage) == {"malee": 49_51}
    assert paid_in(batches.build(at=HALF_PAST_FIVE), stage) == {"malee": 49_50}
    with pytest.raises(NothingDue):
        batches.build(at=HALF_PAST_FIVE)


def test_a_late_batch_pays_both_parts_in_one_payout(
    stage: Stage, somchai: Citizen, nok: Citizen, malee: Stall, prasert: Stall
) -> None:
    buy(somchai, malee, 99_01)
    sell(nok, prasert, 10_00)
    end_of_day()
    batch = batches.build(at=HALF_PAST_FIVE)
    assert paid_in(batch, stage) == {"malee": 99_01, "prasert": 10_00}
    assert (batch.payouts, batch.amount) == (2, 109_01)


def test_two_officers_send_the_money_on_its_way(stage: Stage, office: Office, nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    batch = batches.build(at=TWO)
    office.submit(batch, at=TWO)
    assert owed(stage) == {"payable:malee": 100_00}
    office.approve(batch, at=TWO)
    assert owed(stage) == {"in-transit": 100_00}
    decision = Decision.objects.get(batch=batch)
    assert (decision.verdict, decision.officer_id) == ("approved", office.anan.officer.id)
    assert decision.submitted_by == office.ploy.officer.id
    acts = AuditEntry.objects.filter(subject_id=batch.id).order_by("id").values_list("act", "actor_id")
    assert list(acts) == [
        ("batch.build", "build_batches"),
        ("batch.submit", str(office.ploy.officer.id)),
        ("batch.approve", str(office.anan.officer.id)),
    ]


def test_ploy_cannot_approve_what_she_submitted(stage: Stage, office: Office, nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    batch = batches.build(at=TWO)
    office.submit(batch, at=TWO)
    seen, code = payouts.totals(batch_id=batch.id), office.ploy.code()
    with pytest.raises(ApproverSubmitted):
        batches.approve(batch=batch, actor=office.ploy.actor, second_factor=code, seen=seen, at=TWO)
    assert owed(stage) == {"payable:malee": 100_00}


def test_the_database_compares_the_two_officers_too(office: Office, nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    batch = batches.build(at=TWO)
    office.submit(batch, at=TWO)
    ploy, anan = office.ploy.officer, office.anan.officer
    for officer, submitted_by, constraint in (
        (ploy, ploy.id, "approver_never_submitted"),
        (ploy, anan.id, "decision_is_on_the_submission"),
        (anan, None, "approver_never_submitted"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Decision.objects.create(
                batch=batch, verdict="approved", officer=officer, submitted_by=submitted_by, seen=bytes(32), at=TWO
            )


def test_nobody_approves_what_nobody_submitted(office: Office, nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    with pytest.raises(NotSubmitted):
        office.approve(batches.build(at=TWO), at=TWO)


def test_a_batch_is_submitted_once_and_decided_once(office: Office, nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    batch = batches.build(at=TWO)
    office.submit(batch, at=TWO)
    with pytest.raises(AlreadySubmitted):
        office.submit(batch, at=TWO)
    office.approve(batch, at=TWO)
    with pytest.raises(BatchDecided):
        office.approve(batch, at=TWO)
    with pytest.raises(BatchDecided):
        batches.reject(batch=batch, actor=office.ploy.actor, reason="too late", at=TWO)


def test_only_officers_decide(stage: Stage, office: Office, nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    batch = batches.build(at=TWO)
    seen = payouts.totals(batch_id=batch.id)
    with pytest.raises(NotAnOfficer):
        batches.submit(batch=batch, actor=STAGE_HAND, seen=seen, at=TWO)
    office.ploy.officer.user.is_active = False
    office.ploy.officer.user.save()
    with pytest.raises(NotAnOfficer):
        office.submit(batch, at=TWO)


def test_a_rejected_batch_sends_nothing_and_its_slices_are_paid_by_the_next(
    stage: Stage, office: Office, nok: Citizen, malee: Stall
) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    first = batches.build(at=TWO)
    office.submit(first, at=TWO)
    batches.reject(batch=first, actor=office.anan.actor, reason="the bank is closed", at=TWO)
    assert owed(stage) == {"payable:malee": 100_00}
    second = batches.build(at=TWO)
    assert paid_in(second, stage) == {"malee": 100_00}
    office.submit(second, at=TWO)
    office.approve(second, at=TWO)
    assert owed(stage) == {"in-transit": 100_00}


def test_a_rejected_batch_goes_with_the_next_window_and_not_before(
    stage: Stage, office: Office, somchai: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 99_01)
    end_of_day()
    first = batches.build_due(at=TWO)
    batches.reject(batch=first, actor=office.anan.actor, reason="the bank is closed", at=TWO)
    with pytest.raises(NothingDue):
        batches.build_due(at=HALF_PAST_FIVE - dt.timedelta(seconds=1))
    assert paid_in(batches.build_due(at=HALF_PAST_FIVE), stage) == {"malee": 99_01}


def test_a_day_that_is_counted_late_is_paid_without_waiting_for_the_next_window(
    stage: Stage, nok: Citizen, malee: Stall
) -> None:
    sell(nok, malee, 10_00)
    end_of_day()
    sell(nok, malee, 20_00, at=TWO)
    third = TWO + dt.timedelta(days=1)
    assert paid_in(batches.build_due(at=third), stage) == {"malee": 10_00}
    late = third + dt.timedelta(hours=4)
    end_of_day(business_date=TWO.date(), at=late)
    assert paid_in(batches.build_due(at=late), stage) == {"malee": 20_00}


def test_a_withheld_stall_is_left_out_and_paid_after_its_release(
    stage: Stage, office: Office, nok: Citizen, malee: Stall, prasert: Stall
) -> None:
    sell(nok, malee, 100_00)
    sell(nok, prasert, 20_00)
    end_of_day()
    withholding.withhold(merchant=prasert.merchant, reason="too many sales at night", actor=office.ploy.actor, at=TWO)
    assert paid_in(batches.build(at=TWO), stage) == {"malee": 100_00}
    withholding.release(merchant=prasert.merchant, actor=office.anan.actor, at=HALF_PAST_FIVE)
    assert paid_in(batches.build(at=HALF_PAST_FIVE), stage) == {"prasert": 20_00}


def test_withholding_a_stall_changes_a_batch_that_was_submitted(
    stage: Stage, office: Office, nok: Citizen, malee: Stall, prasert: Stall
) -> None:
    sell(nok, malee, 100_00)
    sell(nok, prasert, 20_00)
    end_of_day()
    batch = batches.build(at=TWO)
    shown = payouts.totals(batch_id=batch.id)
    office.submit(batch, at=TWO)
    withholding.withhold(merchant=prasert.merchant, reason="too many sales at night", actor=office.ploy.actor, at=TWO)
    assert not Submission.objects.filter(batch=batch).exists()
    office.submit(batch, at=TWO)
    with pytest.raises(BatchChanged) as refused:
        batches.approve(batch=batch, actor=office.anan.actor, second_factor=office.anan.code(), seen=shown, at=TWO)
    assert (refused.value.facts["payouts"], refused.value.facts["total_satang"]) == (1, 100_00)
    office.approve(batch, at=TWO)
    assert owed(stage) == {"in-transit": 100_00, "payable:prasert": 20_00}


def test_a_stall_cannot_be_withheld_twice_nor_released_unasked(office: Office, malee: Stall) -> None:
    with pytest.raises(withholding.NotWithheld):
        withholding.release(merchant=malee.merchant, actor=office.ploy.actor, at=TWO)
    withholding.withhold(merchant=malee.merchant, reason="asked by the police", actor=office.ploy.actor, at=TWO)
    with pytest.raises(withholding.AlreadyWithheld):
        withholding.withhold(merchant=malee.merchant, reason="again", actor=office.ploy.actor, at=TWO)


@pytest.mark.breaks_the_books  # money is given back here as no operation does it, to have negative slices
def test_what_malee_gave_back_is_netted_and_what_is_below_zero_is_carried_forward(
    stage: Stage, nok: Citizen, malee: Stall, prasert: Stall
) -> None:
    sell(nok, malee, 100_00)
    sell(nok, prasert, 30_00)
    give_back(nok, malee, 40_00)
    give_back(nok, prasert, 50_00)
    end_of_day()
    assert paid_in(batches.build(at=TWO), stage) == {"malee": 60_00}
    assert [(row.merchant_id, row.amount) for row in WaitingSlice.objects.all()] == [(prasert.merchant.id, -20_00)]
    sunday = dt.timedelta(days=1)
    sell(nok, prasert, 25_00, at=MIDNIGHT + dt.timedelta(hours=12))
    end_of_day(business_date=MIDNIGHT.date(), at=MIDNIGHT + sunday)
    batch = batches.build(at=TWO + sunday)
    assert paid_in(batch, stage) == {"prasert": 5_00}
    assert PayoutSlice.objects.filter(payout_id=Payout.objects.get(batch=batch).id).count() == 2


def give_back(someone: Citizen, stall: Stall, satang: int) -> None:
    """Move money from a payable back to cash, as a sale the other way round."""
    with ledger.posting(citizens=[someone.id]) as business_date:
        move = ledger.Move(
            source=payable(stall.merchant.id),
            target=cash(someone.id),
            amount=satang,
            kind=TransferKind.PAYMENT,
            cause=stall.merchant.id,
            owner_id=someone.id,
            part=Part.CITIZEN,
            channel=Channel.SHOP,
        )
        ledger.post(moves=[move], business_date=business_date, at=MIDNIGHT)


@pytest.mark.django_db(transaction=True)
def test_a_wrong_code_is_counted_though_nothing_else_happens(
    stage: Stage, office: Office, nok: Citizen, malee: Stall
) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    batch = batches.build(at=TWO)
    office.submit(batch, at=TWO)
    seen = payouts.totals(batch_id=batch.id)
    right = office.anan.code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for code in (wrong, right):  # the right one comes too soon after the wrong one
        with pytest.raises(SecondFactorWrong):
            batches.approve(batch=batch, actor=office.anan.actor, second_factor=code, seen=seen, at=TWO)
    office.anan.device.refresh_from_db()
    assert office.anan.device.throttling_failure_count == 1
    assert AuditEntry.objects.filter(act="batch.second_factor_wrong", subject_id=batch.id).count() == 2
    assert owed(stage) == {"payable:malee": 100_00}


def test_a_code_is_good_for_one_batch(stage: Stage, office: Office, somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 100_00)
    end_of_day()
    first, second = batches.build(at=TWO), batches.build(at=HALF_PAST_FIVE)
    code = office.anan.code()
    for batch in (first, second):
        office.submit(batch, at=HALF_PAST_FIVE)
    approvals = [
        lambda batch=batch: batches.approve(
            batch=batch,
            actor=office.anan.actor,
            second_factor=code,
            seen=payouts.totals(batch_id=batch.id),
            at=HALF_PAST_FIVE,
        )
        for batch in (first, second)
    ]
    approvals[0]()
    with pytest.raises(SecondFactorWrong):
        approvals[1]()
    assert owed(stage) == {"payable:malee": 50_00, "in-transit": 50_00}


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_rejection_at_once_end_one_way(
    stage: Stage, office: Office, nok: Citizen, malee: Stall
) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    batch = batches.build(at=TWO)
    office.submit(batch, at=TWO)
    answers = at_once(
        [
            lambda: office.approve(batch, at=TWO),
            lambda: batches.reject(batch=batch, actor=office.ploy.actor, reason="second thoughts", at=TWO),
        ]
    )
    assert sum(isinstance(answer, BatchDecided) for answer in answers) == 1
    was_approved = Decision.objects.get(batch=batch).verdict == "approved"
    assert owed(stage) == ({"in-transit": 100_00} if was_approved else {"payable:malee": 100_00})


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_build_at_once_pay_each_slice_once(
    stage: Stage, nok: Citizen, malee: Stall, prasert: Stall
) -> None:
    sell(nok, malee, 100_00)
    sell(nok, prasert, 20_00)
    end_of_day()
    answers = at_once([lambda: batches.build(at=TWO)] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["Batch", "NothingDue", "NothingDue", "NothingDue"]
    assert Payout.objects.count() == PayoutSlice.objects.count() == 2


def test_the_lists_show_what_waits_for_an_officer(office: Office, somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 100_00)
    end_of_day()
    first, second = batches.build(at=TWO), batches.build(at=HALF_PAST_FIVE)
    office.submit(first, at=TWO)
    office.approve(first, at=TWO)
    assert batches.undecided() == [second]
    assert batches.recent() == [second, first]
    assert batches.recent(before=second.id) == [first]
    (line,) = payouts.of_batch(batch_id=first.id)
    assert (line.merchant, line.amount, line.state) == ("ร้าน malee", 50_00, "approved")
    assert payouts.of_batch(batch_id=first.id, after=line.merchant_id) == []
