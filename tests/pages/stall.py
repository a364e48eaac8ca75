"""What a shop's people do on the pages, as several tests need it."""

from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import Page

from config import visits
from merchants.models import Charge, Role, Staff
from merchants.staff import role_of
from tests.cast import Stall
from tests.shopkeepers import keeper
from wallet import tokens
from wallet.tokens import Caller

Say = Callable[..., str]


def at_counter(page: Page, caller: Caller) -> None:
    """Let somebody of a shop be signed in at a browser."""
    pair = tokens.issue(caller=caller, at=timezone.now())
    cookie = {"name": visits.COOKIE, "value": pair.refresh, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # the library's own name for such a dictionary


def as_till(page: Page, stall: Stall) -> None:
    """Let a browser be the till of a stall."""
    at_counter(page, Caller("till", stall.till.id, merchant_id=stall.merchant.id))


def as_staff(page: Page, stall: Stall, role: Role = Role.OWNER) -> Staff:
    """Let one of the staff be signed in at a browser."""
    member = keeper(stall, role).member
    at_counter(page, Caller("staff", member.id, merchant_id=stall.merchant.id, staff_role=role_of(member)))
    return member


def key_in(page: Page, price: str, say: Say) -> Charge:
    """Tap a price, and show its QR."""
    for digit in price:
        page.locator(f".digit[value='{digit}']").click()
    page.get_by_role("button", name=say("Show the QR")).click()
    page.wait_for_url("**/shop/charges/*/")
    return Charge.objects.order_by("-asked_at", "-id")[0]


def sent_twice(page: Page, form: str) -> tuple[int, int]:
    """Send a form of the page twice, as a double tap does, and return the statuses of both answers."""
    said, to = page.locator(form).evaluate("(form) => [Object.fromEntries(new FormData(form)), form.action]")
    first, second = (
        page.request.post(to, form=said, headers={"Referer": page.url}, max_redirects=0).status for _ in range(2)
    )
    return first, second
