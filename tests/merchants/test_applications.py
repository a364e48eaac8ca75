"""Prasert applies for a stall, corrects what he said, and Ploy decides."""

import datetime as dt
from typing import Any

import pytest

from merchants import applications, approvals, invitations, notices, onboarding, tills
from merchants.applications import (
    Account,
    ApplicationDecided,
    ApplicationUnknown,
    NotApproved,
    Standing,
    TooManyApplications,
)
from merchants.approvals import ApplicationChanged
from merchants.models import Merchant, Particulars, Role
from merchants.particulars import Described
from merchants.staff import NotAtWork
from tests.cast import NOON, PLUS, STAGE_HAND, Citizen, Stage, Stall, ask, buy
from tests.settlement.office import FinanceOfficer, hire
from tests.shopkeepers import keeper
from wallet import privacy
from wallet.ids import uuid7
from wallet.keys import KeyReused
from wallet.models import AuditEntry
from wallet.officers import NotAnOfficer
from wallet.second_factors import SecondFactorWrong

pytestmark = pytest.mark.django_db

LATER = NOON + dt.timedelta(hours=1)
ACCOUNT = Account(bank_code="KRTHTHBK", number="9876543210")
FACTS = {"legal_form": "natural_person", "class": "food", "province": "กรุงเทพมหานคร", "district": "พระนคร"}
PASSWORD = "khao-mok-gai-on-friday"


@pytest.fixture
def prasert(stage: Stage) -> Citizen:
    return stage.citizen("prasert")


@pytest.fixture
def ploy() -> FinanceOfficer:
    return hire("ploy")


def rice(**differently: object) -> Described:
    said = {"name": "ข้าวแกงประเสริฐ", "name_en": "Prasert's rice", "city": "Bangkok", "facts": FACTS, **differently}
    return Described(**said)  # type: ignore[arg-type]


def applied(someone: Citizen) -> Standing:
    return applications.apply(citizen_id=someone.id, described=rice(), account=ACCOUNT, at=NOON)


def approved(standing: Standing, ploy: FinanceOfficer) -> Merchant:
    return approvals.approve(
        application_id=standing.application.id,
        seen=standing.version.id,
        actor=ploy.actor,
        second_factor=ploy.code(),
        at=LATER,
    )


def test_prasert_applies_is_taken_in_and_owns_his_stall(
    prasert: Citizen, ploy: FinanceOfficer, stage: Stage, settings: object
) -> None:
    standing = applied(prasert)
    assert [each.application for each in applications.waiting(at_most=10)] == [standing.application]
    shop = approved(standing, ploy)
    stage.names[shop.id] = "prasert's stall"
    assert (shop.id, shop.name, shop.facts, shop.joined_at) == (
        standing.application.id, "ข้าวแกงประเสริฐ", FACTS, LATER,
    )  # fmt: skip
    assert privacy.unseal(shop.bank_account_sealed, subject_id=shop.id) == {"account": "9876543210"}
    (notice,) = notices.show_citizen(citizen_id=prasert.id, at_most=5, at=LATER)
    assert (notice.code, notice.facts) == ("application_approved", {"shop": "ข้าวแกงประเสริฐ"})

    invited = applications.invite_owner(application_id=shop.id, citizen_id=prasert.id, at=LATER)
    owner = invitations.join(payload=invited.payload, username="prasert", password=PASSWORD, at=LATER).member
    assert (owner.role, owner.merchant_id) == ("owner", shop.id)
    code = invitations.invite_till(by=owner, name="phone", branch_id=None, at=LATER).payload
    till, secret = invitations.enrol_till(payload=code, at=LATER)
    buy(stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), Stall("rice", shop, till, secret), 60_00, at=LATER)
    assert stage.books()["payable:prasert's stall"] == 60_00


def test_the_same_key_applies_once_and_not_for_something_else(prasert: Citizen, stage: Stage) -> None:
    said: dict[str, Any] = {"citizen_id": prasert.id, "account": ACCOUNT, "key": "a double tap", "at": NOON}
    first, again = (applications.apply(described=rice(), **said) for _ in range(2))
    assert first.application.id == again.application.id
    with pytest.raises(KeyReused):
        applications.apply(described=rice(name="ข้าวแกงอื่น"), **said)
    owner = keeper(stage.stall("malee")).member
    change: dict[str, Any] = {"staff_id": owner.id, "described": rice(), "reason": "a new sign", "at": NOON}
    asked, twice = (applications.apply_for_change(key="a double tap", **change) for _ in range(2))
    assert asked.application.id == twice.application.id
    assert applications.apply_for_change(**change).application.id != asked.application.id


def test_what_the_officer_has_not_seen_cannot_be_approved(prasert: Citizen, ploy: FinanceOfficer) -> None:
    first = applied(prasert)
    second = applications.correct(
        application_id=first.application.id,
        citizen_id=prasert.id,
        described=rice(name="ข้าวแกงป้าน้อย"),
        account=ACCOUNT,
        at=NOON,
    )
    with pytest.raises(ApplicationChanged) as refused:
        approved(first, ploy)
    assert refused.value.facts == {"version": str(second.version.id)}
    assert approved(second, ploy).name == "ข้าวแกงป้าน้อย"


