"""What goes to the bank, what the bank says, and what does not match."""

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any, BinaryIO, ClassVar, cast
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER
from config.describing import KEY, LIMIT, PAGE
from config.doors import Door
from config.shapes import LARGEST_PAGE, USUAL_PAGE, Instant, PageAsked, Reason, Satang, Shape
from settlement import bankfiles, discrepancies, reconciliation
from wallet import clock

AFTER = OpenApiParameter("after", UUID, description="`next` of the page before: what was found after that one.")


class XMLStream(BaseParser):
    """Hands a bank statement on as it comes in: `camt053.py` reads it piece by piece, bounded, as a stranger's file."""

    media_type = "application/xml"

    def parse(  # type: ignore[override]  # a file, for the operation to read
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> BinaryIO:
        """Return the body, not read yet."""
        return cast("BinaryIO", stream)


class BankFileShown(Shape):
    """A pain.001 file of an approved batch."""

    id: UUID
    batch_id: UUID
    number: int
    payouts: int
    total_satang: Satang
    sha256: str
    written_at: Instant


class BankFilesShown(Shape):
    """A page of bank files, newest first."""

    results: list[BankFileShown]
    next: UUID | None


class StatementShown(Shape):
    """A statement that was taken in and reconciled: how many payouts it answers, and how many lines did not match."""

    id: UUID
    bank_id: str
    lines: int
    closing_date: dt.date
    confirmed: int
    returned: int
    discrepancies: int


class DiscrepancyShown(Shape):
    """Something between our books and the bank's that did not match, and whose desk it is on."""

    id: UUID
    kind: str
    owner: str
    amount_satang: Satang = Field(description="what the bank moved less what our books moved")
    payout_id: UUID | None
    statement_id: UUID | None
    line: int | None
    facts: dict[str, Any]
    found_at: Instant


class DiscrepanciesShown(Shape):
    """A page of open discrepancies, oldest first."""

    results: list[DiscrepancyShown]
    next: UUID | None


class DiscrepanciesAsked(Shape):
    """Which open discrepancies."""

    after: UUID | None = None
    limit: int = Field(USUAL_PAGE, ge=1, le=LARGEST_PAGE)


class ResolutionAsked(Shape):
    """Why it is settled."""

    reason: Reason


class ResolutionShown(Shape):
    """Why a discrepancy is settled, and who says so."""

    discrepancy_id: UUID
    by: str
    reason: str
    at: Instant


class BankFilesDoor(Door):
    """All bank files."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(parameters=PAGE, responses={200: BankFilesShown})
    def get(self, request: Request) -> Response:
        """List bank files, newest first."""
        page = self.query(PageAsked)
        found = bankfiles.newest(at_most=page.limit + 1, before=page.before)
        shown = [
            BankFileShown(
                id=file.id,
                batch_id=file.batch_id,
                number=file.number,
                payouts=file.payouts,
                total_satang=file.amount,
                sha256=bytes(file.digest).hex(),
                written_at=file.written_at,
            )
            for file in found[: page.limit]
        ]
        return Response(BankFilesShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))


class BankFileContentDoor(Door):
    """The content of one bank file."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.STR})
    def get(self, request: Request, file_id: UUID) -> HttpResponse:
        """Take a file out of the house, for the bank. It is kept who did, and when."""
        file = bankfiles.of(file_id=file_id)
        content = bankfiles.download(file=file, actor=self.officer, at=clock.now())
        headers = {"Content-Disposition": f'attachment; filename="pain001-{file.id}.xml"'}
        return HttpResponse(content, content_type="application/xml", headers=headers)


class StatementsDoor(Door):
    """Where the bank's statements come in."""

    open_to: ClassVar = {"POST": OFFICER}
    parser_classes = (XMLStream,)

    @extend_schema(parameters=[KEY], request={"application/xml": OpenApiTypes.STR}, responses={201: StatementShown})
    def post(self, request: Request) -> Response:
        """Take in a camt.053 statement, all of it or nothing, and match it with our books."""
        outcome = reconciliation.take_in(
            file=cast("BinaryIO", self.request.data or io.BytesIO()), actor=self.officer, at=clock.now(), key=self.key
        )
        shown = StatementShown(
            id=outcome.statement.id,
            bank_id=outcome.statement.bank_id,
            lines=outcome.statement.lines,
            closing_date=outcome.statement.closing_date,
            confirmed=outcome.confirmed,
            returned=outcome.returned,
            discrepancies=outcome.discrepancies,
        )
        return Response(shown, status=201)


class DiscrepanciesDoor(Door):
    """What did not match and is not settled."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(parameters=[AFTER, LIMIT], responses={200: DiscrepanciesShown})
    def get(self, request: Request) -> Response:
        """List open discrepancies, oldest first."""
        page = self.query(DiscrepanciesAsked)
        found = discrepancies.open_ones(most=page.limit + 1, after=page.after)
        shown = [
            DiscrepancyShown(
                id=each.id,
                kind=each.kind,
                owner=each.owner,
                amount_satang=each.amount,
                payout_id=each.payout_id,
                statement_id=each.statement_id,
                line=each.line,
                facts=each.facts,
                found_at=each.found_at,
            )
            for each in found[: page.limit]
        ]
        return Response(DiscrepanciesShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))


class ResolutionDoor(Door):
    """Where a discrepancy is settled."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=ResolutionAsked, responses={201: ResolutionShown})
    def post(self, request: Request, discrepancy_id: UUID) -> Response:
        """Say why a discrepancy is settled. It moves no money."""
        resolution = discrepancies.resolve(
            discrepancy=discrepancies.of(discrepancy_id=discrepancy_id),
            actor=self.officer,
            reason=self.body(ResolutionAsked).reason,
            at=clock.now(),
            key=self.key,
        )
        shown = ResolutionShown(
            discrepancy_id=discrepancy_id, by=resolution.by, reason=resolution.reason, at=resolution.at
        )
        return Response(shown, status=201)
