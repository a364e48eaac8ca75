"""Doors for officers: lists of people are uploaded by one and put in force by another."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, BinaryIO, ClassVar, cast
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field, StringConstraints
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER
from config.describing import KEY, LIMIT, PAGE
from config.doors import Door
from config.shapes import LARGEST_PAGE, USUAL_PAGE, Instant, PageAsked, Shape, Totp
from subsidies import lists
from subsidies.models import PeopleList
from subsidies.words.people import WRONG_LINES
from wallet import clock

ListCode = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$")]
Source = Annotated[str, StringConstraints(min_length=3, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]

LIST = [
    OpenApiParameter("code", str, required=True, description="as scheme documents name it: tax-filers-2567"),
    OpenApiParameter("as_of", dt.date, required=True, description="the day whose end the list tells of"),
    OpenApiParameter("source", str, required=True, description="who gave it, and by which letter"),
]
AFTER = OpenApiParameter("after", int, description="`next` of the page before: the lines after that one.")


class CSVStream(BaseParser):
    """Hands a list on as it comes in: `list_files.py` reads it line by line, bounded, and it is never put down."""

    media_type = "text/csv"

    def parse(  # type: ignore[override]  # a file, for the operation to read
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> BinaryIO:
        """Return the body, not read yet."""
        return cast("BinaryIO", stream)


class ListAsked(Shape):
    """What a list is, beside its rows."""

    code: ListCode
    as_of: dt.date
    source: Source


class ListShown(Shape):
    """A list. While it is read its numbers grow; schemes judge by it once another officer has approved it."""

    id: UUID
    code: str
    as_of: dt.date
    source: str
    state: lists.State
    size_bytes: int
    read_bytes: int
    lines: int
    people: int
    rejected: int
    sha256: str = Field(description="of the bytes read so far; at the end, the file's")
    stopped_why: str | None = Field(description="mostly_wrong, or nobody: it was not a list of people")
    made_by: str
    begun_at: Instant
    ended_at: Instant | None
    approved_by: str | None
    approved_at: Instant | None


class ListsShown(Shape):
    """A page of lists, newest first."""

    results: list[ListShown]
    next: UUID | None


class RejectionShown(Shape):
    """A line that was not taken in, and why. Of the ID only the last four digits are told."""

    line: int
    why: str
    th: str
    en: str
    masked: str


class RejectionsShown(Shape):
    """A page of rejected lines, in order."""

    results: list[RejectionShown]
    next: int | None


class RejectionsAsked(Shape):
    """Which part of the rejected lines."""

    after: int = Field(0, ge=0)
    limit: int = Field(USUAL_PAGE, ge=1, le=LARGEST_PAGE)


class ListApprovalAsked(Shape):
    """A code from the second officer's device, made now."""

    totp: Totp


class ListsDoor(Door):
    """All lists."""

    open_to: ClassVar = {"GET": OFFICER, "POST": OFFICER}
    parser_classes = (CSVStream,)

    @extend_schema(parameters=PAGE, responses={200: ListsShown})
    def get(self, request: Request) -> Response:
        """Look at lists, newest first, also while they are read."""
        page = self.query(PageAsked)
        found = lists.newest(at_most=page.limit + 1, before=page.before)
        shown = [_shown(each) for each in found[: page.limit]]
        return Response(ListsShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))

    @extend_schema(parameters=[KEY, *LIST], request={"text/csv": OpenApiTypes.STR}, responses={201: ListShown})
    def post(self, request: Request) -> Response:
        """Upload a list, a national ID to a line. Cut off, the same file under the same key goes on from there."""
        asked = self.query(ListAsked)
        found = lists.upload(
            file=cast("BinaryIO", self.request.data or io.BytesIO()),
            size=int(self.request.META.get("CONTENT_LENGTH") or 0),
            code=asked.code,
            as_of=asked.as_of,
            source=asked.source,
            actor=self.officer,
            key=self.key,
            at=clock.now(),
        )
        return Response(_shown(found), status=201)


class ListDoor(Door):
    """One list."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={200: ListShown})
    def get(self, request: Request, list_id: UUID) -> Response:
        """Look at a list and how far it has been read."""
        return Response(_shown(lists.of(list_id=list_id)))


class ListRejectionsDoor(Door):
    """The lines of a list that were not taken in."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(parameters=[AFTER, LIMIT], responses={200: RejectionsShown})
    def get(self, request: Request, list_id: UUID) -> Response:
        """Look at what is wrong, line by line."""
        page = self.query(RejectionsAsked)
        found = lists.rejections(list_id=lists.of(list_id=list_id).id, after=page.after, at_most=page.limit + 1)
        shown = [
            RejectionShown(
                line=each.line,
                why=each.why,
                th=WRONG_LINES[each.why][0],
                en=WRONG_LINES[each.why][1],
                masked=each.masked,
            )
            for each in found[: page.limit]
        ]
        return Response(RejectionsShown(results=shown, next=shown[-1].line if len(found) > page.limit else None))


class ListRejectionsCSVDoor(Door):
    """The same lines as a file."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, list_id: UUID) -> StreamingHttpResponse:
        """Take the rejected lines to whoever gave the list."""
        found = lists.of(list_id=list_id)
        headers = {"Content-Disposition": f'attachment; filename="rejections-{found.code}-{found.as_of}.csv"'}
        return StreamingHttpResponse(as_csv(found), content_type="text/csv; charset=utf-8", headers=headers)


class ListApprovalDoor(Door):
    """The second officer's word."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(request=ListApprovalAsked, responses={201: ListShown})
    def post(self, request: Request, list_id: UUID) -> Response:
        """Put a list in force that another officer uploaded."""
        totp = self.body(ListApprovalAsked).totp
        lists.approve(list_id=list_id, actor=self.officer, second_factor=totp, at=clock.now())
        return Response(_shown(lists.of(list_id=list_id)), status=201)


def as_csv(found: PeopleList) -> Iterator[str]:
    """Yield the rejected lines of a list as CSV, a page at a time."""
    yield "line,why,in_thai,in_english,masked\r\n"
    after = 0
    while page := lists.rejections(list_id=found.id, after=after, at_most=LARGEST_PAGE):
        written = io.StringIO()
        rows = csv.writer(written)
        rows.writerows((each.line, each.why, *WRONG_LINES[each.why], each.masked) for each in page)
        yield written.getvalue()
        after = page[-1].line


def _shown(found: PeopleList) -> ListShown:
    approval = getattr(found, "approval", None)
    return ListShown(
        id=found.id,
        code=found.code,
        as_of=found.as_of,
        source=found.source,
        state=lists.state(found),
        size_bytes=found.size,
        read_bytes=found.bytes_read,
        lines=found.lines,
        people=found.people,
        rejected=found.rejected,
        sha256=bytes(found.digest).hex(),
        stopped_why=found.stopped_why or None,
        made_by=found.made_by.user.get_username(),
        begun_at=found.begun_at,
        ended_at=found.ended_at,
        approved_by=approval.officer.user.get_username() if approval else None,
        approved_at=approval.at if approval else None,
    )
