"""A screen: one address of the pages. It reads the request, calls one operation, and shows the result.

A screen says in `open_to` who may see it; a stranger is asked to sign in and comes back. A refusal is a sentence on the
same page, with what was typed still there. After an act the browser is sent on (POST, redirect, GET), so that reloading
never acts again; and a form that acts carries a key (`{% key %}`), so that sending it twice is the same as once.
"""

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from typing import Any, ClassVar, Final, TypeVar
from urllib.parse import urlencode

import structlog
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from pydantic import BaseModel, ValidationError

from config import limits, visits
from config.authentication import ANYONE, NotYourRole, OpenTo, address_of
from config.doors import refusal_of
from config.problems import of_database
from wallet import clock
from wallet.audit import Actor
from wallet.refusals import InvariantBroken, Refusal
from wallet.tokens import Caller, Role, TokenRefused

S = TypeVar("S", bound=BaseModel)

# Where a stranger is asked who they are, by the first role (in this order) that a screen is open to.
SIGN_IN: Final[dict[Role, str]] = {"citizen": "sign-in", "staff": "shop-sign-in", "officer": "office-sign-in"}
# Where each begins.
HOME: Final[dict[Role, str]] = {"citizen": "home", "staff": "shop", "till": "shop", "officer": "office"}

LARGE_COOKIE: Final = "large"
# What a form brings that is no field of its shape.
NOT_FIELDS: Final = frozenset({"csrfmiddlewaretoken", "next"})
# What is never written back into a page.
SECRETS: Final = frozenset({"pin", "new_pin", "old_pin", "password", "totp", "secret"})


class Screen(View):
    """One address of the pages."""

    open_to: ClassVar[OpenTo]
    template: ClassVar[str]
    # From one network address, where anyone may look something up.
    most_per_minute: ClassVar[int | None] = None
    # What is sent to htmx, which asks for a piece of the page; unnamed, it picks that out of the whole.
    piece: ClassVar[str] = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, whatever happens, with something that a person understands."""
        try:
            self._must_enter()
            return super().dispatch(request, *args, **kwargs)
        except TokenRefused:
            return self._sign_in_first()
        except Refusal as refusal:
            return self.refused(refusal)
        except InvariantBroken as broken:
            # The one event of the log that is to wake someone. Its facts stay in the log.
            structlog.get_logger(__name__).critical("invariant_broken", exc_info=broken)
            return self._sorry("our_fault", 500)
        except (DatabaseError, InterfaceError) as error:
            code, status = of_database(error) or ("our_fault", HTTPStatus.INTERNAL_SERVER_ERROR)
            if code == "our_fault":
                structlog.get_logger(__name__).exception("screen_failed")
            return self._sorry(code, status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page."""
        return self.show()

    def seen(self) -> Mapping[str, Any]:
        """Return what the page shows, beside what every page does."""
        return {}

    def show(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """Return the page."""
        asked_by_htmx = bool(getattr(self.request, "htmx", False))
        template = self.piece if self.piece and asked_by_htmx else self.template
        response = render(self.request, template, {**self.seen(), **more}, status=status)
        if self.open_to is not ANYONE:
            response["Cache-Control"] = "no-store"  # the next who holds this phone sees nothing by going back
        return response

    def refused(self, refusal: Refusal) -> HttpResponse:
        """Return the same page with the refusal's sentence and what was typed; or, if it has none, a page of it."""
        # Whom the page is not for sees nothing of it, by whichever method they ask.
        if self.request.method == "POST" and hasattr(self, "template") and not isinstance(refusal, NotYourRole):
            try:
                return self.show(status=refusal.status, refusal=refusal, typed=self.typed)
            except Refusal as gone:
                refusal = gone  # what the page was about cannot be shown any more either
        return render(self.request, "refused.html", {"refusal": refusal}, status=refusal.status)

    def to(self, name: str, *args: Any, **said: str) -> HttpResponse:
        """Send the browser on to a screen by its name, after an act; `said` goes behind the question mark."""
        address = reverse(name, args=args) + (f"?{urlencode(said)}" if said else "")
        if getattr(self.request, "htmx", False):
            # It asked for a piece; the whole page goes there.
            return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)

    def onward(self, otherwise: str) -> HttpResponseRedirect:
        """Send the browser to the page that it wanted before it was asked to sign in, if that is one of ours."""
        wanted = self.request.POST.get("next", "")
        ours = url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )
        return HttpResponseRedirect(wanted if ours else resolve_url(otherwise))

    @property
    def caller(self) -> Caller:
        """Who is at this browser.

        :raises TokenRefused: nobody is signed in.
        """
        found = visits.caller(self.request)
        if found is None:
            raise TokenRefused
        return found

    @property
    def officer(self) -> Actor:
        """The finance officer who is at this browser, as operations and the audit know them."""
        return Actor("officer", str(self.caller.id))

    @cached_property
    def at(self) -> dt.datetime:
        """The instant at which this request happens."""
        return clock.now()

    @property
    def address(self) -> str:
        """The network address of whoever asks."""
        return address_of(self.request)

    @property
    def typed(self) -> dict[str, str]:
        """What was typed into the form, without what is secret."""
        return {
            name: value for name, value in self.request.POST.items() if isinstance(value, str) and name not in SECRETS
        }

    def form(self, shape: type[S]) -> S:
        """Return what the form says.

        :raises FieldsWrong: it is not of this shape.
        """
        said = {name: value for name, value in self.request.POST.items() if name not in NOT_FIELDS}
        return _read(shape, said)

    def query(self, shape: type[S]) -> S:
        """Return what the address says after its question mark.

        :raises FieldsWrong: it is not of this shape.
        """
        return _read(shape, self.request.GET.dict())

    def _must_enter(self) -> None:
        if self.most_per_minute is not None:
            limits.must_have_room(what=type(self).__name__, address=self.address, most=self.most_per_minute)
        if self.open_to is ANYONE:
            return
        caller = self.caller
        if caller.roles.isdisjoint(self.open_to):
            raise NotYourRole(role=caller.staff_role or caller.role, open_to=sorted(self.open_to))

    def _sign_in_first(self) -> HttpResponse:
        # What somebody is to their shop is asked of its staff.
        asked = next((name for role, name in SIGN_IN.items() if role in self.open_to), SIGN_IN["staff"])
        comes_back = self.request.method == "GET" and not getattr(self.request, "htmx", False)
        answer = self.to(asked, next=self.request.get_full_path()) if comes_back else self.to(asked)
        answer.delete_cookie(visits.COOKIE, samesite="Lax")
        return answer

    def _sorry(self, code: str, status: int) -> HttpResponse:
        return sorry(self.request, code=code, status=status)


def sorry(request: HttpRequest, *, code: str, status: int) -> HttpResponse:
    """Return a page with one sentence that says why not and what to do."""
    return render(request, "refused.html", {"refusal": _Said(code)}, status=status)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is not this browser's: it was open for too long, or another site has sent it."""
    return sorry(request, code="form_too_old", status=HTTPStatus.FORBIDDEN)


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Return what every page shows: who is here, and how large they want it."""
    return {"visitor": visits.caller(request), "large": request.COOKIES.get(LARGE_COOKIE) == "1"}


class _Said:
    """A code without facts, for the same page that shows refusals."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.facts: dict[str, Any] = {}


def _read(shape: type[S], said: Mapping[str, Any]) -> S:
    try:
        return shape.model_validate_strings(said)
    except ValidationError as error:
        raise refusal_of(error) from None
