"""Audit: who did what on which day; and a scheme's report that foots."""

import pytest
from playwright.sync_api import Page, expect

from merchants import looks, suspensions
from subsidies import freezing, stops
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, buy
from tests.pages.conftest import EACH_ONCE, at_home
from tests.pages.eyes import look, walk
from tests.pages.test_finance_office import Say, at_desk
from tests.settlement.office import Office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

REASON = "cash for rights, seen by a neighbour"


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=900_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def acts(office: Office, somchai: Citizen, malee: Stall) -> None:
    """Ploy suspended a scheme and stopped a shop; Anan looked at that shop and put Somchai's rights on hold."""
    stops.suspend(code=PLUS, reason=REASON, actor=office.ploy.actor, at=NOON)
    suspensions.suspend(merchant=malee.merchant, reason=REASON, actor=office.ploy.actor, at=NOON)
    looks.dossier(merchant_id=malee.merchant.id, reason="a visit", actor=office.anan.actor, at=NOON)
    freezing.freeze(citizen_id=somchai.id, reason="two towns", actor=office.anan.actor, at=NOON)


@pytest.mark.usefixtures("acts")
@EACH_ONCE
def test_what_was_done_is_found_by_who_what_and_day(page: Page, office: Office, malee: Stall, say: Say) -> None:
    at_desk(page, office.ploy)
    page.goto("/office/audit/")
    look(page, "office-audit")
    assert reasons(page)[:4] == ["two towns", "a visit", REASON, REASON]
    page.get_by_label(say("Who"), exact=True).select_option(label="anan")
    ask(page, say)
    assert reasons(page) == ["two towns", "a visit"]
    page.get_by_label(say("What"), exact=True).select_option("merchant.look")
    ask(page, say)
    assert reasons(page) == ["a visit"]
    page.get_by_label(say("Day"), exact=True).fill("2025-10-30")
    ask(page, say)
    expect(page.get_by_text(say("Nothing was done that fits."))).to_be_visible()
    look(page, "office-audit-nothing")
    page.goto(f"/office/shops/{malee.merchant.id}/")
    page.get_by_role("link", name=say("What was done about this shop")).click()
    assert reasons(page)[:2] == ["a visit", REASON]
    page.get_by_role("link", name=say("stopped a shop")).click()
    page.wait_for_url(f"**/office/shops/{malee.merchant.id}/")


def reasons(page: Page) -> list[str]:
    """Return why, of each row, newest first."""
    return [cell.inner_text().split("\n")[0].strip() for cell in page.locator("tbody tr td:last-child").all()]


def ask(page: Page, say: Say) -> None:
    page.get_by_role("button", name=say("Search")).click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("size", "language"), [("desk", "th")])
def test_more_than_a_page_of_acts_goes_on_with_what_is_earlier(
    page: Page, office: Office, malee: Stall, say: Say
) -> None:
    for visit in range(60):
        looks.dossier(merchant_id=malee.merchant.id, reason=f"visit {visit}", actor=office.anan.actor, at=NOON)
    at_desk(page, office.ploy)
    page.goto("/office/audit/?what=merchant.look")
    assert (reasons(page)[0], len(reasons(page))) == ("visit 59", 50)
    page.get_by_role("link", name=say("Earlier")).click()
    page.wait_for_load_state()
    assert reasons(page) == [f"visit {visit}" for visit in range(9, -1, -1)]


@EACH_ONCE
def test_a_schemes_report_foots_and_is_had_as_a_file(
    page: Page, office: Office, somchai: Citizen, malee: Stall, say: Say
) -> None:
    buy(somchai, malee, 100_00)
    at_desk(page, office.ploy)
    page.goto("/office/budgets/")
    page.get_by_role("link", name=say("Its report")).click()
    expect(page.get_by_text(say("It adds up to the ledger, to the satang."))).to_be_visible()
    page.get_by_label(say("Cut by")).select_option("province")
    page.get_by_role("button", name=say("Show"), exact=True).click()
    expect(page.get_by_role("row", name="กรุงเทพมหานคร")).to_contain_text("50.00")
    look(page, "office-report")
    walk(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name=say("As a file for a spreadsheet")).click()
    assert taken.value.path().read_text().startswith("shop_province,payments,price_satang")
    page.goto("/office/reports/no-such-scheme/")
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "scheme_unknown")


@pytest.mark.parametrize(("size", "language"), [("phone", "en")])
def test_a_citizen_sees_neither(page: Page, somchai: Citizen) -> None:
    at_home(page, somchai)
    for address in ("/office/audit/", f"/office/reports/{PLUS}/", f"/office/reports/{PLUS}/csv/", "/office/shops/"):
        page.goto(address)
        expect(page.get_by_role("alert")).to_have_attribute("data-code", "not_your_role")
