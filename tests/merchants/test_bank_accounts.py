"""Malee moves her money to another bank, and a thief with her password does not."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from merchants import applications, approvals, bank_accounts, notices, onboarding
from merchants.applications import Account
from merchants.bank_accounts import (
    ApproverAsked,
    ApproverVouched,
    ChangeEnded,
    ChangeUnknown,
    ChangeWaits,
    CoolingOff,
    NotVouchedFor,
    VouchedAlready,
)
from merchants.models import BankAccountChange, Role, Staff
from merchants.particulars import Described
from merchants.staff import NotAtWork
from settlement import batches
from settlement.models import Payout
from tests.cast import NOON, Stage, Stall
from tests.settlement.market import TWO, end_of_day, sell
from tests.settlement.office import FinanceOfficer, hire
from tests.shopkeepers import keeper
from wallet import privacy
from wallet.ids import uuid7
from wallet.models import AuditEntry, Officer
from wallet.second_factors import SecondFactorWrong

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(hours=24)
SECOND = dt.timedelta(seconds=1)
OLD, NEW = "1234567890", "5556667778"


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def ploy() -> FinanceOfficer:
    return hire("ploy")


@pytest.fixture
def anan() -> FinanceOfficer:
    return hire("anan")


def asked(stall: Stall, *, number: str = NEW, at: dt.datetime = NOON) -> BankAccountChange:
    owner = keeper(stall)
    return bank_accounts.ask(
        staff_id=owner.member.id, bank_code="BKKBTHBK", bank_account=number, second_factor=owner.code(), at=at
    )


def vouched(change: BankAccountChange, by: FinanceOfficer) -> BankAccountChange:
    return bank_accounts.vouch(change_id=change.id, how="called Malee on her old number", actor=by.actor, at=NOON)


def approve(change: BankAccountChange, by: FinanceOfficer, *, at: dt.datetime) -> BankAccountChange:
    return bank_accounts.approve(change_id=change.id, actor=by.actor, second_factor=by.code(), at=at)


def paid_to(stall: Stall, *, at: dt.datetime) -> str:
    """Build a batch of what is due, and return the account to which the stall's money goes."""
    payout = Payout.objects.get(batch=batches.build(at=at), merchant_id=stall.merchant.id)
    account: str = privacy.unseal(payout.bank_account_sealed, subject_id=stall.merchant.id)["account"]
    return account


def in_force(stall: Stall) -> str:
    return bank_accounts.masked(onboarding.merchant(merchant_id=stall.merchant.id))


def test_after_a_day_a_second_officer_approves_and_the_next_batch_pays_the_new_account(
    malee: Stall, ploy: FinanceOfficer, anan: FinanceOfficer, stage: Stage
) -> None:
    change = vouched(asked(malee), anan)
    assert (change.vouched_by, change.vouched_at, change.vouched_for) == (
        anan.officer, NOON, "called Malee on her old number",
    )  # fmt: skip
    somchai = stage.citizen("somchai", cash_satang=500_00)
    sell(somchai, malee, 100_00)
    end_of_day()
    approve(change, ploy, at=NOON + DAY)
    assert paid_to(malee, at=NOON + DAY) == NEW
    assert in_force(malee) == "••••••7778"


def test_until_it_is_approved_payouts_go_to_the_old_account(malee: Stall, stage: Stage) -> None:
    asked(malee)
    sell(stage.citizen("somchai", cash_satang=500_00), malee, 100_00)
    end_of_day()
    assert paid_to(malee, at=TWO + DAY) == OLD
    assert in_force(malee) == "••••••7890"


def test_a_payout_that_was_built_keeps_the_account_that_the_officers_saw(
    malee: Stall, ploy: FinanceOfficer, anan: FinanceOfficer, stage: Stage
) -> None:
    change = vouched(asked(malee), anan)
    sell(stage.citizen("somchai", cash_satang=500_00), malee, 100_00)
    end_of_day()
    assert paid_to(malee, at=TWO) == OLD
    approve(change, ploy, at=NOON + DAY)
    (payout,) = Payout.objects.all()
    assert privacy.unseal(payout.bank_account_sealed, subject_id=malee.merchant.id) == {"account": OLD}


def test_nobody_is_quicker_than_a_day(malee: Stall, ploy: FinanceOfficer, anan: FinanceOfficer) -> None:
    change = vouched(asked(malee), anan)
    with pytest.raises(CoolingOff) as refused:
        approve(change, ploy, at=NOON + DAY - SECOND)
    assert refused.value.facts == {"until_at": "2025-11-01T05:00:00+00:00"}
    assert in_force(malee) == "••••••7890"


def test_a_thief_without_the_second_factor_asks_for_nothing(malee: Stall) -> None:
    owner = keeper(malee)
    with pytest.raises(SecondFactorWrong):
        bank_accounts.ask(
            staff_id=owner.member.id, bank_code="BKKBTHBK", bank_account=NEW, second_factor="000000", at=NOON
        )
    assert BankAccountChange.objects.count() == 0


def test_managers_and_cashiers_and_who_has_left_do_not_ask(malee: Stall) -> None:
    gone = keeper(malee, name="gone")
    Staff.objects.filter(id=gone.member.id).update(left_at=NOON)
    for member in (keeper(malee, Role.MANAGER).member, keeper(malee, Role.CASHIER).member, gone.member):
        with pytest.raises(NotAtWork):
            bank_accounts.ask(
                staff_id=member.id, bank_code="BKKBTHBK", bank_account=NEW, second_factor="000000", at=NOON
            )


