"""A citizen applies for a shop, corrects what they said, and once it is taken in becomes its owner."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from config.authentication import CITIZEN
from config.screens import Screen
from config.shapes import Shape
from merchants import applications, banks, notices
from merchants.applications import ApplicationUnknown
from merchants.web.describing import NewShopTyped, choices
from merchants.web.staff import drawn

MOST_SHOWN: Final = 20


class ApplicationMeant(Shape):
    """Which application."""

    application_id: UUID


class ApplicationsScreen(Screen):
    """What one has applied for, and how it stands."""

    open_to: ClassVar = CITIZEN
    template = "merchants/applications.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it, newest first, and what one was told about it."""
        return {
            "standings": applications.of_citizen(citizen_id=self.caller.id, at_most=MOST_SHOWN),
            "notices": notices.show_citizen(citizen_id=self.caller.id, at_most=MOST_SHOWN, at=self.at),
        }


class ApplyScreen(Screen):
    """Where a new shop is described."""

    open_to: ClassVar = CITIZEN
    template = "merchants/apply.html"

    def seen(self) -> Mapping[str, Any]:
        """Return what there is to choose from."""
        return choices()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Apply."""
        typed = self.form(NewShopTyped)
        applications.apply(
            citizen_id=self.caller.id, described=typed.described, account=typed.account, key=typed.key, at=self.at
        )
        return self.to("shop-applications")


class CorrectScreen(ApplyScreen):
    """Where one says it better: before it is decided, or after it was rejected."""

    def seen(self) -> Mapping[str, Any]:
        """Return what was said last. The bank account is sealed, so it is typed anew."""
        mine = applications.of_citizen(citizen_id=self.caller.id, at_most=MOST_SHOWN)
        was = next((each for each in mine if each.application.id == self.kwargs["application_id"]), None)
        if was is None:
            raise ApplicationUnknown
        return {**choices(), "was": was, "bank": banks.called(was.version.bank_code)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Correct it."""
        typed = self.form(NewShopTyped)
        applications.correct(
            application_id=self.kwargs["application_id"],
            citizen_id=self.caller.id,
            described=typed.described,
            account=typed.account,
            at=self.at,
        )
        return self.to("shop-applications")


class OwnerInvitationScreen(ApplicationsScreen):
    """Where the citizen whose shop was taken in becomes its owner; also who has lost their way in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send who reloads to the list."""
        return self.to("shop-applications")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show the code and the form that it is good for, this once."""
        made = applications.invite_owner(
            application_id=self.form(ApplicationMeant).application_id, citizen_id=self.caller.id, at=self.at
        )
        return self.show(invited=made, code=drawn(made), now=self.at)
