"""Doors for officers who watch over limits and budgets."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER
from config.describing import PAGE
from config.doors import Door
from config.shapes import Instant, PageAsked, Reason, Satang, Shape
from subsidies import budgets, freezing, schemes
from wallet import clock


class WarningShown(Shape):
    """When so much of a budget was first seen to be committed or spent."""

    of: str = Field(description="committed or spent")
    percent: int
    amount_satang: Satang
    funded_satang: Satang
    at: Instant


class BudgetShown(Shape):
    """A scheme's money. funded = committed + left; committed + bought_in = spent + paid_out + in_purses."""

    scheme: str
    funded_satang: Satang
    committed_satang: Satang = Field(description="promised to citizens, less what lapsed")
    left_satang: Satang = Field(description="promised to nobody")
    lapsed_satang: Satang = Field(description="came back from purses: remainders of notes, ended and forfeited rights")
    bought_in_satang: Satang = Field(description="citizens' own money that they bought in with")
    spent_satang: Satang = Field(description="what shops got, less refunds")
    paid_out_satang: Satang = Field(description="what became citizens' own money")
    in_purses_satang: Satang
    warnings: list[WarningShown]


class BreachShown(Shape):
    """A limit that somebody has passed, or a counter that is wrong."""

    id: UUID
    citizen_id: UUID
    enrolment_id: UUID
    cap: str
    ends_at: Instant = Field(description="the end of the cap's period")
    used: int = Field(description="as the ledger says; satang where the cap counts money")
    most: int | None = Field(description="the limit that was passed; null: none was, but the counter is wrong")
    stored: int = Field(description="as the counter says")
    found_at: Instant
    frozen: bool = Field(description="whether the citizen's rights are on hold now")


class BreachesShown(Shape):
    """A page of breaches, newest first."""

    results: list[BreachShown]
    next: UUID | None


class FreezeAsked(Shape):
    """Why."""

    reason: Reason


class FreezeShown(Shape):
    """A citizen whose rights are on hold."""

    id: UUID
    citizen_id: UUID
    reason: str
    by: str
    at: Instant


class BudgetDoor(Door):
    """What has become of a scheme's money."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={200: BudgetShown})
    def get(self, request: Request, code: str) -> Response:
        """Show totals that foot, and the warnings so far."""
        scheme = schemes.in_force(code=code, at=clock.now()).scheme
        found = budgets.totals(scheme_id=scheme.id)[scheme.id]
        shown = BudgetShown(
            scheme=scheme.code,
            funded_satang=found.funded,
            committed_satang=found.committed,
            left_satang=found.left,
            lapsed_satang=found.lapsed,
            bought_in_satang=found.bought_in,
            spent_satang=found.spent,
            paid_out_satang=found.paid_out,
            in_purses_satang=found.in_purses,
            warnings=[
                WarningShown(
                    of=warning.of,
                    percent=warning.percent,
                    amount_satang=warning.amount,
                    funded_satang=warning.funded,
                    at=warning.at,
                )
                for warning in budgets.warnings(scheme_id=scheme.id)
            ],
        )
        return Response(shown)


class BreachesDoor(Door):
    """What the audit of limits found."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(parameters=PAGE, responses={200: BreachesShown})
    def get(self, request: Request) -> Response:
        """List breaches, newest first."""
        page = self.query(PageAsked)
        found = freezing.breaches(at_most=page.limit + 1, before=page.before)
        shown = [
            BreachShown(
                id=breach.id,
                citizen_id=breach.citizen_id,
                enrolment_id=breach.enrolment_id,
                cap=breach.cap,
                ends_at=breach.ends_at,
                used=breach.used,
                most=breach.most,
                stored=breach.stored,
                found_at=breach.found_at,
                frozen=frozen,
            )
            for breach, frozen in found[: page.limit]
        ]
        return Response(BreachesShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))


class FreezeDoor(Door):
    """Where an officer stops a citizen's rights, and lets them be used again."""

    open_to: ClassVar = {"POST": OFFICER, "DELETE": OFFICER}

    @extend_schema(request=FreezeAsked, responses={201: FreezeShown})
    def post(self, request: Request, citizen_id: UUID) -> Response:
        """Put a citizen's rights on hold; their own money stays theirs to pay with."""
        reason = self.body(FreezeAsked).reason
        freeze = freezing.freeze(citizen_id=citizen_id, reason=reason, actor=self.officer, at=clock.now())
        shown = FreezeShown(
            id=freeze.id, citizen_id=citizen_id, reason=freeze.reason, by=freeze.frozen_by, at=freeze.frozen_at
        )
        return Response(shown, status=201)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, citizen_id: UUID) -> Response:
        """Let a citizen use their rights again."""
        freezing.lift(citizen_id=citizen_id, actor=self.officer, at=clock.now())
        return Response(status=204)
