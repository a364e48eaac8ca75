"""Lists of people: one officer uploads a file and sees what was taken in, another one puts the list in force."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, BinaryIO, ClassVar, Final, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from pydantic import Field

from config import uploads
from config.authentication import OFFICER
from config.doors import FieldsWrong
from config.screens import Screen
from config.shapes import Shape, Totp, TypedKey
from config.uploads import File
from subsidies import lists
from subsidies.api.lists import ListCode, Source, as_csv
from subsidies.models import PeopleList
from subsidies.plain_words import Sentence
from subsidies.words.people import WRONG_LINES

LISTS_SHOWN: Final = 20
LINES_SHOWN: Final = 50


class ListTyped(Shape):
    """What a list is, beside its rows."""

    code: ListCode
    as_of: dt.date
    source: Source
    key: TypedKey


class CodeTyped(Shape):
    """A code made now."""

    totp: Totp


class LinesAsked(Shape):
    """After which line the rejected ones are shown."""

    after: int = Field(0, ge=0)


@method_decorator(csrf_exempt, name="dispatch")
class WithFile(Screen, ABC):
    """A screen whose form brings a file, which is read as it comes in and never put down (`config.uploads`)."""

    open_to: ClassVar = OFFICER

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read the form up to its file, then guard it as every form is, then take the file in."""
        file = uploads.begin(request)
        return self._guarded(request, file)

    @method_decorator(csrf_protect)
    def _guarded(self, request: HttpRequest, file: File) -> HttpResponse:
        if not file.size:
            raise FieldsWrong(fields={"file": "missing"})
        found = self.take_in(file)
        return self.to("office-list", found.id)

    @abstractmethod
    def take_in(self, file: File) -> PeopleList:
        """Read the file to its end, and return the list that it belongs to."""


class ListsScreen(WithFile):
    """The newest lists, how far each is, and a form for another."""

    template = "subsidies/office_lists.html"

    def seen(self) -> Mapping[str, Any]:
        """Return them, newest first."""
        return {"lists": [{"it": each, "state": lists.state(each)} for each in lists.newest(at_most=LISTS_SHOWN)]}

    def take_in(self, file: File) -> PeopleList:
        """Upload a list."""
        typed = self.form(ListTyped)
        return lists.upload(
            file=cast("BinaryIO", file),
            size=file.size,
            code=typed.code,
            as_of=typed.as_of,
            source=typed.source,
            actor=self.officer,
            key=typed.key,
            at=self.at,
        )


class ListScreen(Screen):
    """One list: how far it was read, what was not taken in, and putting it in force."""

    open_to: ClassVar = OFFICER
    template = "subsidies/office_list.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it, with who uploaded and who approved it."""
        found = lists.of(list_id=self.kwargs["list_id"])
        after = self.query(LinesAsked).after
        lines = lists.rejections(list_id=found.id, after=after, at_most=LINES_SHOWN + 1)
        return {
            "list": found,
            "state": lists.state(found),
            "approval": getattr(found, "approval", None),
            "mine": found.made_by_id == self.caller.id,
            "digest": bytes(found.digest).hex(),
            "lines": [{"it": each, "why": Sentence("", *WRONG_LINES[each.why])} for each in lines[:LINES_SHOWN]],
            "next": lines[LINES_SHOWN - 1].line if len(lines) > LINES_SHOWN else None,
        }

    def post(self, request: HttpRequest, list_id: UUID) -> HttpResponse:
        """Put it in force with the second factor."""
        lists.approve(list_id=list_id, actor=self.officer, second_factor=self.form(CodeTyped).totp, at=self.at)
        return self.to("office-list", list_id)


class RestScreen(WithFile, ListScreen):
    """Where an upload that was cut off goes on, with the same file."""

    def take_in(self, file: File) -> PeopleList:
        """Read on."""
        return lists.read_on(
            list_id=self.kwargs["list_id"], file=cast("BinaryIO", file), size=file.size, actor=self.officer, at=self.at
        )


class RejectionsScreen(Screen):
    """The rejected lines as a file, for whoever gave the list."""

    open_to: ClassVar = OFFICER

    def get(self, request: HttpRequest, list_id: UUID) -> StreamingHttpResponse:
        """Hand it over."""
        found = lists.of(list_id=list_id)
        headers = {
            "Content-Disposition": f'attachment; filename="rejections-{found.code}-{found.as_of}.csv"',
            "Cache-Control": "no-store",
        }
        return StreamingHttpResponse(as_csv(found), content_type="text/csv; charset=utf-8", headers=headers)
