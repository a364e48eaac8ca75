"""The camera sees the QR on Malee's till; a browser without a reader of its own fetches ours, and only then."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from merchants.web.scanning import decoder
from tests.cast import PLUS, Citizen, Stage, ask
from tests.pages.conftest import at_home
from tests.pages.market import hold_over
from tests.pages.words import in_words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


def test_somchai_holds_his_phone_over_the_qr(
    seeing: Browser, filmed: Path, open_browser: Callable[..., Page], stage: Stage, somchai: Citizen
) -> None:
    assert decoder() is not None, "npm ci brings it (make test does)"
    page = open_browser(within=seeing, permissions=["camera"])
    fetched: list[str] = []
    page.on("response", lambda answer: fetched.append(answer.url))
    at_home(page, somchai)
    page.goto("/home/")
    assert not any("zxing" in address for address in fetched)
    hold_over(page, filmed, ask(stage.stall("malee"), 100_00))
    expect(page.get_by_role("definition")).to_have_text(["50.00", "50.00"])
    assert any("zxing" in address for address in fetched)


def test_a_camera_that_is_not_allowed_leaves_the_photo_and_the_digits(
    open_browser: Callable[..., Page], somchai: Citizen
) -> None:
    page = open_browser()
    at_home(page, somchai)
    page.goto("/scan/")
    page.get_by_role("button", name=in_words("th", "Open the camera")).click()
    expect(page.locator(".seeing")).to_have_text(
        in_words("th", "The camera is not allowed here. Take a photo or type the digits instead.")
    )
    expect(page.get_by_label(in_words("th", "The digits below the QR"))).to_be_visible()
