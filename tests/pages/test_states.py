"""Every state in which a citizen may find a page, in both languages: each says why, and what to do next."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg2
import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from config.screens import LARGE_COOKIE
from merchants import charges, suspensions
from tests.cast import NOON, PIN, PLUS, STAGE_HAND, Citizen, Stage, ask, buy
from tests.pages.conftest import EACH_ONCE, at_home
from tests.pages.eyes import look
from tests.pages.market import confirm, pay_address, show_code
from tests.pages.site import Site
from tests.pages.words import in_words
from wallet import clock, people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

Say = Callable[..., str]

# More than the server has threads, so that all of them answer at once.
CROWD = 16
# The form is sent, and for as long as we look no answer comes.
SEND_INTO_A_TUNNEL = """() => {
  const form = document.querySelector("#confirm");
  form.addEventListener("submit", (event) => event.preventDefault(), { once: true });
  form.requestSubmit();
}"""


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def repairs(superuser: str) -> Callable[[], AbstractContextManager[None]]:
    """Return a function by which the database lets nobody in for the length of a `with`."""

    @contextmanager
    def closed() -> Iterator[None]:
        ours = connection.settings_dict
        connection.close()
        with closing(psycopg2.connect(superuser)) as hand:
            hand.autocommit = True
            with hand.cursor() as cursor:
                cursor.execute(f'ALTER DATABASE "{ours["NAME"]}" CONNECTION LIMIT 0')
                try:
                    cursor.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = %s AND pid <> pg_backend_pid()",
                        [ours["NAME"]],
                    )
                    yield
                finally:
                    cursor.execute(f'ALTER DATABASE "{ours["NAME"]}" CONNECTION LIMIT -1')

    return closed


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


def test_while_stripe_is_away_a_top_up_waits_and_says_so(phone: Page, site: Site, say: Say) -> None:
    for button, name in (("Show the PromptPay QR", "top-up-asked"), ("Pay by card", "top-up-by-card-asked")):
        site.stripe.control("faults", kind="500", times=3)
        phone.goto("/top-ups/")
        phone.get_by_label(say("How much?")).fill("100")
        phone.get_by_role("button", name=say(button)).click()
        expect(phone.locator("#top-up")).to_have_attribute("data-state", "asked")
        look(phone, name)


def test_a_card_page_that_nobody_paid_says_that_no_money_came(phone: Page, site: Site, say: Say) -> None:
    phone.goto("/top-ups/")
    phone.get_by_label(say("How much?")).fill("100")
    phone.get_by_role("button", name=say("Pay by card")).click()
    site.stripe.control(f"checkout/{site.stripe.world.newest('checkout.session')[0]['id']}/expire")
    expect(phone.locator("#top-up")).to_have_attribute("data-state", "ended")
    look(phone, "top-up-by-card-ended")


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


def test_large_type_loses_nothing_on_the_way_of_a_payment(
    open_browser: Callable[..., Page], stage: Stage, somchai: Citizen
) -> None:
    page, malee = open_browser(), stage.stall("malee")
    at_home(page, somchai)
    large = {"name": LARGE_COOKIE, "value": "1", "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([large])  # type: ignore[list-item]  # the library's own name for such a dictionary
    payment = buy(somchai, malee, 100_00)
    to_split = pay_address(charges.payload(ask(malee, 80_00)))
    for address in ("/home/", "/scan/", to_split, f"/payments/{payment.id}/", "/payments/", "/top-ups/", "/me/"):
        page.goto(address)
        expect(page.locator("html.large")).to_have_count(1)
        look(page, f"large-{address.strip('/').split('/')[0]}{'-receipt' if str(payment.id) in address else ''}")


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


def test_while_the_books_cannot_be_reached_a_page_says_so_and_that_nothing_is_lost(
    phone: Page, site: Site, repairs: Callable[[], AbstractContextManager[None]]
) -> None:
    with repairs():
        answer = phone.goto("/home/")
        assert answer is not None
        assert answer.status == 503
        expect(phone.get_by_role("alert")).to_have_attribute("data-code", "unavailable_try_again")
        look(phone, "repairs")
    until_all_threads_answer(site)
    phone.goto("/home/")
    expect(phone.locator(".money .amount")).to_contain_text("500.00")


def until_all_threads_answer(site: Site) -> None:
    """Ask until nobody is told to come again: each thread has a connection that is gone, and says so once."""

    def is_answered(_: int) -> bool:
        try:
            with urlopen(f"{site.address}/schemes/", timeout=10) as answer:  # noqa: S310  a site of ours
                return bool(answer.status == 200)
        except HTTPError:
            return False

    with ThreadPoolExecutor(CROWD) as crowd:
        while not all(crowd.map(is_answered, range(4 * CROWD))):
            pass


def test_a_pin_that_is_locked_says_until_when(phone: Page, stage: Stage, say: Say) -> None:
    show_code(phone, ask(stage.stall("malee"), 100_00), say)
    token = phone.locator("#confirm [name=csrfmiddlewaretoken]")
    for _ in range(4):
        before = token.input_value()
        confirm(phone, "50.00", say, pin="135797")
        expect(token).not_to_have_value(before)  # of the answer, no more of the page that was asked from
    confirm(phone, "50.00", say, pin="135797")
    expect(phone.get_by_role("alert").first).to_have_attribute("data-code", "pin_locked")
    look(phone, "pay-pin-locked")


@EACH_ONCE
def test_public_pages_explain_themselves(page: Page) -> None:
    for name, address in {"help": "/help/", "developers": "/developers/", "rules": f"/schemes/{PLUS}/"}.items():
        page.goto(address)
        for summary in page.locator("summary").all():
            summary.click()
        look(page, name)


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
