"""By keyboard alone: Somchai's whole way, and a batch from Ploy's desk to Anan's; the counter's stands beside it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from merchants import typed_codes
from merchants.models import Payment
from settlement import batches
from settlement.models import Decision
from tests.cast import NOON, OPENING, Stage, ask
from tests.pages.eyes import tab_to, walk
from tests.pages.site import Site
from tests.pages.test_finance_office import at_desk
from tests.settlement.market import TWO, end_of_day, sell
from tests.settlement.office import Office
from wallet import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

NEW_PIN = "864202"


def press(page: Page, name: str, *, then: str) -> None:
    """Come to a link or button, press it, and wait for where it leads."""
    tab_to(page, name)
    page.keyboard.press("Enter")
    page.wait_for_url(then)


def type_into(page: Page, name: str, words: str) -> None:
    """Come to a field, and type into it."""
    tab_to(page, name)
    page.keyboard.type(words)


def test_a_wallet_is_opened_filled_and_paid_from_by_keyboard_alone(
    open_browser: Callable[..., Page], stage: Stage, site: Site
) -> None:
    page = open_browser(size="desk", language="en")
    charge = ask(stage.stall("malee"), 100_00)

    clock.stand_at(OPENING)
    page.goto("/")
    press(page, "Open a wallet", then="**/join/")
    press(page, "Show who I am", then=f"{site.identity.address}**")
    tab_to(page, "This is me")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Back to G-Wallet")).to_be_visible()
    tab_to(page, "Back to G-Wallet")
    page.keyboard.press("Enter")
    page.wait_for_url("**/join/")
    type_into(page, "Your new PIN", NEW_PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/schemes/")
    press(page, "You can join.", then="**/schemes/*/")
    tab_to(page, "I have read the rules")
    page.keyboard.press("Space")
    tab_to(page, "Join")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("You are in")
    walk(page)

    clock.stand_at(NOON)
    page.goto("/top-ups/")
    type_into(page, "How much?", "200")
    page.keyboard.press("Enter")
    page.wait_for_url("**/top-ups/*/")
    site.stripe.control(f"pay/{site.stripe.world.newest('payment_intent')[0]['id']}")
    expect(page.locator("#top-up")).to_have_attribute("data-state", "arrived")
    press(page, "Scan and pay", then="**/scan/")
    type_into(page, "The digits below the QR", typed_codes.of(charge.id))
    page.keyboard.press("Enter")
    page.wait_for_url("**/pay/**")
    walk(page)
    page.reload()
    type_into(page, "Your PIN", NEW_PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/payments/*/")
    walk(page)
    assert Payment.objects.get().citizen_share == 50_00
    press(page, "Done", then="**/home/")
    press(page, "Me", then="**/me/")
    walk(page)


def test_a_batch_is_submitted_and_approved_by_keyboard_alone(open_browser: Callable[..., Page], stage: Stage) -> None:
    office = Office()
    sell(stage.citizen("nok", cash_satang=500_00), stage.stall("malee"), 100_00)
    end_of_day()
    clock.stand_at(TWO)
    batches.build(at=TWO)
    for someone, leads in (
        (office.ploy, "Look through a batch and submit it"),
        (office.anan, "Approve a batch with your second factor"),
    ):
        desk = open_browser(size="desk", language="en")
        at_desk(desk, someone)
        desk.goto("/office/")
        press(desk, leads, then="**/office/settlement/*/")
        walk(desk)
        desk.reload()
        if someone is office.ploy:
            tab_to(desk, "Submit 100.00 baht")
        else:
            type_into(desk, "Code from your authenticator", someone.code())
        with desk.expect_navigation():
            desk.keyboard.press("Enter")
    assert Decision.objects.get().officer_id == office.anan.officer.id
