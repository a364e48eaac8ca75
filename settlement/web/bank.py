"""What goes to the bank, what the bank says, and what does not match."""

import io
from collections.abc import Mapping
from typing import Any, BinaryIO, ClassVar, Final, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from config.authentication import OFFICER
from config.screens import Screen
from config.shapes import Reason, Shape, TypedKey
from settlement import bankfiles, discrepancies, reconciliation, statements

SHOWN: Final = 20


class FileBrought(Shape):
    """The key that came with a file."""

    key: TypedKey


class Resolving(Shape):
    """Why it is settled."""

    reason: Reason
    key: TypedKey


class BankScreen(Screen):
    """Files for the bank, its answers, and what is open."""

    open_to: ClassVar = OFFICER
    template = "settlement/bank.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the newest of each; of what is open, the oldest first."""
        return {
            "files": bankfiles.newest(at_most=SHOWN),
            "statements": statements.recent(most=SHOWN),
            "discrepancies": discrepancies.open_ones(most=SHOWN),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take in the bank's answer, all of it or nothing, and show what it said."""
        typed, brought = self.form(FileBrought), request.FILES.get("statement")
        outcome = reconciliation.take_in(
            # No file is an empty one: the operation says that it is no statement.
            file=cast("BinaryIO", brought) if isinstance(brought, UploadedFile) else io.BytesIO(),
            actor=self.officer,
            key=typed.key,
            at=self.at,
        )
        return self.to("office-statement", outcome.statement.id)


class BankFileScreen(Screen):
    """One file, taken out of the house by a form: a link might be followed by who only looks ahead."""

    open_to: ClassVar = OFFICER
    http_method_names = ("post",)

    def post(self, request: HttpRequest, file_id: UUID) -> HttpResponse:
        """Hand it over; that it was taken is kept."""
        content = bankfiles.download(file=bankfiles.of(file_id=file_id), actor=self.officer, at=self.at)
        headers = {
            "Content-Disposition": f'attachment; filename="pain001-{file_id}.xml"',
            "Cache-Control": "no-store",
        }
        return HttpResponse(content, content_type="application/xml", headers=headers)


class StatementScreen(Screen):
    """What one of the bank's answers said."""

    open_to: ClassVar = OFFICER
    template = "settlement/statement.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it."""
        outcome = reconciliation.outcome(statement=statements.of(statement_id=self.kwargs["statement_id"]))
        return {"outcome": outcome, "statement": outcome.statement}


class DiscrepancyScreen(Screen):
    """Something that did not match."""

    open_to: ClassVar = OFFICER
    template = "settlement/discrepancy.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it, and why it is settled if it is."""
        found = discrepancies.of(discrepancy_id=self.kwargs["discrepancy_id"])
        return {"discrepancy": found, "resolution": getattr(found, "resolution", None)}

    def post(self, request: HttpRequest, discrepancy_id: UUID) -> HttpResponse:
        """Say why it is settled; no money moves."""
        typed = self.form(Resolving)
        found = discrepancies.of(discrepancy_id=discrepancy_id)
        discrepancies.resolve(discrepancy=found, actor=self.officer, reason=typed.reason, key=typed.key, at=self.at)
        return self.to("office-discrepancy", discrepancy_id)
