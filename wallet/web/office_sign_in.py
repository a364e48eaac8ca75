"""A finance officer signs in on a browser: a password, and a code from their own device."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from config import visits
from config.authentication import ANYONE
from config.screens import Screen
from config.shapes import Shape, Totp
from wallet import sign_in
from wallet.api.signing_in import Password, Username


class SigningIn(Shape):
    """Name, password and code, as typed."""

    username: Username
    password: Password
    totp: Totp


class OfficeSignInScreen(Screen):
    """Where a finance officer signs in."""

    open_to: ClassVar = ANYONE
    template = "wallet/office_sign_in.html"

    def seen(self) -> dict[str, str]:
        """Return where the officer was going."""
        return {"next": self.request.POST.get("next") or self.request.GET.get("next", "")}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in, and go there."""
        typed = self.form(SigningIn)
        signed_in = sign_in.officer(
            username=typed.username,
            password=typed.password,
            totp=typed.totp,
            address=self.address,
            at=self.at,
            now=timezone.now(),
        )
        return visits.begin(request, self.onward("office"), signed_in=signed_in)
