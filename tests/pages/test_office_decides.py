"""What shops and citizens wait for: Anan decides about a shop, an account, an appeal and a list, and stops a shop."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from merchants import bank_accounts, suspensions
from merchants.models import Merchant
from settlement import tallies
from subsidies.models import AppealDecision, ListApproval
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, buy, thai_id
from tests.merchants.test_applications import applied
from tests.pages.eyes import look
from tests.pages.test_finance_office import Say, at_desk
from tests.settlement.office import Office
from tests.shopkeepers import keeper
from tests.subsidies.test_appeals import BY_LISTS, CARD, ask
from tests.subsidies.test_lists import csv_of, in_force, upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

REASON = "as the registry says"


@pytest.fixture
def stage() -> Stage:
    """A market whose scheme refuses whom a list names, and takes appeals."""
    stage = Stage()
    stage.open_books()
    stage.scheme(document=BY_LISTS, funded=100_000_000_000_00)
    return stage


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def waiting(stage: Stage, office: Office, malee: Stall) -> None:
    """Somchai has bought something; a shop, an owner, Nok and Ploy wait for an answer."""
    buy(stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), malee, 100_00)
    applied(stage.citizen("prasert"))
    owner = keeper(malee)
    bank_accounts.ask(
        staff_id=owner.member.id,
        bank_code="BKKBTHBK",
        bank_account="5555512345",
        second_factor=owner.code(),
        at=NOON,
    )
    ask(_refused(stage, office))
    upload(office, csv_of(50, 51))
    tallies.count(behind=dt.timedelta())


def _refused(stage: Stage, office: Office) -> Citizen:
    in_force(office, thai_id(stage.people).encode(), code=CARD)
    return stage.citizen("nok")


@pytest.mark.parametrize(("size", "language"), [("desk", "th"), ("tablet", "en")])
@pytest.mark.usefixtures("waiting")
def test_anan_decides_what_shops_and_citizens_wait_for(page: Page, office: Office, malee: Stall, say: Say) -> None:
    at_desk(page, office.anan)
    page.goto("/office/")
    page.get_by_text(say("The same as a table")).first.click()
    expect(page.get_by_role("row", name="12:00")).to_contain_text("50.00")
    look(page, "office-today-people")

    follow(page, "ข้าวแกงประเสริฐ", "office-application")
    page.get_by_label(say("Code from your authenticator")).fill(office.anan.code())
    press(page, say("Take the shop in"))
    expect(page.get_by_text(say("It was approved."))).to_be_visible()
    assert Merchant.objects.filter(name="ข้าวแกงประเสริฐ").exists()

    follow(page, say("A shop asks for another bank account"), "office-account")
    page.get_by_label(say("How do you know that it is the shop's own?")).fill("called her on her old number")
    press(page, say("Vouch for the new account"))
    expect(page.get_by_text(say("You vouched for it; another officer approves it."))).to_be_visible()

    at_desk(page, office.ploy)
    follow(page, say("A shop asks for another bank account"), "office-account-vouched")
    page.get_by_label(say("Code from your authenticator")).fill(office.ploy.code())
    press(page, say("Approve the new account"))
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "cooling_off")
    page.get_by_label(say("Why not?")).fill(REASON)
    press(page, say("Reject it"))
    expect(page.get_by_text(REASON)).to_be_visible()
    assert bank_accounts.waiting(at_most=1) == []

    at_desk(page, office.anan)

    follow(page, say("A citizen appeals"), "office-appeal")
    page.get_by_label(say("Why?")).fill(REASON)
    press(page, say("Lift the rule for this citizen"))
    expect(page.get_by_text(say("The rule was lifted for this citizen."))).to_be_visible()
    assert AppealDecision.objects.get().granted

    follow(page, say("A list of people waits for a second officer"), "office-list")
    page.get_by_label(say("Code from your authenticator")).fill(office.anan.code())
    press(page, say("Put this list in force"))
    expect(page.get_by_role("button", name=say("Put this list in force"))).to_have_count(0)
    assert ListApproval.objects.filter(list__made_by=office.ploy.officer).count() == 2

    page.goto("/office/budgets/")
    look(page, "office-budgets")
    page.goto(f"/office/shops/{malee.merchant.id}/")
    page.get_by_label(say("Why is it stopped?")).fill(REASON)
    press(page, say("Stop it from taking payments"))
    expect(page.get_by_text(REASON)).to_be_visible()
    look(page, "office-shop-stopped")
    page.get_by_label(say("Why may it go on?")).fill("it was another stall")
    press(page, say("Let it take payments again"))
    expect(page.get_by_text(say("This shop may take payments."))).to_be_visible()
    assert suspensions.now(merchant=malee.merchant) is None


def follow(page: Page, words: str, name: str) -> None:
    page.goto("/office/")
    page.get_by_role("link", name=words).click()
    look(page, name)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).click()
