"""Who is at a browser. Signing in on a page gives the browser a refresh token, as it gives one to an app, in a cookie.

The token is a row, so the same acts that end an app's tokens (signing out, signing a lost phone out) end a browser's
visit at once. A page asks for that row once; the API's doors never do.
"""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils import timezone

from wallet import tokens
from wallet.sign_in import SignedIn
from wallet.tokens import Caller, TokenRefused

COOKIE: Final = "visit"
# Which phone this is, so that whoever signs in on it again is not on a new one each time.
PHONE_COOKIE: Final = "phone"
PHONE_SECONDS: Final = 365 * 24 * 3_600

_ASKED: Final = "_caller_of_visit"


def begin(request: HttpRequest, response: HttpResponse, *, signed_in: SignedIn) -> HttpResponse:
    """Return the response with the cookie that speaks for whoever has just proven who they are."""
    rotate_token(request)  # forms that were open before belong to nobody now
    caller = signed_in.caller
    # A citizen's own phone and a till are remembered for a month; whoever works at a browser until it is closed.
    life = None if caller.role in tokens.AT_WORK else tokens.REFRESH_LIFE
    _set(response, COOKIE, signed_in.tokens.refresh, None if life is None else int(life.total_seconds()))
    if caller.device_id is not None:
        _set(response, PHONE_COOKIE, str(caller.device_id), PHONE_SECONDS)
    return response


def end(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the response by which the browser forgets who was at it, once their token is ended."""
    if (gone := caller(request)) is not None:
        tokens.revoke(subject_id=gone.id, device_id=gone.device_id, at=timezone.now())
    rotate_token(request)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def caller(request: HttpRequest) -> Caller | None:
    """Return who is at this browser, asking the database once a page; None for a stranger."""
    if not hasattr(request, _ASKED):
        setattr(request, _ASKED, None)  # should the database be away, the page that says so asks it no second time
        setattr(request, _ASKED, _caller(request.COOKIES.get(COOKIE, "")))
    found: Caller | None = getattr(request, _ASKED)
    return found


def phone(request: HttpRequest) -> UUID | None:
    """Return which of somebody's phones this browser is on, if it was signed in before."""
    try:
        return UUID(request.COOKIES.get(PHONE_COOKIE, ""))
    except ValueError:
        return None


def _caller(refresh: str) -> Caller | None:
    if not refresh:
        return None
    try:
        return tokens.of(refresh=refresh, at=timezone.now())
    except TokenRefused:
        return None


def _set(response: HttpResponse, name: str, value: str, seconds: int | None) -> None:
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE)
    )
