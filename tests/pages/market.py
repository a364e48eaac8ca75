"""What a citizen does on the pages, as several tests need it."""

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Page

from merchants import charges, drawing, typed_codes
from merchants.models import Charge
from tests.cast import PIN

Say = Callable[..., str]

WIDTH, HEIGHT = 640, 480


def pay_address(payload: str) -> str:
    """Return where a scan of a code leads."""
    return f"/pay/?{urlencode({'qr': payload})}"


def show_code(page: Page, charge: Charge, say: Say) -> None:
    """Type the digits below a QR, and come to the split."""
    page.goto("/scan/")
    page.get_by_label(say("The digits below the QR")).fill(typed_codes.of(charge.id))
    page.get_by_role("button", name=say("Go on")).click()
    page.wait_for_url("**/pay/**")


def confirm(page: Page, amount: str, say: Say, *, pin: str = PIN) -> None:
    """Confirm with a PIN."""
    page.get_by_label(say("Your PIN")).fill(pin)
    page.get_by_role("button", name=say("Pay %(amount)s baht", amount=amount)).click()


def film(payload: str | None) -> bytes:
    """Return what a camera sees over a screen with a code, or without one: grey pictures, as YUV4MPEG2 has them."""
    picture = Image.new("L", (WIDTH, HEIGHT), 160)
    if payload is not None:
        code = Image.open(io.BytesIO(drawing.png(payload=payload, scale=5))).convert("L")
        picture.paste(code, ((WIDTH - code.width) // 2, (HEIGHT - code.height) // 2))
    grey = bytes([128]) * (WIDTH // 2 * HEIGHT // 2)
    frame = b"FRAME\n" + picture.tobytes() + grey + grey
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3


def hold_over(page: Page, filmed: Path, charge: Charge) -> None:
    """Hold the phone over the QR on the till, and come to the split."""
    filmed.write_bytes(film(charges.payload(charge)))
    page.goto("/scan/")  # the camera looks as soon as the page is there: it was allowed
    page.wait_for_url("**/pay/**", timeout=30_000)
