"""Scheme documents on their way: an officer writes, sees every mistake at once, submits; another one approves."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from pydantic import AfterValidator, StringConstraints

from config.authentication import OFFICER
from config.doors import FieldsWrong
from config.screens import Screen
from config.shapes import Reason, Shape, Totp, TypedKey
from subsidies import checking, drafts, plain_words, schemes
from subsidies.api.drafts import Digest
from subsidies.documents.reading import LARGEST_DOCUMENT_BYTES
from subsidies.drafts import DraftTooLong
from subsidies.models import Draft, SchemeVersion
from subsidies.publishing import digest_of
from subsidies.schemes import SchemeUnknown
from subsidies.web.overviews import asked, changed, listed


def _as_typed(text: str) -> str:
    # A form sends every line's end as CRLF, whatever was typed. A document is compared byte for byte.
    return text.replace("\r\n", "\n")


Text = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\x00]*$"), AfterValidator(_as_typed)]


class Begun(Shape):
    """Which version a new draft begins with, if any."""

    scheme: str = ""
    version: int = 0


class Written(Shape):
    """The text, as it was typed; a file in its place, if one was chosen."""

    document: Text
    file: Literal[""] = ""  # as a form says that no file was chosen
    key: TypedKey


class Submitting(Shape):
    """What the officer was shown."""

    seen: Digest
    key: TypedKey


class Approving(Submitting):
    """The same, and a code made now."""

    totp: Totp


class Rejecting(Shape):
    """Why not."""

    reason: Reason
    key: TypedKey


class Writing(Screen):
    """A form that takes a document, typed or as a file."""

    open_to: ClassVar = OFFICER

    def written(self) -> Written:
        """Return what the form says; a file goes before what was typed.

        :raises DraftTooLong: nobody reads so much of a file into memory.
        :raises FieldsWrong: there is neither, or it is no text.
        """
        brought = self.request.FILES.get("file")
        if isinstance(brought, UploadedFile):
            if (brought.size or 0) > LARGEST_DOCUMENT_BYTES:
                raise DraftTooLong(largest_bytes=LARGEST_DOCUMENT_BYTES)
            try:
                text = brought.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise FieldsWrong(fields={"file": "not_utf8"}) from error
            typed = self.request.POST.copy()
            typed["document"] = text
            # So that a refusal shows it where it can be put right.
            self.request.POST = typed  # type: ignore[assignment]  # it is there to be read, as Django's own is
        return self.form(Written)


class DraftsScreen(Writing):
    """Where a draft begins: empty, from a version, or from a file."""

    template = "subsidies/office_drafts.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the text to begin with."""
        begun = self.query(Begun)
        text = schemes.version(code=begun.scheme, number=begun.version).document if begun.scheme else ""
        return {"begun": begun, "document": text}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin it, right or wrong."""
        typed = self.written()
        draft = drafts.begin(document=typed.document, actor=self.officer, at=self.at, key=typed.key)
        return self.to("office-draft", draft.id)


class DraftScreen(Writing):
    """One draft: every mistake at once, what its rules answer, what it changes, and what this officer can do."""

    template = "subsidies/office_draft.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it as it is now; the digest is of its text, so it is what the officer says yes to."""
        draft = drafts.of(draft_id=self.kwargs["draft_id"])
        newest = drafts.newest_submission(draft)
        shown = listed(draft, newest)
        mine = draft.officer_id == self.caller.id
        return {
            **shown,
            "mine": mine,
            "mine_to_approve": not mine and newest is not None and newest.officer_id != self.caller.id,
            "digest": digest_of(draft.document).hex(),
            **({} if shown["state"] == "published" else self._checked(draft)),
        }

    def post(self, request: HttpRequest, draft_id: UUID) -> HttpResponse:
        """Write it anew."""
        drafts.change(draft_id=draft_id, document=self.written().document, actor=self.officer, at=self.at)
        return self.to("office-draft", draft_id)

    def _checked(self, draft: Draft) -> Mapping[str, Any]:
        checked = checking.check(document=draft.document, at=self.at)
        seen = {"checked": checked, "lines": draft.document.splitlines()}
        document = checked.document
        if document is None:
            return seen
        before = _newest_version(document.scheme.code)
        return {
            **seen,
            **asked(draft.document, document, checked.answers),
            "document": document,
            "sections": list(plain_words.sections(document)),
            "before": before,
            "changed": before and changed(schemes.compiled(before.id).document, document),
        }


class SubmissionScreen(DraftScreen):
    """Where the first officer says yes."""

    def post(self, request: HttpRequest, draft_id: UUID) -> HttpResponse:
        """Submit it."""
        typed = self.form(Submitting)
        seen = bytes.fromhex(typed.seen)
        drafts.submit(draft_id=draft_id, actor=self.officer, seen=seen, at=self.at, key=typed.key)
        return self.to("office-draft", draft_id)


class ApprovalScreen(DraftScreen):
    """Where the second officer says yes."""

    def post(self, request: HttpRequest, draft_id: UUID) -> HttpResponse:
        """Approve it: it is published with that."""
        typed = self.form(Approving)
        drafts.approve(
            draft_id=draft_id,
            actor=self.officer,
            second_factor=typed.totp,
            seen=bytes.fromhex(typed.seen),
            at=self.at,
            key=typed.key,
        )
        return self.to("office-draft", draft_id)


class RejectionScreen(DraftScreen):
    """Where an officer says no."""

    def post(self, request: HttpRequest, draft_id: UUID) -> HttpResponse:
        """Reject it: nothing is published."""
        typed = self.form(Rejecting)
        drafts.reject(draft_id=draft_id, actor=self.officer, reason=typed.reason, at=self.at, key=typed.key)
        return self.to("office-draft", draft_id)


def _newest_version(code: str) -> SchemeVersion | None:
    try:
        return schemes.versions(code=code)[0]
    except SchemeUnknown:
        return None
