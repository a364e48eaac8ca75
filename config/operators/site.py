"""Django's admin for operators alone: staff of ours with a second factor, on pages that nothing foreign is part of."""

from typing import Any, Final

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.sites import AdminSite
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_otp import match_token

from config.authentication import address_of
from config.words import worded
from wallet import clock, sign_in
from wallet.attempts import TooManyTries
from wallet.people import SignInRefused

# An operator who leaves the desk is signed out; whoever works on is not.
IDLE_SECONDS: Final = 30 * 60

# Django's admin brings its own scripts and styles; its icons are drawn in place.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)


class SignIn(AdminAuthenticationForm):
    """Password and second factor, judged together; wrong ones are counted by name and address, as at the API."""

    code = forms.CharField(label="Authenticator code", widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))

    def clean(self) -> dict[str, Any]:
        """Return what was entered, if it proves an operator. What of it is wrong is not told.

        :raises ValidationError: it does not, or too much was wrong of late.
        """
        name, at = str(self.cleaned_data.get("username", "")), clock.now()
        assert self.request is not None  # noqa: S101  the site hands it over; for the type checker
        try:
            with sign_in.guesses_counted(username=name, address=address_of(self.request), at=at):
                self.user_cache = self._proven(name)
        except (SignInRefused, TooManyTries) as refusal:
            raise ValidationError(worded(code=refusal.code, facts=refusal.facts)[0]) from refusal
        return self.cleaned_data

    def _proven(self, name: str) -> User:
        user = authenticate(self.request, username=name, password=self.cleaned_data.get("password", ""))
        device = None if user is None else match_token(user, self.cleaned_data.get("code", ""))
        if not isinstance(user, User) or not user.is_staff or device is None:
            raise SignInRefused
        user.otp_device = device  # type: ignore[attr-defined]  # by which django-otp knows a session as verified
        return user


class OperatorsSite(AdminSite):
    """The admin. Whoever has not shown a second factor in this session is nobody here."""

    site_header = site_title = "G-Wallet"
    index_title = "Operators"
    login_form = SignIn
    login_template = "operators/sign_in.html"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in staff who have shown their second factor."""
        return super().has_permission(request) and request.user.is_verified()  # type: ignore[union-attr]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002  Django's own
        """Guard a page: nothing foreign on it, and signed out after half an hour without a click."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
            if self.has_permission(request):
                request.session.set_expiry(IDLE_SECONDS)
            return _alone(inner(request, *args, **named))

        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Let an operator in."""
        return _alone(super().login(request, extra_context))


def _alone(answer: HttpResponseBase) -> HttpResponseBase:
    answer.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    return answer
