"""Every state in which a citizen may find a page, in both languages: each says why, and what to do next."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from merchants import charges, suspensions, typed_codes
from tests.cast import NOON, PIN, PLUS, STAGE_HAND, Citizen, Stage, ask, buy
from tests.pages.conftest import at_home
from tests.pages.eyes import look, walk
from tests.pages.market import confirm, pay_address, show_code
from tests.pages.words import in_words
from wallet import clock, people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

Say = Callable[..., str]

# The form is sent, and for as long as we look no answer comes.
SEND_INTO_A_TUNNEL = """() => {
  const form = document.querySelector("main form");
  form.addEventListener("submit", (event) => event.preventDefault(), { once: true });
  form.requestSubmit();
}"""
FOCUSED = "() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent"


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def phone(open_browser: Callable[..., Page], somchai: Citizen, language: str) -> Page:
    """Somchai's phone, on which he is signed in."""
    page = open_browser(language=language)
    at_home(page, somchai)
    return page


def test_outside_the_hours_the_state_does_not_pay_and_he_may_choose_to(phone: Page, stage: Stage, say: Say) -> None:
    late = NOON.replace(hour=23, minute=30)
    clock.stand_at(late)
    phone.goto("/home/")
    look(phone, "home-closed")
    show_code(phone, ask(stage.stall("malee"), 100_00, at=late), say)
    expect(phone.locator("[data-code=outside_hours]")).to_be_visible()
    look(phone, "pay-closed")
    phone.get_by_role("link", name=say("Pay all %(price)s baht with my own money", price="100.00")).click()
    expect(phone.get_by_role("definition")).to_have_text(["100.00", "0.00"])
    look(phone, "pay-own")
    confirm(phone, "100.00", say)
    phone.wait_for_url("**/payments/*/")
    look(phone, "receipt-own")


def test_who_has_too_little_money_is_told_how_much_is_missing(phone: Page, stage: Stage, say: Say) -> None:
    show_code(phone, ask(stage.stall("malee"), 1_000_00), say)
    look(phone, "pay-short")
    phone.get_by_role("main").get_by_role("link", name=say("Top up")).click()
    expect(phone.get_by_label(say("How much?"))).to_have_value("300.00")


def test_a_charge_that_cannot_be_paid_says_why(phone: Page, stage: Stage, say: Say) -> None:
    malee, prasert = stage.stall("malee"), stage.stall("prasert")
    expired, cancelled, paid, suspended = ask(malee, 50_00), ask(malee, 60_00), ask(malee, 70_00), ask(prasert, 80_00)
    charges.cancel(till=malee.till, charge_id=cancelled.id, at=NOON)
    other = stage.citizen("prasert", cash_satang=500_00, enrolled=PLUS)
    payment = buy(other, malee, 70_00)
    suspensions.suspend(merchant=prasert.merchant, reason="complaints", actor=STAGE_HAND, at=NOON)
    cases = {"charge_cancelled": cancelled.id, "already_paid": payment.charge_id, "merchant_suspended": suspended.id}
    for code, charge_id in cases.items():
        shop = prasert if charge_id == suspended.id else malee
        payload = charges.payload(charges.of(merchant_id=shop.merchant.id, charge_id=charge_id))
        phone.goto(pay_address(payload))
        expect(phone.get_by_role("alert")).to_have_attribute("data-code", code)
        look(phone, code)
    clock.stand_at(NOON + dt.timedelta(minutes=5))
    phone.goto(pay_address(charges.payload(expired)))
    expect(phone.get_by_role("alert")).to_have_attribute("data-code", "charge_expired")
    look(phone, "charge_expired")
    phone.goto(pay_address(charges.payload(paid)[:40]))
    expect(phone.get_by_role("alert")).to_have_attribute("data-code", "qr_truncated")
    phone.goto("/refusals/")
    look(phone, "refusals")


def test_digits_that_no_shop_shows_are_told_so(phone: Page, say: Say) -> None:
    phone.goto("/scan/")
    phone.get_by_label(say("The digits below the QR")).fill("12345")
    phone.get_by_role("button", name=say("Go on")).click()
    expect(phone.get_by_label(say("The digits below the QR"))).to_have_attribute("aria-invalid", "true")
    look(phone, "scan-digits-wrong")
    phone.get_by_label(say("The digits below the QR")).fill("123-456-7890")
    phone.get_by_role("button", name=say("Go on")).click()
    expect(phone.get_by_role("alert")).to_have_attribute("data-code", "charge_unknown")


