"""Why somebody was refused at 12:03."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN
from config.describing import PAGE
from config.doors import Door
from config.shapes import Instant, PageAsked, Shape
from config.words import worded
from wallet import refused
from wallet.models import RefusalRecord


class RefusalShown(Shape):
    """A no that a citizen got when they scanned or paid."""

    id: UUID
    at: Instant
    charge_id: UUID | None
    code: str
    detail_th: str
    detail_en: str
    facts: dict[str, Any]


class RefusalsShown(Shape):
    """A page of refusals, newest first."""

    results: list[RefusalShown]
    next: UUID | None


class RefusalsDoor(Door):
    """A citizen's refusals."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(parameters=PAGE, responses={200: RefusalsShown})
    def get(self, request: Request) -> Response:
        """List what was refused, newest first."""
        page = self.query(PageAsked)
        found = refused.newest(citizen_id=self.caller.id, at_most=page.limit + 1, before=page.before)
        shown = [_shown(record) for record in found[: page.limit]]
        return Response(RefusalsShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))


def _shown(record: RefusalRecord) -> RefusalShown:
    thai, english = worded(code=record.code, facts=record.facts)
    return RefusalShown(
        id=record.id,
        at=record.at,
        charge_id=record.charge_id,
        code=record.code,
        detail_th=thai,
        detail_en=english,
        facts=record.facts,
    )
