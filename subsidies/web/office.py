"""What the finance office decides about people, and what has become of each scheme's money."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from config.authentication import OFFICER
from config.screens import Screen
from config.shapes import Reason, Shape
from subsidies import appeals, budgets, schemes

# What a bar is drawn of.
NOTHING = budgets.Totals.of({})


class Deciding(Shape):
    """Whether the rule is lifted, and why; the citizen reads it."""

    granted: Literal["yes", "no"]
    reason: Reason


class AppealScreen(Screen):
    """A citizen asks for another look at the rule that refused them."""

    open_to: ClassVar = OFFICER
    template = "subsidies/office_appeal.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it."""
        return {"told": appeals.of(appeal_id=self.kwargs["appeal_id"])}

    def post(self, request: HttpRequest, appeal_id: UUID) -> HttpResponse:
        """Lift the rule for this citizen, or let it stand."""
        typed = self.form(Deciding)
        appeals.decide(
            appeal_id=appeal_id, granted=typed.granted == "yes", reason=typed.reason, actor=self.officer, at=self.at
        )
        return self.to("office-appeal", appeal_id)


class BudgetsScreen(Screen):
    """Each scheme's money: set aside, promised, spent, left."""

    open_to: ClassVar = OFFICER
    template = "subsidies/office_budgets.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the totals of every scheme in force, and how far it was warned of."""
        totals, versions = budgets.totals(), schemes.all_in_force(at=self.at)
        warned = budgets.highest_warnings()
        return {
            "budgets": [
                {
                    "code": version.scheme.code,
                    "name": schemes.compiled(version.id).document.scheme.name,
                    "totals": totals.get(version.scheme_id, NOTHING),
                    "warnings": [warning for warning in warned if warning.scheme_id == version.scheme_id],
                }
                for version in versions
            ]
        }
