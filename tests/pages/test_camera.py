"""The camera sees the QR on Malee's till; a browser without a reader of its own fetches ours, and only then."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from merchants import charges, drawing
from merchants.models import Charge
from merchants.web.scanning import decoder
from tests.cast import PLUS, Citizen, Stage, ask
from tests.pages.conftest import at_home
from tests.pages.words import in_words

WIDTH, HEIGHT = 640, 480

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def charge(stage: Stage) -> Charge:
    return ask(stage.stall("malee"), 100_00)


@pytest.fixture
def camera(start_browser: Callable[..., Browser], charge: Charge, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera looks at the till."""
    film = tmp_path / "till.y4m"
    film.write_bytes(filmed(charges.payload(charge)))
    seen = f"--use-file-for-fake-video-capture={film}"
    chromium = start_browser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", seen)
    yield chromium
    chromium.close()


def filmed(payload: str) -> bytes:
    """Return a film of a till that shows the code: grey pictures, as YUV4MPEG2 has them."""
    code = Image.open(io.BytesIO(drawing.png(payload=payload, scale=5))).convert("L")
    picture = Image.new("L", (WIDTH, HEIGHT), 160)
    picture.paste(code, ((WIDTH - code.width) // 2, (HEIGHT - code.height) // 2))
    grey = bytes([128]) * (WIDTH // 2 * HEIGHT // 2)
    frame = b"FRAME\n" + picture.tobytes() + grey + grey
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3


def test_somchai_holds_his_phone_over_the_qr(
    camera: Browser, open_browser: Callable[..., Page], somchai: Citizen
) -> None:
    assert decoder() is not None, "npm ci brings it (make test does)"
    page = open_browser(within=camera, permissions=["camera"])
    fetched: list[str] = []
    page.on("response", lambda answer: fetched.append(answer.url))
    at_home(page, somchai)
    page.goto("/home/")
    assert not any("zxing" in address for address in fetched)
    page.goto("/scan/")
    page.wait_for_url("**/pay/**", timeout=30_000)
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
