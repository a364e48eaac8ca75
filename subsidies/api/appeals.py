"""Doors for citizens who ask for another look, and for the officers who decide."""

from typing import Annotated, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN, OFFICER
from config.describing import KEY, LIMIT, PAGE
from config.doors import Door
from config.shapes import LARGEST_PAGE, USUAL_PAGE, Code, Instant, PageAsked, Reason, Shape
from subsidies import appeals
from subsidies.appeals import Told
from wallet import clock

AFTER = OpenApiParameter("after", UUID, description="`next` of the page before: what was asked after that one.")

# A page of one's own words, on several lines if one likes.
Statement = Annotated[
    str, StringConstraints(min_length=3, max_length=2_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$")
]


class AppealAsked(Shape):
    """Which scheme refuses, and why it should not."""

    scheme: Code
    statement: Statement


class AppealShown(Shape):
    """An appeal against one rule of a scheme, and what was decided."""

    id: UUID
    scheme: str
    rule: str = Field(description="the code of the requirement that refused")
    statement: str
    asked_at: Instant
    granted: bool | None = Field(description="null while it waits; true: this rule no longer stands in the way")
    reason: str | None
    decided_at: Instant | None


class AppealsShown(Shape):
    """A page of one's own appeals, newest first."""

    results: list[AppealShown]
    next: UUID | None


class AppealToDecide(AppealShown):
    """An appeal as an officer sees it."""

    citizen_id: UUID
    decided_by: str | None


class AppealsToDecide(Shape):
    """A page of appeals that wait, oldest first."""

    results: list[AppealToDecide]
    next: UUID | None


class AppealsAsked(Shape):
    """Which appeals that wait."""

    after: UUID | None = None
    limit: int = Field(USUAL_PAGE, ge=1, le=LARGEST_PAGE)


class AppealDecisionAsked(Shape):
    """Whether the rule is lifted for this citizen, and why; the citizen reads it."""

    granted: bool
    reason: Reason


class AppealsDoor(Door):
    """Appeals."""

    open_to: ClassVar = {"GET": OFFICER, "POST": CITIZEN}

    @extend_schema(parameters=[AFTER, LIMIT], responses={200: AppealsToDecide})
    def get(self, request: Request) -> Response:
        """Look at the appeals that wait for an officer, oldest first."""
        page = self.query(AppealsAsked)
        found = appeals.waiting(at_most=page.limit + 1, after=page.after)
        shown = [_to_decide(told) for told in found[: page.limit]]
        return Response(AppealsToDecide(results=shown, next=shown[-1].id if len(found) > page.limit else None))

    @extend_schema(parameters=[KEY], request=AppealAsked, responses={201: AppealShown})
    def post(self, request: Request) -> Response:
        """Ask for another look at the rule that refused; an officer decides."""
        asked = self.body(AppealAsked)
        told = appeals.ask(
            citizen_id=self.caller.id, code=asked.scheme, statement=asked.statement, key=self.key, at=clock.now()
        )
        return Response(_shown(told), status=201)


class MyAppealsDoor(Door):
    """A citizen's own appeals."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(parameters=PAGE, responses={200: AppealsShown})
    def get(self, request: Request) -> Response:
        """Look at one's appeals and what was decided, newest first."""
        page = self.query(PageAsked)
        found = appeals.of_citizen(citizen_id=self.caller.id, at_most=page.limit + 1, before=page.before)
        shown = [_shown(told) for told in found[: page.limit]]
        return Response(AppealsShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))


class AppealDecisionDoor(Door):
    """An officer's answer."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(request=AppealDecisionAsked, responses={201: AppealToDecide})
    def post(self, request: Request, appeal_id: UUID) -> Response:
        """Lift the rule for this citizen, or let it stand."""
        asked = self.body(AppealDecisionAsked)
        told = appeals.decide(
            appeal_id=appeal_id, actor=self.officer, granted=asked.granted, reason=asked.reason, at=clock.now()
        )
        return Response(_to_decide(told), status=201)


def _shown(told: Told) -> AppealShown:
    appeal, decision = told.appeal, told.decision
    return AppealShown(
        id=appeal.id,
        scheme=told.scheme,
        rule=appeal.rule,
        statement=told.statement,
        asked_at=appeal.asked_at,
        granted=decision.granted if decision else None,
        reason=decision.reason if decision else None,
        decided_at=decision.at if decision else None,
    )


def _to_decide(told: Told) -> AppealToDecide:
    decision = told.decision
    return AppealToDecide(
        **_shown(told).model_dump(),
        citizen_id=told.appeal.citizen_id,
        decided_by=decision.officer.user.get_username() if decision else None,
    )
