"""A phone whose browser runs no script pays all the same, by a photo or by typed digits, with full page loads."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from merchants import charges, drawing
from merchants.models import Payment
from tests.cast import PLUS, Citizen, Stage, ask
from tests.pages.conftest import at_home
from tests.pages.market import confirm, show_code
from tests.pages.site import Site
from tests.pages.words import in_words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


def say(sentence: str, **facts: str) -> str:
    return in_words("th", sentence, **facts)


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def page(open_browser: Callable[..., Page], somchai: Citizen) -> Page:
    page = open_browser(java_script_enabled=False)
    at_home(page, somchai)
    return page


def test_somchai_pays_by_typed_digits(page: Page, stage: Stage) -> None:
    show_code(page, ask(stage.stall("malee"), 100_00), say)
    expect(page.get_by_role("definition")).to_have_text(["50.00", "50.00"])
    confirm(page, "50.00", say)
    page.wait_for_url("**/payments/*/")
    assert Payment.objects.get().citizen_share == 50_00


def test_somchai_pays_by_a_photo(page: Page, stage: Stage, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(drawing.png(payload=charges.payload(ask(stage.stall("malee"), 100_00)), scale=6))
    page.goto("/scan/")
    page.get_by_label(say("A photo of the QR")).set_input_files(photo)
    page.get_by_role("button", name=say("Read the photo")).click()
    confirm(page, "50.00", say)
    page.wait_for_url("**/payments/*/")
    assert Payment.objects.count() == 1


def test_a_photo_without_a_code_is_told_so(page: Page, tmp_path: Path) -> None:
    empty, broken = tmp_path / "empty.png", tmp_path / "broken.jpg"
    empty.write_bytes((Path(__file__).parents[2] / "config" / "static" / "brand-192.png").read_bytes())
    broken.write_bytes(b"not a picture")
    for photo, code in ((empty, "no_code_in_photo"), (broken, "photo_unreadable")):
        page.goto("/scan/")
        page.get_by_label(say("A photo of the QR")).set_input_files(photo)
        page.get_by_role("button", name=say("Read the photo")).click()
        expect(page.get_by_role("alert")).to_have_attribute("data-code", code)


def test_a_top_up_is_noticed_by_loading_the_page_again(page: Page, site: Site) -> None:
    page.goto("/top-ups/")
    page.get_by_label(say("How much?")).fill("100")
    page.get_by_role("button", name=say("Show the PromptPay QR")).click()
    expect(page.locator("#top-up")).to_have_attribute("data-state", "waiting")
    site.stripe.control(f"pay/{site.stripe.world.newest('payment_intent')[0]['id']}")
    expect(page.locator("#top-up")).to_have_attribute("data-state", "arrived", timeout=15_000)
