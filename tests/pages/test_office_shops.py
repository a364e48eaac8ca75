"""Shops: found by name or number, looked at for a reason that their owners read."""

import pytest
from playwright.sync_api import Page, expect

from merchants import qr, suspensions
from merchants.models import Look
from tests.cast import NOON, Stage, Stall
from tests.merchants.test_applications import applied
from tests.pages.conftest import EACH_ONCE
from tests.pages.eyes import look
from tests.pages.test_finance_office import Say, at_desk
from tests.settlement.office import Office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def others(stage: Stage, office: Office) -> None:
    """Prasert's stall is stopped, and Nok applies for one."""
    prasert = stage.stall("prasert").merchant
    suspensions.suspend(merchant=prasert, reason="sells no food", actor=office.anan.actor, at=NOON)
    applied(stage.citizen("nok"))


@pytest.mark.usefixtures("others")
@EACH_ONCE
def test_a_shop_is_found_and_looked_at_for_a_reason(page: Page, office: Office, malee: Stall, say: Say) -> None:
    at_desk(page, office.ploy)
    page.goto("/office/shops/")
    expect(page.get_by_role("link", name="ข้าวแกงประเสริฐ")).to_be_visible()
    look(page, "office-shops")
    for words in ("ร้าน mal", "MALEE", qr.wallet_id_for(malee.merchant.wallet_number)):
        search(page, words, say)
        assert listed(page) == ["ร้าน malee"]
    search(page, "นก", say)
    expect(page.get_by_text(say("No shop fits."))).to_be_visible()
    search(page, "", say, only_stopped=True)
    assert listed(page) == ["ร้าน prasert"]

    page.goto(f"/office/shops/{malee.merchant.id}/")
    expect(page.get_by_text("7890")).to_have_count(0)
    look(page, "office-shop")
    page.get_by_text(say("See what only its owners see")).click()
    page.get_by_label(say("Why do you look at this shop's data?")).fill("a complaint of a customer")
    page.get_by_role("button", name=say("Show it")).click()
    expect(page.get_by_text("••••••7890")).to_be_visible()
    expect(page.get_by_text("ploy: a complaint of a customer")).to_be_visible()
    look(page, "office-shop-dossier")
    assert Look.objects.get().reason == "a complaint of a customer"


def listed(page: Page) -> list[str]:
    rows = page.locator("section[aria-labelledby=all] ul.rows .grow").all()
    return [row.inner_text().split("\n")[0].strip() for row in rows]


def search(page: Page, words: str, say: Say, *, only_stopped: bool = False) -> None:
    page.get_by_label(say("How the name begins, or the e-wallet number")).fill(words)
    page.get_by_label(say("Only shops that may take no payments")).set_checked(only_stopped)
    page.get_by_role("button", name=say("Search")).click()
    page.wait_for_load_state()
