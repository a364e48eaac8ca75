"""What anyone sees: the first page, and what a browser asks for to keep the pages on a phone."""

from typing import Any, ClassVar, Final, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config import visits
from config.authentication import ANYONE
from config.screens import HOME, LARGE_COOKIE, Screen
from config.shapes import Shape

YEAR_SECONDS: Final = 365 * 24 * 3_600


class LargerAsked(Shape):
    """How large somebody wants to read."""

    large: Literal["0", "1"]


class StartScreen(Screen):
    """The first page: what this is. Whoever is signed in goes straight to where they begin."""

    open_to: ClassVar = ANYONE
    template = "wallet/start.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it, or go on."""
        here = visits.caller(request)
        return self.show() if here is None else self.to(HOME[here.role])


class LargerScreen(Screen):
    """Large type, or the usual again."""

    open_to: ClassVar = ANYONE
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remember it in this browser."""
        answer = self.onward("start")
        if self.form(LargerAsked).large == "1":
            secure = bool(settings.SESSION_COOKIE_SECURE)
            answer.set_cookie(LARGE_COOKIE, "1", max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=secure)
        else:
            answer.delete_cookie(LARGE_COOKIE, samesite="Lax")
        return answer


class OfflineScreen(Screen):
    """What is shown where the line is cut; the worker below keeps it on the phone."""

    open_to: ClassVar = ANYONE
    template = "wallet/offline.html"


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Return what a phone needs to put us among its apps."""
    return render(request, "wallet/manifest.json", content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker: from the root, because it may only look after what lies below it."""
    return render(request, "wallet/worker.js", content_type="text/javascript")