def test_nok_is_in_no_scheme_and_sees_why(
    stage: Stage, open_browser: Callable[..., Page], language: str, say: Say
) -> None:
    page = open_browser(language=language)
    at_home(page, stage.citizen("nok", cash_satang=100_00))
    page.goto("/home/")
    look(page, "home-nok")
    page.get_by_role("main").get_by_role("link", name=say("Schemes that you can join")).click()
    look(page, "schemes-closed")
    page.goto(f"/schemes/{PLUS}/")
    look(page, "scheme-closed")


def test_a_lost_phone_is_signed_out_and_the_pin_changed(phone: Page, somchai: Citizen, say: Say) -> None:
    people.sign_in(
        phone="0800000000", pin=PIN, device_id=None, device_name="Android", device_key=None, address="::1", at=NOON
    )
    phone.goto("/me/")
    look(phone, "me")
    phone.get_by_role("button", name=say("Sign out %(name)s", name="Android")).click()
    expect(phone.get_by_text("Android")).to_have_count(0)
    phone.get_by_role("link", name=say("Change my PIN")).click()
    look(phone, "pin")
    phone.get_by_label(say("The PIN that it is now")).fill("135797")
    phone.get_by_label(say("The new PIN")).fill("864202")
    phone.get_by_role("button", name=say("Change it")).click()
    expect(phone.get_by_role("alert")).to_have_attribute("data-code", "pin_wrong")
    phone.get_by_label(say("The PIN that it is now")).fill(PIN)
    phone.get_by_label(say("The new PIN")).fill("864202")
    phone.get_by_role("button", name=say("Change it")).click()
    phone.wait_for_url("**/changed/")
    look(phone, "pin-changed")
    phone.goto("/me/")
    phone.get_by_role("button", name=say("Sign out here")).click()
    phone.goto("/home/")
    phone.wait_for_url("**/sign-in/**")


def test_a_slow_line_says_that_waiting_is_safe(phone: Page, stage: Stage, say: Say) -> None:
    show_code(phone, ask(stage.stall("malee"), 100_00), say)
    phone.get_by_label(say("Your PIN")).fill(PIN)
    phone.evaluate(SEND_INTO_A_TUNNEL)
    expect(phone.locator(".sending")).to_be_visible()
    look(phone, "pay-slow")


def test_a_pin_that_is_locked_says_until_when(phone: Page, stage: Stage, say: Say) -> None:
    show_code(phone, ask(stage.stall("malee"), 100_00), say)
    for _ in range(5):
        confirm(phone, "50.00", say, pin="135797")
    expect(phone.get_by_role("alert").first).to_have_attribute("data-code", "pin_locked")
    look(phone, "pay-pin-locked")


def test_public_pages_explain_themselves(page: Page) -> None:
    for name, address in {"help": "/help/", "developers": "/developers/", "rules": f"/schemes/{PLUS}/"}.items():
        page.goto(address)
        for summary in page.locator("summary").all():
            summary.click()
        look(page, name)


def test_a_payment_by_keyboard_alone(open_browser: Callable[..., Page], stage: Stage, somchai: Citizen) -> None:
    page = open_browser(size="desk", language="en")
    at_home(page, somchai)

    def tab_to(name: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if name in page.evaluate(FOCUSED):
                return
        raise AssertionError(f"never came to {name}")

    charge = ask(stage.stall("malee"), 100_00)
    page.goto("/home/")
    walk(page)
    tab_to("Scan and pay")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scan/")
    tab_to("The digits below the QR")
    page.keyboard.type(typed_codes.of(charge.id))
    page.keyboard.press("Enter")
    page.wait_for_url("**/pay/**")
    tab_to("Your PIN")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/payments/*/")
    walk(page)


def test_a_receipt_moves_and_under_reduced_motion_only_its_time_does(
    open_browser: Callable[..., Page], stage: Stage, somchai: Citizen
) -> None:
    payment = buy(somchai, stage.stall("malee"), 100_00)
    moving = "() => getComputedStyle(document.querySelector('.moving')).animationName"
    for motion, expected in (("no-preference", "pass"), ("reduce", "none")):
        page = open_browser(reduced_motion=motion)
        at_home(page, somchai)
        page.goto(f"/payments/{payment.id}/")
        assert page.evaluate(moving) == expected
        shown = page.locator(".now b").inner_text()
        expect(page.locator(".now b")).not_to_have_text(shown, timeout=3_000)


def test_a_phone_that_lost_its_line_says_so(open_browser: Callable[..., Page], somchai: Citizen) -> None:
    page = open_browser(service_workers="allow")
    at_home(page, somchai)
    page.goto("/home/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.goto("/payments/")
    expect(page.get_by_role("heading", level=1)).to_have_text(in_words("th", "You are offline"))
    page.context.set_offline(False)
    page.goto("/home/")
    expect(page.locator("#offline")).to_be_hidden()
