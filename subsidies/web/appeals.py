"""A citizen whom a rule of a scheme refused asks an officer for another look, in their own words."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from config.authentication import CITIZEN
from config.screens import Screen
from config.shapes import Shape, TypedKey
from subsidies import appeals, prospects
from subsidies.api.appeals import Statement


class AppealWritten(Shape):
    """Why the rule should not refuse them, and a key."""

    statement: Statement
    key: TypedKey


class AppealScreen(Screen):
    """Where they write it."""

    open_to: ClassVar = CITIZEN
    template = "subsidies/appeal.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the scheme and its no."""
        return {"prospect": prospects.of(citizen_id=self.caller.id, code=self.kwargs["code"], at=self.at)}

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Send it to the officers."""
        typed = self.form(AppealWritten)
        appeals.ask(citizen_id=self.caller.id, code=code, statement=typed.statement, key=typed.key, at=self.at)
        return self.to("scheme", code)