def test_another_owner_takes_it_back_and_then_nobody_approves_it(malee: Stall, ploy: FinanceOfficer) -> None:
    change = asked(malee)
    sister = keeper(malee, name="sister").member
    bank_accounts.withdraw(staff_id=sister.id, change_id=change.id, at=NOON + SECOND)
    with pytest.raises(ChangeEnded):
        approve(change, ploy, at=NOON + DAY)
    with pytest.raises(ChangeEnded):
        bank_accounts.withdraw(staff_id=sister.id, change_id=change.id, at=NOON + DAY)
    assert asked(malee, at=NOON + DAY).asked_at == NOON + DAY


def test_one_change_waits_at_a_time_and_others_shops_are_not_touched(malee: Stall, stage: Stage) -> None:
    change = asked(malee)
    with pytest.raises(ChangeWaits):
        asked(malee)
    prasert = keeper(stage.stall("prasert")).member
    for change_id in (change.id, uuid7()):
        with pytest.raises(ChangeUnknown):
            bank_accounts.withdraw(staff_id=prasert.id, change_id=change_id, at=NOON)


def test_a_rejection_says_why_and_may_come_before_the_day_is_over(malee: Stall, ploy: FinanceOfficer) -> None:
    change = asked(malee)
    decided = bank_accounts.reject(
        change_id=change.id, reason="the account is not the owner's", actor=ploy.actor, at=NOON + SECOND
    )
    assert (decided.approved, decided.officer, bank_accounts.waiting(at_most=5)) == (False, ploy.officer, [])
    with pytest.raises(ChangeEnded):
        approve(change, ploy, at=NOON + DAY)
    assert in_force(malee) == "••••••7890"


def test_an_officer_who_owns_a_stall_does_not_approve_for_it(malee: Stall, ploy: FinanceOfficer) -> None:
    owner = keeper(malee)
    both = Officer.objects.create(id=uuid7(), user=owner.member.user)
    change = asked(malee)
    with pytest.raises(ApproverAsked):
        bank_accounts.vouch(
            change_id=change.id, how="I know myself", actor=type(ploy.actor)("officer", str(both.id)), at=NOON
        )
    with pytest.raises(ApproverAsked):
        bank_accounts.approve(
            change_id=change.id,
            actor=type(ploy.actor)("officer", str(both.id)),
            second_factor=owner.code(),
            at=NOON + DAY,
        )


def test_one_officer_is_not_enough(malee: Stall, ploy: FinanceOfficer, anan: FinanceOfficer) -> None:
    change = asked(malee)
    with pytest.raises(NotVouchedFor):
        approve(change, ploy, at=NOON + DAY)
    vouched(change, ploy)
    with pytest.raises(ApproverVouched):
        approve(change, ploy, at=NOON + DAY)
    with pytest.raises(VouchedAlready):
        vouched(change, anan)
    assert in_force(malee) == "••••••7890"
    approve(change, anan, at=NOON + DAY)
    assert in_force(malee) == "••••••7778"
    acts = AuditEntry.objects.filter(act__startswith="bank_account.").order_by("id").values_list("actor_id", "act")
    assert list(acts)[1:] == [
        (str(ploy.officer.id), "bank_account.vouch"), (str(anan.officer.id), "bank_account.approve"),
    ]  # fmt: skip
    with pytest.raises(ChangeEnded):
        vouched(change, anan)


def test_the_database_too_asks_for_two_officers(malee: Stall, ploy: FinanceOfficer) -> None:
    change = asked(malee)
    decided = {"approved": True, "officer": ploy.officer, "decided_at": NOON + DAY}
    for vouching in ({}, {"vouched_by": ploy.officer, "vouched_at": NOON, "vouched_for": "by phone"}):
        with pytest.raises(IntegrityError, match="bank_account_change_takes_two_officers"), transaction.atomic():
            BankAccountChange.objects.filter(id=change.id).update(**decided, **vouching)


def test_an_officers_wrong_code_is_counted_and_changes_nothing(
    malee: Stall, ploy: FinanceOfficer, anan: FinanceOfficer
) -> None:
    change = vouched(asked(malee), anan)
    with pytest.raises(SecondFactorWrong):
        bank_accounts.approve(change_id=change.id, actor=ploy.actor, second_factor="000000", at=NOON + DAY)
    ploy.device.refresh_from_db()
    assert ploy.device.throttling_failure_count == 1
    assert AuditEntry.objects.filter(act="bank_account.second_factor_wrong").count() == 1
    assert in_force(malee) == "••••••7890"


def test_the_owners_and_the_citizen_who_opened_the_shop_are_told_at_once(
    stage: Stage, ploy: FinanceOfficer, anan: FinanceOfficer
) -> None:
    prasert = stage.citizen("prasert")
    standing = applications.apply(
        citizen_id=prasert.id,
        described=Described(name="ข้าวแกง", name_en="Rice", city="Bangkok", facts={"class": "food"}),
        account=Account(bank_code="KRTHTHBK", number=OLD),
        at=NOON,
    )
    shop = approvals.approve(
        application_id=standing.application.id,
        seen=standing.version.id,
        actor=ploy.actor,
        second_factor=ploy.code(),
        at=NOON,
    )
    change = asked(Stall("rice", shop, stage.stall("x").till, ""))
    told = {"account": "••••••7778", "cooled_at": (NOON + DAY).isoformat()}
    for shown in (
        notices.show_shop(merchant_id=shop.id, at_most=5, at=NOON),
        notices.show_citizen(citizen_id=prasert.id, at_most=5, at=NOON),
    ):
        assert (shown[0].code, shown[0].facts) == ("bank_account_change_asked", told)
    approve(vouched(change, anan), ploy, at=NOON + DAY)
    later = notices.show_citizen(citizen_id=prasert.id, at_most=5, at=NOON + DAY)
    assert [notice.code for notice in later][:2] == ["bank_account_changed", "bank_account_change_asked"]
    assert NEW not in str([notice.facts for notice in later])
