"""Schemes: which there are, what their rules say in plain words, and taking a place."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from config import visits
from config.authentication import ANYONE
from config.screens import Screen
from config.shapes import Shape, TypedKey
from subsidies import appeals, enrolment, plain_words, prospects, schemes, stops
from subsidies.enrolment import MustAccept
from subsidies.rules.eligibility import NotEligible
from subsidies.rules.windows import SchemeStopped, SchemeSuspended
from wallet.refusals import Refusal


class PlaceAsked(Shape):
    """That the rules were read, and a key."""

    accepts: Literal["", "1"] = ""
    key: TypedKey


class SchemesScreen(Screen):
    """Every scheme in force; for a citizen, how each stands for them."""

    open_to: ClassVar = ANYONE
    template = "subsidies/schemes.html"

    def seen(self) -> Mapping[str, Any]:
        """Return them."""
        here = visits.caller(self.request)
        if here is None or here.role != "citizen":
            in_force = schemes.all_in_force(at=self.at)
            return {"schemes": [schemes.compiled(version.id) for version in in_force], "now": self.at}
        return {"prospects": prospects.all_of(citizen_id=here.id, at=self.at), "now": self.at}


class SchemeScreen(Screen):
    """One scheme: its rules, and taking a place."""

    open_to: ClassVar = ANYONE
    template = "subsidies/scheme.html"

    def seen(self) -> Mapping[str, Any]:
        """Return what its document says, and how it stands for the citizen who looks."""
        code, here = self.kwargs["code"], visits.caller(self.request)
        version = schemes.in_force(code=code, at=self.at)
        rules = schemes.compiled(version.id)
        seen = {
            "rules": rules,
            "sections": list(plain_words.sections(rules.document)),
            "halted": _halted(version.scheme_id, self.at),
        }
        if here is None or here.role != "citizen":
            return seen
        prospect = prospects.of(citizen_id=here.id, code=code, at=self.at)
        appeal = appeals.latest(citizen_id=here.id, code=code)
        why = prospect.why
        heard = why is not None and why.code == NotEligible.code and bool(why.facts["appeal"])
        may_appeal = heard and (appeal is None or appeal.decision is not None)
        return seen | {"prospect": prospect, "appeal": appeal, "may_appeal": may_appeal}

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Take a place, or a number in the queue."""
        typed = self.form(PlaceAsked)
        if not typed.accepts:
            raise MustAccept
        enrolment.enrol(citizen_id=self.caller.id, code=code, key=typed.key, at=self.at)
        return self.to("scheme", code)


def _halted(scheme_id: UUID, at: dt.datetime) -> Refusal | None:
    try:
        stops.must_go_on(scheme_id=scheme_id, at=at)
    except (SchemeStopped, SchemeSuspended) as no:
        return no
    return None
