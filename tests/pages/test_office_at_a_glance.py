"""Today at a glance: the figures move by themselves, each chart has its table, and what waits is complete."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from settlement import batches, tallies
from subsidies import budgets, freezing
from subsidies.models import BudgetWarning
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, buy
from tests.pages.conftest import EACH_ONCE, at_home
from tests.pages.eyes import look, walk
from tests.pages.test_finance_office import Say, at_desk
from tests.settlement.market import TWO, end_of_day, sell
from tests.settlement.office import Office
from wallet import clock
from wallet.ids import uuid7

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


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
def sold(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    """Somchai bought at Malee's for a hundred baht, and Nok at Prasert's in Nan for thirty of her own."""
    buy(somchai, malee, 100_00)
    sell(stage.citizen("nok", cash_satang=100_00), stage.stall("prasert", province="น่าน"), 30_00)


def count() -> None:
    tallies.count(behind=dt.timedelta())


@pytest.mark.usefixtures("sold")
@EACH_ONCE
def test_the_figures_move_by_themselves_and_each_chart_has_a_table(
    page: Page, office: Office, somchai: Citizen, malee: Stall, say: Say
) -> None:
    count()
    at_desk(page, office.ploy)
    page.goto("/office/")
    expect(page.locator("#figures")).to_contain_text("130.00")
    look(page, "office-glance")
    buy(somchai, malee, 20_00)
    count()
    expect(page.locator("#figures")).to_contain_text("150.00", timeout=15_000)
    page.reload()
    for table in page.get_by_text(say("The same as a table")).all():
        table.click()
    assert said_by_rows(page, say("Spent today, by hour")) >= {"12:00 3 90.00 60.00"}
    assert said_by_rows(page, say("Spent today, by scheme")) == {
        say("Citizens' own money") + " 90.00 0.00",
        f"{name_of_plus(page)} 60.00 0.00",
    }
    assert said_by_rows(page, say("Spent today, by province")) == {"กรุงเทพมหานคร 2 60.00 60.00", "น่าน 1 30.00 0.00"}
    (burned,) = said_by_rows(page, say("Budgets, burned against plan"))
    assert " 60.00 " in burned
    look(page, "office-glance-tables")


def said_by_rows(page: Page, title: str) -> set[str]:
    rows = page.get_by_role("table", name=title, exact=True).locator("tbody tr").all()
    return {" ".join(row.inner_text().split()) for row in rows}


def name_of_plus(page: Page) -> str:
    return "Khon La Khrueng Plus" if page.locator("html").get_attribute("lang") == "en" else "คนละครึ่ง พลัส"


@pytest.mark.parametrize(("size", "language"), [("desk", "en")])
def test_payouts_are_promised_and_then_done(page: Page, office: Office, somchai: Citizen, malee: Stall) -> None:
    sell(somchai, malee, 100_00)
    end_of_day()
    clock.stand_at(TWO)
    batches.build(at=TWO)
    at_desk(page, office.ploy)
    page.goto("/office/")
    page.locator("#payouts ~ .card summary").click()
    row = page.get_by_role("table", name="Payouts, promised and done").locator("tbody tr")
    expect(row).to_contain_text("100.00")
    expect(row).to_contain_text("to be submitted")
    look(page, "office-glance-payouts")


@pytest.mark.parametrize(("size", "language"), [("desk", "th"), ("phone", "en")])
def test_rights_on_hold_and_budgets_that_run_low_wait_for_a_look(
    page: Page, office: Office, stage: Stage, somchai: Citizen, say: Say
) -> None:
    freezing.freeze(citizen_id=somchai.id, reason="limit audit: day", actor=office.anan.actor, at=NOON)
    (scheme_id,) = budgets.totals()
    for percent in (80, 95):
        BudgetWarning.objects.create(
            id=uuid7(), scheme_id=scheme_id, of="spent", percent=percent, amount=percent, funded=100, at=NOON
        )
    at_desk(page, office.ploy)
    page.goto("/office/")
    waiting = page.get_by_role("region", name=say("Waiting for you"))
    expect(waiting).to_contain_text("95 %")
    expect(waiting).not_to_contain_text("80 %")
    look(page, "office-glance-waiting")
    waiting.get_by_role("link", name="limit audit: day").click()
    page.wait_for_url(f"**/office/people/{somchai.id}/")
    expect(page.get_by_text("limit audit: day")).to_be_visible()
    page.goto("/office/budgets/")
    expect(page.get_by_text("95 %")).to_be_visible()
    look(page, "office-budgets-warned")


@pytest.mark.parametrize(("size", "language"), [("desk", "en")])
def test_a_timetable_that_stands_still_is_told_and_the_keyboard_reaches_everything(
    page: Page, office: Office, break_books: Callable[..., None], stage: Stage
) -> None:
    break_books("UPDATE settlement_tallyreached SET until = now() - interval '3 minutes'")
    at_desk(page, office.ploy)
    page.goto("/office/")
    expect(page.get_by_text("Nothing was counted for 3 minutes.")).to_be_visible()
    look(page, "office-glance-late")
    walk(page)


@pytest.mark.parametrize("size", ["phone"])
@pytest.mark.parametrize("address", ["/office/", "/office/figures/"])
def test_a_citizen_sees_none_of_it(page: Page, somchai: Citizen, address: str) -> None:
    at_home(page, somchai)
    page.goto(address)
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "not_your_role")
