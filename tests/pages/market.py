"""What a citizen does on the pages, as several tests need it."""

from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import Page

from merchants import typed_codes
from merchants.models import Charge
from tests.cast import PIN

Say = Callable[..., str]


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
