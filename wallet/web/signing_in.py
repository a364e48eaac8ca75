"""A citizen signs in on a browser with phone and PIN, and out."""

from typing import Annotated, ClassVar, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import BeforeValidator, StringConstraints

from config import visits
from config.authentication import ANYONE
from config.screens import Screen
from config.shapes import Pin, Shape
from wallet import sign_in


def _digits_of(typed: str) -> str:
    return "".join(sign for sign in typed if sign not in " -.()")


# As people write it: 081-234-5678.
TypedPhone = Annotated[str, BeforeValidator(_digits_of), StringConstraints(pattern=r"^0[0-9]{9}$")]

# What a browser says that it is, in the words of its owner; the first that fits.
MACHINES: Final = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "Mac"}
BROWSERS: Final = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}


class SigningIn(Shape):
    """Phone and PIN, as typed."""

    phone: TypedPhone
    pin: Pin


class SignInScreen(Screen):
    """Where a citizen signs in."""

    open_to: ClassVar = ANYONE
    template = "wallet/sign_in.html"

    def seen(self) -> dict[str, str]:
        """Return where the citizen was going."""
        return {"next": self.request.POST.get("next") or self.request.GET.get("next", "")}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in, and go there."""
        typed = self.form(SigningIn)
        signed_in = sign_in.citizen(
            phone=typed.phone,
            pin=typed.pin,
            device_id=visits.phone(request),
            device_name=browser_name(request),
            device_key=None,
            address=self.address,
            at=self.at,
            now=timezone.now(),
        )
        return visits.begin(request, self.onward("home"), signed_in=signed_in)


class SignOutScreen(Screen):
    """Where anyone signs out."""

    open_to: ClassVar = ANYONE
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        """End what this browser may do."""
        return visits.end(request, self.to("start"))


def browser_name(request: HttpRequest) -> str:
    """Return what a list of phones calls this browser."""
    says = request.headers.get("User-Agent", "")
    known = [next((name for word, name in names.items() if word in says), "") for names in (MACHINES, BROWSERS)]
    return " · ".join(name for name in known if name) or "browser"
