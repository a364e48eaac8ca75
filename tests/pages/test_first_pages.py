"""What anyone sees first, in both languages and three sizes; and what a browser is told it may load."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.cast import PIN, Stage
from tests.pages.conftest import EACH_ONCE
from tests.pages.eyes import look, walk
from wallet import people
from wallet.models import RefreshToken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


@pytest.fixture
def phone(open_browser: Callable[..., Page], language: str) -> Page:
    """A stranger's phone."""
    return open_browser(language=language)


@EACH_ONCE
def test_a_stranger_sees_what_this_is_and_signs_in(page: Page, stage: Stage, say: Callable[..., str]) -> None:
    somchai = stage.citizen("somchai")
    page.goto("/")
    look(page, "start")
    walk(page)
    page.get_by_role("link", name=say("Sign in")).click()
    look(page, "sign-in")
    page.get_by_label(say("Your phone number")).fill("080-000-0000")
    page.get_by_label("PIN").fill("135797")
    page.get_by_role("button", name=say("Sign in")).click()
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "sign_in_refused")
    look(page, "sign-in-refused")
    expect(page.get_by_label("PIN")).to_have_value("")
    page.get_by_label("PIN").fill(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/home/")
    assert len(people.devices(citizen_id=somchai.id)) == 2


def test_the_language_and_the_size_of_type_are_remembered(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    page.goto("/sign-in/?next=/home/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url("/sign-in/?next=/home/")
    page.get_by_role("button", name="Large type").click()
    expect(page.locator("html.large")).to_have_count(1)
    look(page, "sign-in-large")
    page.goto("/")
    expect(page.get_by_role("button", name="Large type")).to_have_attribute("aria-pressed", "true")
    look(page, "start-large")
    page.get_by_role("button", name="Large type").click()
    expect(page.locator("html.large")).to_have_count(0)


def test_a_receipt_that_nobody_signed_is_told_so(phone: Page, say: Callable[..., str]) -> None:
    phone.goto("/verify/")
    look(phone, "verify")
    phone.get_by_label(say("Or paste what the QR says")).fill("eyJhbGciOiJub25lIn0.e30.")
    phone.get_by_role("button", name=say("Check")).click()
    expect(phone.get_by_role("alert")).to_have_attribute("data-code", "receipt_forged")
    look(phone, "verify-forged")


def test_what_leads_nowhere_is_said_in_plain_words(phone: Page) -> None:
    answer = phone.goto("/nowhere/")
    assert answer is not None
    assert answer.status == 404
    look(phone, "not-found")


def test_a_phone_shows_one_page_where_the_line_is_cut(phone: Page) -> None:
    phone.goto("/offline/")
    look(phone, "offline")


def test_a_browser_may_load_our_own_files_and_run_nothing_that_stands_in_a_page() -> None:
    answer = Client().get("/")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "://" not in answer["Content-Security-Policy"]


def test_signing_a_phone_out_ends_what_its_browser_may_do_at_once(
    open_browser: Callable[..., Page], stage: Stage
) -> None:
    somchai = stage.citizen("somchai")
    page = open_browser(language="en")
    page.goto("/sign-in/")
    page.get_by_label("phone number").fill("0800000000")
    page.get_by_label("PIN").fill(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/home/")
    newest = people.devices(citizen_id=somchai.id)[0]
    people.revoke_device(citizen_id=somchai.id, device_id=newest.id, by_device_id=newest.id, at=newest.added_at)
    page.goto("/home/")
    expect(page).to_have_url("/sign-in/?next=%2Fhome%2F")
    page.get_by_label("phone number").fill("0800000000")
    page.get_by_label("PIN").fill(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/home/")
    assert RefreshToken.objects.filter(revoked_at=None).count() == 1
