"""What Malee took in a month: in sum, by branch and till, line by line, and as a file for her spreadsheet."""

import csv
import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from merchants import branches, tills
from merchants.models import Role
from tests.cast import NOON, PLUS, STAGE_HAND, Citizen, Stage, Stall, buy
from tests.counter import give_back
from tests.pages.conftest import EACH_ONCE
from tests.pages.eyes import look
from tests.pages.stall import as_staff, as_till
from tests.pages.words import in_words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

Say = Callable[..., str]
PLACE = {"province": "เชียงใหม่", "district": "เมืองเชียงใหม่"}


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=900_00, enrolled=PLUS)


@pytest.fixture
def market(malee: Stall) -> Stall:
    """Malee's second till, at her branch in the market."""
    branch = branches.add(merchant=malee.merchant, name="the market", facts=PLACE, actor=STAGE_HAND, at=NOON)
    till, secret = tills.add(merchant=malee.merchant, name="till 2", branch=branch, actor=STAGE_HAND, at=NOON)
    return Stall("malee", malee.merchant, till, secret)


@EACH_ONCE
def test_a_statement_adds_up_in_all_and_by_till(
    page: Page, malee: Stall, market: Stall, somchai: Citizen, say: Say
) -> None:
    paid = buy(somchai, malee, 100_00)
    buy(somchai, market, 60_00)
    give_back(malee, paid, 30_00)
    as_staff(page, malee)
    page.goto("/shop/money/")
    page.get_by_role("link", name=say("Statement of a longer time")).click()
    expect(page.locator("#net")).to_contain_text("130.00")
    look(page, "shop-statement")
    with page.expect_download() as downloading:
        page.get_by_role("link", name=say("Download for a spreadsheet (CSV)")).click()
    assert downloading.value.suggested_filename == "statement-2025-10-01-2025-10-31.csv"
    written = downloading.value.path().read_text(encoding="utf-8-sig")
    assert [row["price_baht"] for row in csv.DictReader(io.StringIO(written))] == ["100.00", "60.00", "-30.00"]
    page.get_by_role("link", name="the market").click()
    expect(page.locator("#net")).to_contain_text("60.00")
    look(page, "shop-statement-of-a-branch")
    page.get_by_role("link", name=say("Show all of it")).click()
    page.get_by_role("link", name="till 1").click()
    expect(page.locator("#net")).to_contain_text("70.00")


def test_times_that_are_no_times_are_told_so(open_browser: Callable[..., Page], malee: Stall, language: str) -> None:
    page = open_browser(language=language)
    as_staff(page, malee, Role.MANAGER)
    page.goto("/shop/statement/?since=2025-10-31&until=2025-10-30")
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "statement_too_long")
    page.goto("/shop/statement/?since=yesterday&until=2025-10-30")
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "fields_wrong")
    page.goto("/shop/statement/?since=2025-09-01&until=2025-09-30")
    look(page, "shop-statement-empty")


def test_a_statement_is_for_the_staff_of_the_shop(
    open_browser: Callable[..., Page], stage: Stage, malee: Stall, somchai: Citizen
) -> None:
    buy(somchai, malee, 100_00)
    page = open_browser(size="tablet", language="en")
    as_till(page, malee)
    assert page.goto("/shop/statement/").status == 403  # type: ignore[union-attr]  # an answer came
    as_staff(page, stage.stall("prasert"))
    page.goto(f"/shop/statement/?place={malee.till.id}")
    expect(page.locator("#net")).to_contain_text("0.00")
    as_staff(page, malee, Role.CASHIER)
    page.goto("/shop/statement/")
    # A date has three parts to walk through; which of the fields one is in is seen all the same.
    page.get_by_label(in_words("en", "From")).focus()
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
