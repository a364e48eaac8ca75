"""Doors for officers who draft, check, submit and approve scheme documents."""

from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER
from config.describing import KEY, PAGE
from config.doors import Door, JSONBytes
from config.problems import document as problem
from config.shapes import Instant, PageAsked, Problem, Reason, Shape, Totp
from subsidies import checking, drafts
from subsidies.documents import example_lines_of
from subsidies.documents.reading import LARGEST_DOCUMENT_BYTES
from subsidies.models import Draft, Submission
from subsidies.publishing import digest_of
from wallet import clock

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, StringConstraints(max_length=LARGEST_DOCUMENT_BYTES, pattern=r"^[^\x00]*$")]


class LongJSON(JSONBytes):
    """A body that holds a whole document; in JSON a Thai letter may take six bytes in place of three."""

    largest = 2 * LARGEST_DOCUMENT_BYTES + 1_000


class DraftAsked(Shape):
    """The text of a draft."""

    document: Text = Field(description="TOML; docs/writing-a-scheme.md")


class DraftListed(Shape):
    """Where a draft stands. `seen` is the SHA-256 of its text."""

    id: UUID
    author: str
    seen: str
    state: Literal["drafted", "submitted", "changed", "rejected", "published"]
    begun_at: Instant
    changed_at: Instant
    submitted_by: str | None
    submitted_at: Instant | None
    decided_by: str | None
    decided_at: Instant | None
    reason: str | None
    scheme: str | None = Field(description="what it was published as")
    version: int | None


class DraftShown(DraftListed):
    """A draft, as an officer must see it before they say yes."""

    document: str


class DraftsShown(Shape):
    """A page of drafts, newest first."""

    results: list[DraftListed]
    next: UUID | None


class MistakeShown(Shape):
    """One thing to put right."""

    line: int
    field: str
    found: str
    allowed: str


class ExampleShown(Shape):
    """One question of one of the document's own examples."""

    line: int
    name: str
    question: str
    expected: str
    found: str
    is_right: bool


class CheckShown(Shape):
    """All that is wrong with a draft, at once."""

    publishable: bool
    mistakes: list[MistakeShown] = Field(description="where the text breaks the format")
    examples: list[ExampleShown] = Field(description="what the rules answer; empty while there are mistakes")
    refusal: Problem | None = Field(description="why it could not be published now")


class DraftSubmissionAsked(Shape):
    """The digest of what the officer was shown."""

    seen: Digest


class DraftApprovalAsked(Shape):
    """The digest of what the second officer was shown, and a code from their device, made now."""

    seen: Digest
    totp: Totp


class DraftRejectionAsked(Shape):
    """Why."""

    reason: Reason


class DraftsDoor(Door):
    """All drafts."""

    open_to: ClassVar = {"GET": OFFICER, "POST": OFFICER}
    parser_classes = (LongJSON,)

    @extend_schema(parameters=PAGE, responses={200: DraftsShown})
    def get(self, request: Request) -> Response:
        """List drafts, newest first."""
        page = self.query(PageAsked)
        found = drafts.recent(most=page.limit + 1, before=page.before)
        shown = [DraftListed(**_listed(draft, newest)) for draft, newest in found[: page.limit]]
        return Response(DraftsShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))

    @extend_schema(parameters=[KEY], request=DraftAsked, responses={201: DraftShown})
    def post(self, request: Request) -> Response:
        """Begin a draft, right or wrong."""
        text = self.body(DraftAsked).document
        draft = drafts.begin(document=text, actor=self.officer, at=clock.now(), key=self.key)
        return Response(_shown(draft.id), status=201)


