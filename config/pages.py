"""The middleware of pages: sessions, forms, languages, messages. The API needs none of it, and passes by.

A payment would spend a quarter of its time on our side here. The API's callers bring a token and no cookie, so there is
no session to open and no form that another site could have sent.
"""

from typing import Any, Final, cast

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django_htmx.middleware import HtmxMiddleware
from django_otp.middleware import OTPMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

API: Final = "/api/"


class _PassedByTheAPI:
    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(API):
            answer: HttpResponseBase = self.get_response(request)
            return answer
        paged: HttpResponseBase = super().__call__(request)  # type: ignore[misc]  # of what it is mixed with
        return paged


class Files(_PassedByTheAPI, WhiteNoiseMiddleware):  # type: ignore[misc]  # it ships no types
    """What pages are made of beside their words: style, scripts, letters, pictures."""


class Sessions(_PassedByTheAPI, SessionMiddleware):
    """Who is at this browser."""


class Languages(LocaleMiddleware):
    """Thai, or English for who asks for it; the API's answers say themselves in which language they are."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the language that is asked for."""
        if request.path_info.startswith(API):
            translation.activate(translation.get_language_from_request(request))
            return cast("HttpResponseBase", self.get_response(request))
        return cast("HttpResponseBase", super().__call__(request))


class Forms(_PassedByTheAPI, CsrfViewMiddleware):
    """No form from another site."""


class Users(_PassedByTheAPI, AuthenticationMiddleware):
    """Who has signed in."""


class SecondFactors(_PassedByTheAPI, OTPMiddleware):  # type: ignore[misc]  # it ships no types
    """Who has shown a second factor."""


class Messages(_PassedByTheAPI, MessageMiddleware):
    """What is said once on the next page."""


class Frames(_PassedByTheAPI, XFrameOptionsMiddleware):
    """No page of ours within another's."""


class Zipped(_PassedByTheAPI, GZipMiddleware):
    """Pages go compressed: a phone on a bad network gets a quarter of the bytes.

    What a guesser would have to repeat in a page to learn the token of its forms (BREACH) is masked anew each time.
    """


class Policy(_PassedByTheAPI, CSPMiddleware):
    """What a browser may load for our pages: our own files and nothing else."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say it in the answer's headers; and that of the phone's senses only the camera is ever asked for."""
        response["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=(), payment=()"
        return super().process_response(request, response)


class Pieces(_PassedByTheAPI, HtmxMiddleware):
    """Whether htmx asks for a piece of a page."""
