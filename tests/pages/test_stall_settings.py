"""A shop is opened on pages: applied for, corrected, approved, its terms accepted; then its account changes, slowly."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from merchants import applications, approvals, bank_accounts
from merchants.applications import Standing
from merchants.models import Acceptance, Application, BankAccountChange, Merchant, Role, Staff
from tests.cast import NOON, PLUS, Citizen, Stage, Stall
from tests.pages.conftest import EACH_ONCE, at_home
from tests.pages.eyes import look
from tests.pages.stall import as_staff, sent_twice
from tests.settlement.office import FinanceOfficer, hire
from tests.shopkeepers import keeper
from wallet import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

Say = Callable[..., str]
PASSWORD = "wok and ladle, 1987"


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def prasert(stage: Stage) -> Citizen:
    return stage.citizen("prasert")


@pytest.fixture
def ploy() -> FinanceOfficer:
    return hire("ploy")


@pytest.fixture
def phone(open_browser: Callable[..., Page], language: str) -> Page:
    """Somebody's phone."""
    return open_browser(language=language)


def describe(page: Page, say: Say, *, name: str, account: str) -> None:
    """Fill the form of a new shop in."""
    page.get_by_label(say("Name of the shop"), exact=True).fill(name)
    page.get_by_label(say("Name in Latin letters")).fill("Prasert bananas")
    page.get_by_label(say("Whose shop is it?")).select_option("natural_person")
    page.get_by_label(say("What does it sell?")).select_option("food")
    page.get_by_label(say("Province"), exact=True).select_option("เชียงใหม่")
    page.get_by_label(say("District"), exact=True).fill("เมืองเชียงใหม่")
    page.get_by_label(say("City in Latin letters")).fill("Chiang Mai")
    page.get_by_label(say("Sales of a year, in baht")).fill("600,000")
    page.get_by_label(say("It files income tax")).check()
    page.get_by_label(say("Bank"), exact=True).select_option("KRTHTHBK")
    page.get_by_label(say("Account number")).fill(account)


def take_in(standing: Standing, ploy: FinanceOfficer) -> None:
    """Let Ploy approve what an application says now."""
    approvals.approve(
        application_id=standing.application.id,
        seen=standing.version.id,
        actor=ploy.actor,
        second_factor=ploy.code(),
        at=NOON,
    )


@EACH_ONCE
def test_a_shop_is_applied_for_corrected_approved_and_owned(
    page: Page, prasert: Citizen, ploy: FinanceOfficer, say: Say
) -> None:
    at_home(page, prasert)
    page.goto("/shop/sign-in/")
    page.get_by_role("link", name=say("I want to open a shop here")).click()
    look(page, "shop-applications-none")
    page.get_by_role("link", name=say("Apply for a shop")).click()
    describe(page, say, name="กล้วยทอด", account="12345")
    page.get_by_role("button", name=say("Send it to our office")).click()
    expect(page.get_by_label(say("Account number"))).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label(say("What does it sell?"))).to_have_value("food")
    look(page, "shop-apply-account-wrong")
    page.get_by_label(say("Account number")).fill("123-4-56789-0")
    page.get_by_role("button", name=say("Send it to our office")).click()
    page.wait_for_url("**/shop/apply/")
    look(page, "shop-applications-waiting")
    standing = applications.of_citizen(citizen_id=prasert.id, at_most=1)[0]
    assert standing.version.facts == {
        "legal_form": "natural_person",
        "class": "food",
        "province": "เชียงใหม่",
        "district": "เมืองเชียงใหม่",
        "turnover_satang": 600_000_00,
        "is_tax_registered": True,
        "is_vat_registered": False,
        "is_franchise": False,
    }

    approvals.reject(
        application_id=standing.application.id,
        seen=standing.version.id,
        reason="which bananas?",
        actor=ploy.actor,
        at=NOON,
    )
    page.reload()
    look(page, "shop-applications-rejected")
    page.get_by_role("link", name=say("Correct it")).click()
    expect(page.get_by_label(say("Name of the shop"), exact=True)).to_have_value("กล้วยทอด")
    look(page, "shop-apply-correct")
    describe(page, say, name="กล้วยทอดป้าเสริฐ", account="1234567890")
    page.get_by_role("button", name=say("Send it to our office")).click()
    page.wait_for_url("**/shop/apply/")
    standing = applications.of_citizen(citizen_id=prasert.id, at_most=1)[0]
    assert (standing.version.number, standing.version.name) == (2, "กล้วยทอดป้าเสริฐ")

    take_in(standing, ploy)
    page.reload()
    page.get_by_role("button", name=say("Become its owner")).click()
    look(page, "shop-become-owner")
    page.get_by_label(say("The name that you want here")).fill("prasert")
    page.get_by_label(say("A password of your own")).fill(PASSWORD)
    page.get_by_role("button", name=say("Begin to work here")).click()
    expect(page.locator(".qr svg")).to_be_visible()
    member = Staff.objects.get(user__username="prasert")
    assert (member.role, member.merchant.name) == (Role.OWNER, "กล้วยทอดป้าเสริฐ")


def test_an_application_sent_twice_is_one(phone: Page, prasert: Citizen, say: Say) -> None:
    at_home(phone, prasert)
    phone.goto("/shop/apply/new/")
    describe(phone, say, name="กล้วยทอด", account="1234567890")
    assert sent_twice(phone, "main form") == (302, 302)
    assert Application.objects.count() == 1


