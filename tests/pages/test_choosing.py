"""Somchai chooses which of his rights pays, and with which coupons; or none, which never happens by itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from merchants import charges
from merchants.models import Payment
from tests.cast import OPENING, PLUS, Citizen, Stage, Stall, ask
from tests.pages.conftest import at_home
from tests.pages.eyes import look
from tests.pages.market import confirm, pay_address, show_code
from tests.subsidies.programmes import HALF_EACH, join

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

Say = Callable[..., str]

COUPONS = HALF_EACH.replace("2025-11-01T00:00:00", "2025-10-20T00:00:00").replace(
    "rates = [{ rate_bp = 5_000 }]",
    """rates = [{ rate_bp = 10_000 }]
notes = [{ code = "fifty", value_satang = 50_00, count = 1 }, { code = "twenty", value_satang = 20_00, count = 3 }]
rest_of_note = "lost"

[[grants]]
code = "coupons"
amount_satang = 110_00
""",
)


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    """Somchai, with a half of everything and four coupons."""
    stage.scheme(document=COUPONS)
    somchai = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    join(stage, somchai, "half-each", at=OPENING)
    return somchai


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def phone(open_browser: Callable[..., Page], somchai: Citizen, language: str) -> Page:
    """Somchai's phone, on which he is signed in."""
    page = open_browser(language=language)
    at_home(page, somchai)
    return page


def boxes(phone: Page) -> tuple[str, ...]:
    """Return the rights that are ticked."""
    ticked = phone.locator("input[name=use]:checked")
    return tuple(str(box.get_attribute("value")) for box in ticked.all())


def test_two_coupons_of_twenty_pay_and_the_fifty_stays(phone: Page, malee: Stall, say: Say) -> None:
    show_code(phone, ask(malee, 100_00), say)
    phone.get_by_text(say("Choose which right pays")).click()
    assert set(boxes(phone)) == {PLUS, "half-each"}
    phone.locator(f"input[value={PLUS}]").uncheck()
    expect(phone.get_by_label(say("Your PIN"))).to_be_hidden()  # the split that was shown is not what he wants now
    phone.get_by_label(say("Notes of %(value)s baht", value="50.00")).fill("")
    phone.get_by_label(say("Notes of %(value)s baht", value="20.00")).fill("2")
    look(phone, "pay-choosing")
    phone.get_by_role("button", name=say("Show who pays what")).click()
    expect(phone.get_by_role("definition")).to_have_text(["60.00", "40.00"])
    look(phone, "pay-chosen")
    confirm(phone, "60.00", say, pin="135797")
    expect(phone.get_by_role("alert").first).to_have_attribute("data-code", "pin_wrong")
    assert boxes(phone) == ("half-each",), "what was chosen is still chosen"
    confirm(phone, "60.00", say)
    phone.wait_for_url("**/payments/*/")
    (share,) = Payment.objects.get().shares
    assert share["notes"] == {"twenty": 2}


def test_choosing_no_right_asks_once_more_before_all_is_paid(phone: Page, malee: Stall, say: Say) -> None:
    show_code(phone, ask(malee, 100_00), say)
    phone.get_by_text(say("Choose which right pays")).click()
    for box in phone.locator("input[name=use]").all():
        box.uncheck()
    phone.get_by_role("button", name=say("Show who pays what")).click()
    expect(phone.get_by_text(say("You have chosen no right, so the State does not pay."))).to_be_visible()
    expect(phone.get_by_label(say("Your PIN"))).to_have_count(0)
    look(phone, "pay-none-chosen")
    phone.get_by_role("link", name=say("Pay all %(price)s baht with my own money", price="100.00")).click()
    confirm(phone, "100.00", say)
    phone.wait_for_url("**/payments/*/")
    assert Payment.objects.get().citizen_share == 100_00


def test_coupons_that_somchai_does_not_have_are_refused_before_he_pays(phone: Page, malee: Stall, say: Say) -> None:
    address = pay_address(charges.payload(ask(malee, 100_00)))
    phone.goto(f"{address}&choice=1&use=half-each&note:half-each:twenty=9")
    expect(phone.locator("[data-code=notes_not_yours]")).to_be_visible()
    expect(phone.get_by_label(say("Your PIN"))).to_have_count(0)
    look(phone, "pay-notes-refused")
    phone.goto(f"{address}&choice=1&use=half-each&note:half-each:twenty=many")
    expect(phone.get_by_role("alert")).to_have_attribute("data-code", "fields_wrong")


def test_somchai_chooses_without_a_script(open_browser: Callable[..., Page], somchai: Citizen, malee: Stall) -> None:
    page = open_browser(language="en", java_script_enabled=False)
    at_home(page, somchai)
    page.goto(pay_address(charges.payload(ask(malee, 100_00))))
    page.get_by_text("Choose which right pays").click()
    page.get_by_label("Half each").uncheck()
    page.get_by_role("button", name="Show who pays what").click()
    expect(page.get_by_role("definition")).to_have_text(["50.00", "50.00"])
    assert boxes(page) == (PLUS,)