def test_a_rejection_says_why_and_can_be_answered(prasert: Citizen, ploy: FinanceOfficer) -> None:
    first = applied(prasert)
    decided = approvals.reject(
        application_id=first.application.id,
        seen=first.version.id,
        reason="the photo shows no shop",
        actor=ploy.actor,
        at=NOON,
    )
    assert (decided.state, applications.waiting(at_most=10)) == ("rejected", [])
    (notice,) = notices.show_citizen(citizen_id=prasert.id, at_most=5, at=LATER)
    assert notice.facts == {"shop": "ข้าวแกงประเสริฐ", "reason": "the photo shows no shop"}
    with pytest.raises(ApplicationDecided):
        approved(first, ploy)
    with pytest.raises(NotApproved):
        applications.invite_owner(application_id=first.application.id, citizen_id=prasert.id, at=LATER)
    again = applications.correct(
        application_id=first.application.id, citizen_id=prasert.id, described=rice(), account=ACCOUNT, at=LATER
    )
    assert (again.version.number, again.state) == (2, "waiting")
    approved(again, ploy)
    with pytest.raises(ApplicationDecided):
        applications.correct(
            application_id=first.application.id, citizen_id=prasert.id, described=rice(), account=ACCOUNT, at=LATER
        )
    acts = AuditEntry.objects.filter(subject_id=first.application.id).order_by("id").values_list("act", flat=True)
    assert list(acts) == [
        "application.make", "application.reject", "application.correct", "application.approve", "merchant.open",
    ]  # fmt: skip


def test_nok_sees_and_touches_nothing_of_praserts(prasert: Citizen, stage: Stage, ploy: FinanceOfficer) -> None:
    nok, standing = stage.citizen("nok"), applied(prasert)
    approved(standing, ploy)
    assert applications.of_citizen(citizen_id=nok.id, at_most=10) == []
    with pytest.raises(ApplicationUnknown):
        applications.invite_owner(application_id=standing.application.id, citizen_id=nok.id, at=LATER)
    with pytest.raises(ApplicationUnknown):
        applications.correct(
            application_id=standing.application.id, citizen_id=nok.id, described=rice(), account=ACCOUNT, at=LATER
        )


def test_only_an_officer_decides(prasert: Citizen, ploy: FinanceOfficer) -> None:
    standing = applied(prasert)
    with pytest.raises(NotAnOfficer):
        approvals.approve(
            application_id=standing.application.id,
            seen=standing.version.id,
            actor=STAGE_HAND,
            second_factor=ploy.code(),
            at=NOON,
        )
    with pytest.raises(ApplicationUnknown):
        approvals.approve(
            application_id=uuid7(), seen=standing.version.id, actor=ploy.actor, second_factor=ploy.code(), at=NOON
        )


def test_an_officers_wrong_code_is_counted_and_takes_no_shop_in(prasert: Citizen, ploy: FinanceOfficer) -> None:
    standing = applied(prasert)
    with pytest.raises(SecondFactorWrong):
        approvals.approve(
            application_id=standing.application.id,
            seen=standing.version.id,
            actor=ploy.actor,
            second_factor="000000",
            at=NOON,
        )
    ploy.device.refresh_from_db()
    assert ploy.device.throttling_failure_count == 1
    assert AuditEntry.objects.filter(act="application.second_factor_wrong").count() == 1
    assert not Merchant.objects.filter(id=standing.application.id).exists()
    assert approved(standing, ploy).id == standing.application.id


def test_five_applications_wait_at_most(prasert: Citizen) -> None:
    for _ in range(5):
        applied(prasert)
    with pytest.raises(TooManyApplications) as refused:
        applied(prasert)
    assert refused.value.facts == {"most": 5}


def test_an_application_is_corrected_nineteen_times_at_most(prasert: Citizen) -> None:
    standing = applied(prasert)
    for _ in range(19):
        standing = applications.correct(
            application_id=standing.application.id,
            citizen_id=prasert.id,
            described=rice(),
            account=ACCOUNT,
            at=NOON,
        )
    with pytest.raises(TooManyApplications):
        applications.correct(
            application_id=standing.application.id,
            citizen_id=prasert.id,
            described=rice(),
            account=ACCOUNT,
            at=NOON,
        )


def test_an_owner_asks_for_other_particulars_and_they_hold_once_they_are_approved(
    stage: Stage, ploy: FinanceOfficer
) -> None:
    malee = stage.stall("malee")
    wanted = rice(name="ก๋วยเตี๋ยวมาลี", facts={**FACTS, "is_vat_registered": True})
    with pytest.raises(NotAtWork):
        applications.apply_for_change(
            staff_id=keeper(malee, Role.MANAGER).member.id, described=wanted, reason="VAT", at=NOON
        )
    asked = applications.apply_for_change(
        staff_id=keeper(malee).member.id, described=wanted, reason="we are in the VAT register now", at=NOON
    )
    assert onboarding.merchant(merchant_id=malee.merchant.id).name == "ร้าน malee"
    approved(asked, ploy)
    shop = onboarding.merchant(merchant_id=malee.merchant.id)
    assert (shop.name, shop.facts["is_vat_registered"]) == ("ก๋วยเตี๋ยวมาลี", True)
    newest = Particulars.objects.filter(merchant=shop).latest("from_at")
    assert (newest.by, newest.reason) == (str(ploy.actor), "we are in the VAT register now")
    assert [notice.code for notice in notices.show_shop(merchant_id=shop.id, at_most=5, at=LATER)] == [
        "particulars_changed"
    ]
    till = tills.of(till_id=malee.till.id)
    assert ask(Stall("malee", shop, till, malee.secret), 50_00).merchant_facts["is_vat_registered"] is True
