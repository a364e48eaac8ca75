"""The finance office looks for a person, says why, and sees what is known; each time a row is kept."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from pydantic import BeforeValidator, StringConstraints

from config.authentication import OFFICER
from config.screens import Screen
from config.shapes import Reason, Shape
from merchants import people_looks
from subsidies import freezing
from wallet import inspection


def _digits(typed: str) -> str:
    return typed.replace(" ", "").replace("-", "")


class Wanted(Shape):
    """A phone number, or a national ID, as people write them."""

    number: Annotated[str, BeforeValidator(_digits), StringConstraints(pattern=r"^(0[0-9]{9}|[0-9]{13})$")]


class Looking(Shape):
    """Why somebody looks."""

    reason: Reason


class Holding(Shape):
    """Why the rights are put on hold. Another name than the other reason: both stand on one page."""

    why: Reason


class PeopleScreen(Screen):
    """Where a person is looked for. What was typed is never part of an address, which logs would keep."""

    open_to: ClassVar = OFFICER
    template = "merchants/office_people.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show whom it belongs to, masked."""
        wanted = self.form(Wanted).number
        return self.show(found=inspection.find(number=wanted, actor=self.officer, at=self.at))


class PersonScreen(Screen):
    """One person: nothing of them but whether their rights are on hold, until somebody says why they look."""

    open_to: ClassVar = OFFICER
    template = "merchants/office_person.html"

    def seen(self) -> Mapping[str, Any]:
        """Return whether the rights are on hold."""
        citizen_id = self.kwargs["citizen_id"]
        return {"citizen_id": citizen_id, "freeze": freezing.now(citizen_id=citizen_id)}

    def post(self, request: HttpRequest, citizen_id: UUID) -> HttpResponse:
        """Show the person this once."""
        reason = self.form(Looking).reason
        found = people_looks.dossier(citizen_id=citizen_id, reason=reason, actor=self.officer, at=self.at)
        return self.show(found=found)


class HoldRightsScreen(PersonScreen):
    """Where a person's rights are put on hold."""

    def post(self, request: HttpRequest, citizen_id: UUID) -> HttpResponse:
        """Stop them."""
        freezing.freeze(citizen_id=citizen_id, reason=self.form(Holding).why, actor=self.officer, at=self.at)
        return self.to("office-person", citizen_id)


class FreeRightsScreen(PersonScreen):
    """Where they may be used again."""

    def post(self, request: HttpRequest, citizen_id: UUID) -> HttpResponse:
        """Lift the hold."""
        freezing.lift(citizen_id=citizen_id, actor=self.officer, at=self.at)
        return self.to("office-person", citizen_id)
