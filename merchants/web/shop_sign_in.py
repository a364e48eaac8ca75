"""A shop's people sign in on a browser, and a phone becomes a till.

A phone that is a till remembers so in a cookie of its own. The owner may sign in on it, look at the money and sign out,
and it is the same till again; once the till is signed out for good, the cookie is worth nothing.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from pydantic import BeforeValidator, StringConstraints

from config import visits
from config.authentication import ANYONE
from config.screens import Screen
from config.shapes import Shape
from merchants import drawing, invitations, sign_in
from merchants.api.invitations import Password, Username
from merchants.tills import TillSecretWrong
from merchants.web.scanning import decoder

COOKIE: Final = "till"
# It is good only where a till is signed in.
COOKIE_PATH: Final = "/shop/"
COOKIE_SECONDS: Final = 365 * 24 * 3_600


def _letters_of(typed: str) -> str:
    return "".join(typed.split()).upper().replace("-", "")


TypedInvitation = Annotated[
    str, BeforeValidator(_letters_of), StringConstraints(min_length=1, max_length=120, pattern=r"^[A-Z0-9:]+$")
]


class StaffSigningIn(Shape):
    """Name, password, and the digits of an owner's authenticator app."""

    username: Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[^\x00-\x1f\x7f]+$")]
    password: Password
    totp: Annotated[str, StringConstraints(pattern=r"^([0-9]{6})?$")] = ""


class Invited(Shape):
    """The code of an invitation."""

    code: TypedInvitation


class StaffJoining(Invited):
    """The same, with a name and a password of one's own."""

    username: Username
    password: Password


class ShopSignInScreen(Screen):
    """Where a shop's people sign in."""

    open_to: ClassVar = ANYONE
    template = "merchants/shop/sign_in.html"

    def seen(self) -> dict[str, Any]:
        """Return where they were going, and whether this phone is a till."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next", "")
        return {"next": wanted, "is_till": COOKIE in self.request.COOKIES}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in, and go there."""
        typed = self.form(StaffSigningIn)
        signed_in = sign_in.staff(
            username=typed.username,
            password=typed.password,
            totp=typed.totp or None,
            address=self.address,
            at=self.at,
            now=timezone.now(),
        )
        return visits.begin(request, self.onward("shop"), signed_in=signed_in)


# As where a customer's code is scanned: the reader of codes that is fetched is WebAssembly.
@method_decorator(csp_update({"script-src": ["'wasm-unsafe-eval'"]}), name="dispatch")
class ScansInvitations(Screen):
    """A page where an invitation is scanned or typed."""

    open_to: ClassVar = ANYONE

    def seen(self) -> Mapping[str, Any]:
        """Return where the page finds a reader of codes."""
        return {"decoder": decoder()}


class NewTillScreen(ScansInvitations):
    """Where a phone becomes a till, by the code on the screen of whoever invites it."""

    template = "merchants/shop/new_till.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Become it, and go to the keypad."""
        signed_in, secret = sign_in.new_till(payload=self.form(Invited).code, at=self.at, now=timezone.now())
        answer = visits.begin(request, self.to("shop-keypad"), signed_in=signed_in)
        answer.set_cookie(
            COOKIE,
            f"{signed_in.caller.id}.{secret}",
            max_age=COOKIE_SECONDS,
            path=COOKIE_PATH,
            httponly=True,
            samesite="Lax",
            secure=bool(settings.SESSION_COOKIE_SECURE),
        )
        return answer


class TillAgainScreen(ShopSignInScreen):
    """Where a phone that is a till goes on as that, after the staff has signed out on it."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign the till in, and go to the keypad."""
        till_id, _, secret = request.COOKIES.get(COOKIE, "").partition(".")
        try:
            known = UUID(till_id)
        except ValueError:
            raise TillSecretWrong from None
        signed_in = sign_in.till(till_id=known, secret=secret, now=timezone.now())
        return visits.begin(request, self.to("shop-keypad"), signed_in=signed_in)


class ShopJoinScreen(ScansInvitations):
    """Where a person joins a shop's staff, by the code of an invitation."""

    template = "merchants/shop/join.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Join. The seed of an owner's authenticator app is shown this once, so this page is not sent on."""
        typed = self.form(StaffJoining)
        joined = invitations.join(payload=typed.code, username=typed.username, password=typed.password, at=self.at)
        seed = drawn(joined.totp_url) if joined.totp_url else None
        answer = self.show(joined=joined, username=typed.username, seed=seed)
        answer["Cache-Control"] = "no-store"
        return answer


def drawn(payload: str) -> SafeString:
    """Return what an authenticator app scans as an SVG element of the page."""
    title = gettext("QR for your authenticator app")
    return mark_safe(drawing.svg(payload=payload, title=title))  # noqa: S308  drawn by us
