"""Somchai's whole way on the pages: a wallet, a place, money in, a bowl of noodles, and money back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from merchants.models import Payment
from tests.cast import NOON, OPENING, Stage, Stall, ask
from tests.counter import give_back
from tests.pages.eyes import look
from tests.pages.market import confirm, film, hold_over
from tests.pages.site import Site
from wallet import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

Say = Callable[..., str]


@pytest.fixture
def page(open_browser: Callable[..., Page], seeing: Browser, size: str, language: str) -> Page:
    """A browser with a camera, of each size, in each language."""
    return open_browser(within=seeing, permissions=["camera"], size=size, language=language)


def test_a_newcomer_joins_tops_up_scans_pays_and_gets_money_back(
    page: Page, filmed: Path, stage: Stage, site: Site, say: Say
) -> None:
    malee = stage.stall("malee")
    clock.stand_at(OPENING)
    open_wallet(page, say)
    take_place(page, say)
    clock.stand_at(NOON)
    top_up(page, site, say)
    buy_noodles(page, filmed, malee, say)
    look_back(page, say)
    get_back(page, malee, say)


def open_wallet(page: Page, say: Say) -> None:
    page.goto("/")
    page.get_by_role("link", name=say("Open a wallet")).click()
    look(page, "join")
    page.get_by_role("link", name=say("Show who I am")).click()
    page.get_by_role("button", name="This is me").click()
    page.get_by_role("button", name="Back to G-Wallet").click()
    look(page, "join-pin")
    page.get_by_label(say("Your new PIN")).fill("123456")
    page.get_by_role("button", name=say("Open my wallet")).click()
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "pin_too_easy")
    look(page, "join-pin-too-easy")
    page.get_by_label(say("Your new PIN")).fill("246813")
    page.get_by_role("button", name=say("Open my wallet")).click()


def take_place(page: Page, say: Say) -> None:
    page.wait_for_url("**/schemes/")
    look(page, "schemes")
    page.get_by_text(say("You can join.")).click()
    look(page, "scheme")
    page.get_by_label(say("I have read the rules and accept them.")).check()
    page.get_by_role("button", name=say("Join")).click()
    expect(page.get_by_role("button", name=say("Join"))).to_have_count(0)
    look(page, "scheme-joined")


def top_up(page: Page, site: Site, say: Say) -> None:
    page.goto("/home/")
    look(page, "home")
    page.get_by_role("main").get_by_role("link", name=say("Top up")).click()
    look(page, "top-ups")
    page.get_by_label(say("How much?")).fill("9")
    page.get_by_role("button", name=say("Show the PromptPay QR")).click()
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "top_up_amount_not_accepted")
    look(page, "top-ups-too-little")
    page.get_by_label(say("How much?")).fill("900.50")
    page.get_by_role("button", name=say("Show the PromptPay QR")).click()
    expect(page.locator("#top-up")).to_have_attribute("data-state", "waiting")
    look(page, "top-up")
    site.stripe.control(f"pay/{site.stripe.world.newest('payment_intent')[0]['id']}")
    expect(page.locator("#top-up")).to_have_attribute("data-state", "arrived")
    look(page, "top-up-arrived")
    page.goto("/top-ups/")
    page.get_by_label(say("How much?")).fill("100")
    page.get_by_role("button", name=say("Pay by card")).click()
    look(page, "top-up-by-card")
    page.get_by_role("link", name=say("To the card page")).click()
    page.get_by_role("button", name="Pay by card").click()
    expect(page.locator("#top-up")).to_have_attribute("data-state", "arrived")


def buy_noodles(page: Page, filmed: Path, malee: Stall, say: Say) -> None:
    filmed.write_bytes(film(None))
    page.get_by_role("main").get_by_role("link", name=say("Scan and pay")).click()
    expect(page.get_by_text(say("Hold the QR inside the frame"))).to_be_visible()
    look(page, "scan")
    hold_over(page, filmed, ask(malee, 100_01))
    page.get_by_text(say("Why?")).click()
    expect(page.get_by_role("definition")).to_have_text(["50.01", "50.00"])
    look(page, "pay")
    confirm(page, "50.01", say, pin="135797")
    expect(page.get_by_role("alert").first).to_have_attribute("data-code", "pin_wrong")
    look(page, "pay-pin-wrong")
    confirm(page, "50.01", say)
    page.wait_for_url("**/payments/*/")
    look(page, "receipt")
    assert Payment.objects.get().state_share == 50_00


def look_back(page: Page, say: Say) -> None:
    page.get_by_role("link", name=say("Done")).click()
    expect(page.locator(".money .amount")).to_contain_text("950.49")
    look(page, "home-after")
    page.get_by_role("link", name=say("History")).click()
    look(page, "history")
    page.get_by_label(say("Search by shop")).fill("prasert")
    page.get_by_role("button", name=say("Search")).click()
    expect(page.get_by_text(say("No shop of that name this month."))).to_be_visible()
    look(page, "history-nothing")


def get_back(page: Page, malee: Stall, say: Say) -> None:
    payment = Payment.objects.get()
    give_back(malee, payment)
    page.goto(f"/payments/{payment.id}/")
    assert page.locator(".receipt").inner_text().count("100.01") == 2, "it was paid, and it was given back"
    look(page, "receipt-refunded")
    page.get_by_role("link", name=say("Done")).click()
    expect(page.locator(".money .amount")).to_contain_text("1,000.50")
    expect(page.locator(".right .amount").first).to_contain_text("200.00")
