"""Malee cooks for later: the money is held, taken as she hands over, and what she does not take comes back."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from merchants import charges, posters, presented, proposals
from merchants.models import Charge, Hold, Payment, Release
from tests.cast import NOON, PLUS, Citizen, Stage, Stall
from tests.counter import ask_to_hold, capture, confirm_hold, hold
from tests.pages.conftest import at_home
from tests.pages.eyes import look, walk
from tests.pages.market import confirm, pay_address, show_code
from tests.pages.stall import as_staff, as_till, sent_twice
from tests.pages.words import in_words
from tests.shopkeepers import keeper
from wallet import clock
from wallet.models import Channel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

Say = Callable[..., str]


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def till(open_browser: Callable[..., Page], malee: Stall, language: str) -> Page:
    """A phone that is Malee's till."""
    page = open_browser(language=language)
    as_till(page, malee)
    return page


@pytest.fixture
def phone(open_browser: Callable[..., Page], somchai: Citizen, language: str) -> Page:
    """Somchai's phone, on which he is signed in."""
    page = open_browser(language=language)
    at_home(page, somchai)
    return page


def test_an_order_is_held_taken_in_parts_and_the_rest_let_go(till: Page, phone: Page, say: Say) -> None:
    till.goto("/shop/holds/")
    look(till, "shop-holds-none")
    till.get_by_role("link", name=say("Hold for delivery or pre-order")).click()
    till.get_by_label(say("Price in baht")).fill("100")
    till.get_by_label(say("What you know it by")).fill("table 4")
    look(till, "shop-hold-keypad")
    till.get_by_role("button", name=say("Show the QR")).click()
    till.wait_for_url("**/shop/charges/*/")
    look(till, "shop-charge-to-hold")
    charge = Charge.objects.get()
    assert (charge.amount, charge.hold_seconds, charge.note, charge.channel) == (
        100_00,
        3 * 3_600,
        "table 4",
        Channel.SHOP,
    )

    show_code(phone, charge, say)
    look(phone, "pay-to-hold")
    confirm(phone, "50.00", say)
    phone.wait_for_url("**/holds/*/")
    look(phone, "held")
    expect(till.locator("#charge")).to_have_attribute("data-state", "held", timeout=3_000)
    look(till, "shop-held")
    till.get_by_role("link", name=say("Take it or let it go")).click()
    look(till, "shop-hold")
    till.get_by_label(say("Handed over, in baht")).fill("60.50")
    till.get_by_role("button", name=say("Take this money")).click()
    expect(till.locator("#left")).to_contain_text("39.50")
    till.get_by_text(say("Nothing more will be handed over?")).click()
    look(till, "shop-hold-taken-in-part")
    till.get_by_role("button", name=say("Let it go back")).click()
    expect(till.locator("#state")).to_have_attribute("data-state", "captured_in_part")
    look(till, "shop-hold-over")

    phone.reload()
    expect(
        phone.get_by_text(say("%(released)s baht came back, each share where it came from.", released="39.50"))
    ).to_be_visible()
    look(phone, "held-over")
    phone.goto("/payments/")
    look(phone, "history-held")
    assert [payment.price for payment in Payment.objects.all()] == [60_50]
    assert Release.objects.get().amount == 39_50


def test_home_says_what_is_set_aside_and_until_when(phone: Page, somchai: Citizen, malee: Stall, say: Say) -> None:
    hold(somchai, malee, 80_00)
    phone.goto("/home/")
    expect(phone.get_by_role("region", name=say("Set aside for later")).get_by_text("80.00")).to_be_visible()
    look(phone, "home-held")
    phone.get_by_role("link", name="malee").click()
    phone.wait_for_url("**/holds/*/")
    clock.stand_at(NOON + dt.timedelta(hours=3))
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text(say("The time is over"))
    look(phone, "held-expired")


def test_a_delivery_has_its_fare_on_a_line_of_its_own(till: Page, say: Say) -> None:
    till.goto("/shop/holds/new/")
    till.get_by_label(say("Price in baht")).fill("100")
    till.get_by_label(say("It is delivered (food and drink)")).check()
    till.get_by_label(say("Delivery fee in baht")).fill("30.25")
    till.get_by_label(say("Hold the money for")).select_option("24")
    till.get_by_role("button", name=say("Show the QR")).click()
    till.wait_for_url("**/shop/charges/*/")
    charge = Charge.objects.get()
    assert (charge.amount, charge.channel, charge.hold_seconds) == (130_25, Channel.DELIVERY, 24 * 3_600)
    assert charge.lines == [{"category": "food", "amount": 100_00}, {"category": "delivery_fee", "amount": 30_25}]


def test_amounts_that_cannot_be_taken_are_told_so(till: Page, somchai: Citizen, malee: Stall, say: Say) -> None:
    held = hold(somchai, malee, 100_00)
    till.goto(f"/shop/holds/{held.id}/")
    for typed, code in (("100.01", "capture_over_rest"), ("0", "fields_wrong"), ("-5", "fields_wrong")):
        till.get_by_label(say("Handed over, in baht")).fill(typed)
        till.get_by_role("button", name=say("Take this money")).click()
        expect(till.get_by_role("alert").first).to_have_attribute("data-code", code)
    look(till, "shop-hold-amount-wrong")
    till.goto("/shop/holds/new/")
    till.get_by_label(say("Price in baht")).fill("a hundred")
    till.get_by_role("button", name=say("Show the QR")).click()
    expect(till.get_by_label(say("Price in baht"))).to_have_attribute("aria-invalid", "true")
    assert not Payment.objects.exists()