class DraftDoor(Door):
    """One draft."""

    open_to: ClassVar = {"GET": OFFICER, "PUT": OFFICER}
    parser_classes = (LongJSON,)

    @extend_schema(responses={200: DraftShown})
    def get(self, request: Request, draft_id: UUID) -> Response:
        """Look at a draft."""
        return Response(_shown(draft_id))

    @extend_schema(request=DraftAsked, responses={200: DraftShown})
    def put(self, request: Request, draft_id: UUID) -> Response:
        """Write a draft of one's own anew."""
        text = self.body(DraftAsked).document
        drafts.change(draft_id=draft_id, document=text, actor=self.officer, at=clock.now())
        return Response(_shown(draft_id))


class DraftCheckDoor(Door):
    """What is right and wrong with a draft."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={200: CheckShown})
    def get(self, request: Request, draft_id: UUID) -> Response:
        """Tell every mistake at once, and what the rules answer to each example."""
        text = drafts.of(draft_id=draft_id).document
        checked = checking.check(document=text, at=clock.now())
        lines = example_lines_of(text) if checked.answers else []
        no = checked.refusal
        shown = CheckShown(
            publishable=no is None,
            mistakes=[
                MistakeShown(line=one.line, field=one.field, found=one.found, allowed=one.allowed)
                for one in checked.mistakes
            ],
            examples=[
                ExampleShown(
                    line=lines[one.number],
                    name=one.example,
                    question=one.question,
                    expected=one.expected,
                    found=one.found,
                    is_right=one.is_right,
                )
                for one in checked.answers
            ],
            refusal=None if no is None else Problem(**problem(no.code, status=no.status, facts=no.facts)),
        )
        return Response(shown)


class DraftSubmissionDoor(Door):
    """The first officer's word."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=DraftSubmissionAsked, responses={201: DraftShown})
    def post(self, request: Request, draft_id: UUID) -> Response:
        """Say that this text, as it was shown, may be published."""
        seen = bytes.fromhex(self.body(DraftSubmissionAsked).seen)
        drafts.submit(draft_id=draft_id, actor=self.officer, seen=seen, at=clock.now(), key=self.key)
        return Response(_shown(draft_id), status=201)


class DraftApprovalDoor(Door):
    """The second officer's word."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=DraftApprovalAsked, responses={201: DraftShown})
    def post(self, request: Request, draft_id: UUID) -> Response:
        """Approve what another officer drafted and submitted: it is published with that."""
        asked = self.body(DraftApprovalAsked)
        drafts.approve(
            draft_id=draft_id,
            actor=self.officer,
            second_factor=asked.totp,
            seen=bytes.fromhex(asked.seen),
            at=clock.now(),
            key=self.key,
        )
        return Response(_shown(draft_id), status=201)


class DraftRejectionDoor(Door):
    """No officer's yes."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=DraftRejectionAsked, responses={201: DraftShown})
    def post(self, request: Request, draft_id: UUID) -> Response:
        """Reject what was submitted: nothing is published."""
        reason = self.body(DraftRejectionAsked).reason
        drafts.reject(draft_id=draft_id, actor=self.officer, reason=reason, at=clock.now(), key=self.key)
        return Response(_shown(draft_id), status=201)


def _shown(draft_id: UUID) -> DraftShown:
    draft = drafts.of(draft_id=draft_id)
    return DraftShown(document=draft.document, **_listed(draft, drafts.newest_submission(draft)))


def _listed(draft: Draft, submission: Submission | None) -> dict[str, Any]:
    verdict = drafts.verdict_of(submission)
    version = verdict.version if verdict else None
    return {
        "id": draft.id,
        "author": draft.officer.user.get_username(),
        "seen": digest_of(draft.document).hex(),
        "state": drafts.state(draft, submission),
        "begun_at": draft.begun_at,
        "changed_at": draft.changed_at,
        "submitted_by": submission.officer.user.get_username() if submission else None,
        "submitted_at": submission.at if submission else None,
        "decided_by": verdict.officer.user.get_username() if verdict else None,
        "decided_at": verdict.at if verdict else None,
        "reason": verdict.reason or None if verdict else None,
        "scheme": version.scheme.code if version else None,
        "version": version.number if version else None,
    }