def test_nobody_corrects_somebody_elses_application(phone: Page, stage: Stage, prasert: Citizen, say: Say) -> None:
    at_home(phone, prasert)
    phone.goto("/shop/apply/new/")
    describe(phone, say, name="กล้วยทอด", account="1234567890")
    phone.get_by_role("button", name=say("Send it to our office")).click()
    phone.wait_for_url("**/shop/apply/")
    at_home(phone, stage.citizen("nok"))
    assert phone.goto(f"/shop/apply/{Application.objects.get().id}/").status == 404  # type: ignore[union-attr]


def test_an_owner_accepts_a_schemes_terms(phone: Page, malee: Stall, say: Say) -> None:
    as_staff(phone, malee)
    phone.goto("/shop/settings/")
    look(phone, "shop-settings-owner")
    phone.goto("/shop/today/")
    nudge = phone.get_by_text(say("A scheme has terms that the shop has not accepted. Read them here."))
    expect(nudge).to_be_visible()
    phone.goto("/shop/settings/")
    phone.get_by_role("link", name=say("Terms of the schemes")).click()
    look(phone, "shop-terms")
    assert sent_twice(phone, "form[action$='/acceptance/']") == (302, 302)
    phone.reload()
    expect(phone.get_by_text(say("The shop has accepted these terms."))).to_be_visible()
    look(phone, "shop-terms-accepted")
    phone.goto("/shop/today/")
    expect(nudge).to_have_count(0)
    assert [(one.scheme, one.version) for one in Acceptance.objects.all()] == [(PLUS, 1)]
    assert Merchant.objects.get(id=malee.merchant.id).facts["accepted_schemes"] == [PLUS]


def test_another_bank_account_waits_a_day_and_can_be_taken_back(
    phone: Page, malee: Stall, ploy: FinanceOfficer, say: Say
) -> None:
    owner = keeper(malee)
    as_staff(phone, malee)
    phone.goto("/shop/bank-account/")
    phone.get_by_text(say("Ask for another account")).click()
    look(phone, "shop-bank-account")
    phone.get_by_label(say("Bank"), exact=True).select_option("BKKBTHBK")
    phone.get_by_label(say("Account number")).fill("5556667778")
    phone.get_by_label(say("Digits of your authenticator app")).fill("000000")
    phone.get_by_role("button", name=say("Ask for this account")).click()
    expect(phone.get_by_role("alert").first).to_have_attribute("data-code", "second_factor_wrong")
    expect(phone.get_by_label(say("Account number"))).to_have_value("5556667778")
    phone.get_by_label(say("Digits of your authenticator app")).fill(owner.code())
    phone.get_by_role("button", name=say("Ask for this account")).click()
    expect(phone.get_by_role("heading", name=say("Another account was asked for"))).to_be_visible()
    look(phone, "shop-bank-account-cooling")
    clock.stand_at(NOON + dt.timedelta(hours=24))
    phone.reload()
    look(phone, "shop-bank-account-cooled")
    phone.get_by_role("button", name=say("Take it back")).click()
    expect(phone.get_by_text(say("taken back"))).to_be_visible()
    assert bank_accounts.state_of(BankAccountChange.objects.get()) == "withdrawn"
    phone.goto("/shop/told/")
    look(phone, "shop-told")


def test_what_a_shop_is_known_by_is_corrected_by_its_owner(
    phone: Page, malee: Stall, ploy: FinanceOfficer, say: Say
) -> None:
    as_staff(phone, malee)
    phone.goto("/shop/particulars/")
    phone.get_by_label(say("Name of the shop"), exact=True).fill("ก๋วยเตี๋ยวป้ามาลี")
    phone.get_by_label(say("District"), exact=True).fill("พระนคร")
    phone.get_by_label(say("Why is it to be changed?")).fill("a new sign")
    look(phone, "shop-particulars")
    phone.get_by_role("button", name=say("Send it to our office")).click()
    phone.wait_for_url("**/shop/particulars/")
    look(phone, "shop-particulars-asked")
    standing = applications.waiting(at_most=1)[0]
    take_in(standing, ploy)
    phone.reload()
    expect(phone.get_by_text(say("It was approved."))).to_be_visible()
    expect(phone.get_by_label(say("Name of the shop"), exact=True)).to_have_value("ก๋วยเตี๋ยวป้ามาลี")


def test_only_owners_touch_what_the_shop_is_known_by(open_browser: Callable[..., Page], malee: Stall) -> None:
    page = open_browser(language="en")
    as_staff(page, malee, Role.MANAGER)
    for address in ("/shop/bank-account/", "/shop/particulars/"):
        assert page.goto(address).status == 403, address  # type: ignore[union-attr]  # an answer came
    page.goto("/shop/terms/")
    expect(page.get_by_text("An owner can accept them.")).to_be_visible()
    page.goto("/shop/told/")
    expect(page.get_by_text("Who of our office")).to_have_count(0)
    as_staff(page, malee, Role.CASHIER)
    assert page.goto("/shop/told/").status == 403  # type: ignore[union-attr]  # the same


def test_chime_and_speech_are_switched_off_each_by_itself(
    open_browser: Callable[..., Page], malee: Stall, say: Say, language: str
) -> None:
    page = open_browser(language=language)
    page.add_init_script("window.said = []; speechSynthesis.speak = (words) => said.push([words.lang, words.text]);")
    as_staff(page, malee)
    page.goto("/shop/settings/")
    speech, chime = page.get_by_label(say("Say payments aloud")), page.get_by_label(say("A chime when it is paid"))
    speech.uncheck()
    page.reload()
    expect(speech).not_to_be_checked()
    expect(chime).to_be_checked()
    speech.check()
    assert page.evaluate("said") == [["th-TH" if language == "th" else "en-GB", say("Received 50 baht")]]