def test_a_double_tap_takes_once_and_going_back_shows_the_truth(
    till: Page, somchai: Citizen, malee: Stall, say: Say
) -> None:
    held = hold(somchai, malee, 100_00)
    till.goto(f"/shop/holds/{held.id}/")
    till.get_by_label(say("Handed over, in baht")).fill("40")
    assert sent_twice(till, "form[action$='/capture/']") == (302, 302)
    assert [payment.price for payment in Payment.objects.all()] == [40_00]
    till.goto(f"/shop/holds/{held.id}/capture/")
    till.wait_for_url(f"**/shop/holds/{held.id}/")
    expect(till.locator("#left")).to_contain_text("60.00")
    assert sent_twice(till, "form[action$='/release/']") == (302, 302)
    assert Release.objects.get().amount == 60_00
    till.go_back()
    till.go_forward()
    expect(till.locator("#state")).to_have_attribute("data-state", "captured_in_part")


def test_what_expired_cannot_be_taken_any_more(till: Page, somchai: Citizen, malee: Stall, say: Say) -> None:
    held = hold(somchai, malee, 100_00)
    till.goto(f"/shop/holds/{held.id}/")
    clock.stand_at(NOON + dt.timedelta(hours=3))
    till.get_by_role("button", name=say("Take this money")).click()
    expect(till.get_by_role("alert")).to_have_attribute("data-code", "hold_expired")
    look(till, "shop-hold-expired")


def test_who_cancels_too_late_sees_that_it_is_held(till: Page, somchai: Citizen, malee: Stall, say: Say) -> None:
    charge = ask_to_hold(malee, 60_00)
    till.goto(f"/shop/charges/{charge.id}/")
    confirm_hold(somchai, charge)
    till.request.post(
        f"/shop/charges/{charge.id}/cancel/",
        form={"csrfmiddlewaretoken": till.locator("form [name=csrfmiddlewaretoken]").first.input_value()},
        headers={"Referer": till.url},
    )
    till.goto(f"/shop/charges/{charge.id}/?late=1")
    expect(till.locator(".late")).to_be_visible()
    look(till, "shop-held-late")


def test_the_same_scan_again_leads_to_what_is_held(phone: Page, somchai: Citizen, malee: Stall) -> None:
    charge = ask_to_hold(malee, 60_00)
    held = confirm_hold(somchai, charge)
    phone.goto(pay_address(charges.payload(charge)))
    phone.wait_for_url(f"**/holds/{held.id}/")


def test_a_customers_code_and_a_poster_can_be_for_later_too(
    till: Page, somchai: Citizen, malee: Stall, say: Say
) -> None:
    (code,) = presented.codes(device_id=somchai.device.id, ahead=0, at=NOON)
    till.goto("/shop/customer/")
    till.get_by_label(say("Price in baht")).fill("70")
    till.get_by_label(say("Or the code, by a hand scanner")).fill(code.payload)
    till.get_by_text(say("For later?")).click()
    till.get_by_label(say("Hold the money for")).select_option("72")
    look(till, "shop-customer-for-later")
    till.get_by_role("button", name=say("Ask the customer")).click()
    till.wait_for_url("**/shop/charges/*/")
    poster = posters.make(by=keeper(malee).member, branch_id=None, at=NOON)
    proposals.propose(
        citizen_id=somchai.id, payload=posters.payload(poster), amount=40_00, key="at the poster", at=NOON
    )
    till.goto("/shop/waiting/")
    till.get_by_text(say("For later?")).click()
    till.get_by_label(say("Hold the money for")).select_option("1")
    till.get_by_role("button", name=say("Yes"), exact=True).click()
    till.wait_for_url("**/shop/charges/*/")
    assert sorted(Charge.objects.values_list("amount", "hold_seconds")) == [(40_00, 3_600), (70_00, 72 * 3_600)]


def test_nobody_sees_or_takes_what_is_held_for_others(
    open_browser: Callable[..., Page], stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    held = hold(somchai, malee, 60_00)
    page = open_browser()
    as_till(page, stage.stall("prasert"))
    assert page.goto(f"/shop/holds/{held.id}/").status == 404  # type: ignore[union-attr]  # an answer came
    page.goto("/shop/holds/?which=all")
    expect(page.get_by_text("60.00")).to_have_count(0)
    at_home(page, stage.citizen("nok"))
    assert page.goto(f"/holds/{held.id}/").status == 404  # type: ignore[union-attr]  # the same
    as_staff(page, malee)
    assert page.goto("/shop/holds/new/").status == 403  # type: ignore[union-attr]  # the same
    assert Hold.objects.get().id == held.id


def test_a_list_of_holds_is_walked_by_keyboard_and_turned_over(
    open_browser: Callable[..., Page], somchai: Citizen, malee: Stall
) -> None:
    for _ in range(21):
        capture(malee, hold(somchai, malee, 10_00), 10_00)
    page = open_browser(size="tablet", language="en")
    as_staff(page, malee)
    page.goto("/shop/holds/?which=all")
    look(page, "shop-holds-all")
    walk(page)
    page.get_by_role("link", name=in_words("en", "Earlier ones")).click()
    expect(page.locator(".rows li")).to_have_count(1)
