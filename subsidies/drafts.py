"""Documents on their way: an officer drafts, one submits, another approves, and with that the version is published.

A draft may be wrong in every line; `checking` tells all of it at once. What is submitted is sound, and is kept byte for
byte; what is approved is that text, by an officer who neither wrote nor submitted it, was shown the same, and proves by
a second factor to be there. Approval and publication are one transaction: there is nothing in between to be killed.
"""

import datetime as dt
from typing import ClassVar, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F

from subsidies import publishing
from subsidies.documents.reading import LARGEST_DOCUMENT_BYTES
from subsidies.models import Draft, Submission, Verdict
from subsidies.publishing import digest_of
from wallet import audit, keys, officers, second_factors
from wallet.ids import uuid7
from wallet.refusals import Refusal

State = Literal["drafted", "submitted", "changed", "rejected", "published"]


class DraftUnknown(Refusal):
    """There is no such draft."""

    code: ClassVar = "draft_unknown"
    status: ClassVar = 404


class DraftTooLong(Refusal):
    """The text is longer than any scheme document."""

    code: ClassVar = "draft_too_long"
    status: ClassVar = 413


class DraftNotYours(Refusal):
    """Another officer writes this draft."""

    code: ClassVar = "draft_not_yours"
    status: ClassVar = 403


class DraftPublished(Refusal):
    """The draft has become a version, which nobody changes."""

    code: ClassVar = "draft_published"


class DraftSubmitted(Refusal):
    """The draft is submitted as it is; another officer approves or rejects it."""

    code: ClassVar = "draft_submitted"


class DraftNotSubmitted(Refusal):
    """Nobody has submitted the draft since it was written, changed or rejected."""

    code: ClassVar = "draft_not_submitted"


class DraftChanged(Refusal):
    """The draft is not what the officer, or the one who submitted it, was shown."""

    code: ClassVar = "draft_changed"


class ApproverDrafted(Refusal):
    """Who drafts or submits never approves."""

    code: ClassVar = "approver_drafted"
    status: ClassVar = 403


def begin(*, document: str, actor: audit.Actor, at: dt.datetime, key: str | None = None) -> Draft:
    """Begin a draft, as its only author.

    :raises NotAnOfficer | DraftTooLong | KeyReused:
    """
    officer, draft_id = officers.of(actor), uuid7()
    _must_be_short(document)
    with transaction.atomic(durable=True):
        if key:
            content = {"draft": digest_of(document).hex()}
            earlier = keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=draft_id, at=at)
            if earlier is not None:
                return Draft.objects.get(id=earlier)
        audit.record(actor=actor, act="draft.begin", subject_id=draft_id, at=at)
        return Draft.objects.create(id=draft_id, officer=officer, document=document, begun_at=at, changed_at=at)


def change(*, draft_id: UUID, document: str, actor: audit.Actor, at: dt.datetime) -> Draft:
    """Write the draft anew. If it was submitted, it has to be submitted again.

    :raises NotAnOfficer | DraftUnknown | DraftNotYours | DraftPublished | DraftTooLong:
    """
    officer = officers.of(actor)
    _must_be_short(document)
    with transaction.atomic(durable=True):
        draft = _locked(draft_id)
        if draft.officer_id != officer.id:
            raise DraftNotYours
        _must_be_unpublished(newest_submission(draft))
        draft.document, draft.changed_at = document, at
        draft.save(update_fields=["document", "changed_at"])
        audit.record(actor=actor, act="draft.change", subject_id=draft.id, at=at, digest=digest_of(document).hex())
        return draft


def submit(*, draft_id: UUID, actor: audit.Actor, seen: bytes, at: dt.datetime, key: str | None = None) -> Submission:
    """Say, as the first of two officers, that this text may be published.

    :param seen: the SHA-256 of the document that the officer was shown.
    :raises NotAnOfficer | DraftUnknown | DraftPublished | DraftSubmitted | DraftChanged | KeyReused:
    :raises Refusal: it could not be published, as `publishing.must_be_publishable` says.
    """
    officer, submission_id = officers.of(actor), uuid7()
    with transaction.atomic(durable=True):
        draft = _locked(draft_id)
        if key:
            content = {"submit": draft_id, "seen": seen.hex()}
            earlier = keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=submission_id, at=at)
            if earlier is not None:
                return Submission.objects.get(id=earlier)
        digest, newest = digest_of(draft.document), newest_submission(draft)
        _must_be_unpublished(newest)
        if digest != seen:
            raise DraftChanged(digest=digest.hex())
        if state(draft, newest) == "submitted":
            raise DraftSubmitted
        publishing.must_be_publishable(document=draft.document, at=at)
        audit.record(actor=actor, act="draft.submit", subject_id=draft.id, at=at, digest=digest.hex())
        return Submission.objects.create(
            id=submission_id,
            draft=draft,
            drafted_by=draft.officer_id,
            officer=officer,
            document=draft.document,
            seen=digest,
            at=at,
        )


def approve(
    *,
    draft_id: UUID,
    actor: audit.Actor,
    second_factor: str,
    seen: bytes,
    at: dt.datetime,
    key: str | None = None,
) -> Verdict:
    """Approve what was submitted, as an officer who neither wrote nor submitted it, and publish it with that.

    :param second_factor: a TOTP code from the officer's device, made now.
    :param seen: the SHA-256 of the document that the officer was shown.
    :raises NotAnOfficer | DraftUnknown | DraftPublished | DraftNotSubmitted | ApproverDrafted | KeyReused:
    :raises DraftChanged: since the officer looked, or since it was submitted.
    :raises SecondFactorWrong: counted, and that alone is committed.
    :raises Refusal: it could not be published any more, as `publishing.enter` says.
    """
    officer, content = officers.of(actor), {"approve": draft_id, "seen": seen.hex()}
    with transaction.atomic(durable=True):
        draft = _locked(draft_id)
        if key and (earlier := keys.earlier(caller_id=officer.id, key=key, content=content)):
            return Verdict.objects.get(submission_id=earlier)
        submission = _waiting(draft)
        if officer.id in (submission.drafted_by, submission.officer_id):
            raise ApproverDrafted
        if not bytes(submission.seen) == seen == digest_of(draft.document):
            raise DraftChanged(digest=digest_of(draft.document).hex())
        wrong = second_factors.judge(officer=officer, code=second_factor)
        if wrong is None:
            if key:
                keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=submission.id, at=at)
            audit.record(actor=actor, act="draft.approve", subject_id=draft.id, at=at, digest=seen.hex())
            return Verdict.objects.create(
                submission=submission,
                version=publishing.enter(document=submission.document, actor=actor, at=at),
                officer=officer,
                drafted_by=submission.drafted_by,
                submitted_by=submission.officer_id,
                seen=seen,
                at=at,
            )
        audit.record(actor=actor, act="draft.second_factor_wrong", subject_id=draft.id, at=at)
    raise wrong


def reject(*, draft_id: UUID, actor: audit.Actor, reason: str, at: dt.datetime, key: str | None = None) -> Verdict:
    """Reject what was submitted. Its author may write it anew; it is not published before it is submitted again.

    :raises NotAnOfficer | DraftUnknown | DraftPublished | DraftNotSubmitted | KeyReused:
    """
    officer, content = officers.of(actor), {"reject": draft_id, "reason": reason}
    with transaction.atomic(durable=True):
        draft = _locked(draft_id)
        if key and (earlier := keys.earlier(caller_id=officer.id, key=key, content=content)):
            return Verdict.objects.get(submission_id=earlier)
        submission = _waiting(draft)
        if key:
            keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=submission.id, at=at)
        audit.record(actor=actor, act="draft.reject", subject_id=draft.id, at=at, reason=reason)
        return Verdict.objects.create(
            submission=submission,
            officer=officer,
            drafted_by=submission.drafted_by,
            submitted_by=submission.officer_id,
            reason=reason,
            at=at,
        )


def of(*, draft_id: UUID) -> Draft:
    """Return a draft with its author.

    :raises DraftUnknown: there is none of this id.
    """
    draft = Draft.objects.select_related("officer__user").filter(id=draft_id).first()
    if draft is None:
        raise DraftUnknown
    return draft


def recent(*, most: int, before: UUID | None = None) -> list[tuple[Draft, Submission | None]]:
    """Return the newest drafts, each with its newest submission; `most` of them, older than `before` if given."""
    drafts = Draft.objects.select_related("officer__user").order_by("-id")
    page = list((drafts if before is None else drafts.filter(id__lt=before))[:most])
    found = Submission.objects.filter(draft__in=page).order_by("draft_id", "-id").distinct("draft_id")
    newest = {row.draft_id: row for row in found.select_related(*WHO)}
    return [(draft, newest.get(draft.id)) for draft in page]


def waiting(*, at_most: int) -> list[Submission]:
    """Return the submissions that wait for a second officer, oldest first; not those whose draft was changed since."""
    newest = Submission.objects.order_by("draft_id", "-id").distinct("draft_id").values("id")
    unchanged = Submission.objects.filter(id__in=newest, verdict=None, draft__document=F("document"))
    return list(unchanged.select_related("draft__officer__user", "officer__user").order_by("id")[:at_most])


def newest_submission(draft: Draft) -> Submission | None:
    """Return the last submission of a draft, with who said what of it."""
    return Submission.objects.filter(draft=draft).select_related(*WHO).order_by("-id").first()


WHO = ("officer__user", "verdict__officer__user", "verdict__version__scheme")


def verdict_of(submission: Submission | None) -> Verdict | None:
    """Return how a submission ended; None while it waits."""
    return getattr(submission, "verdict", None)


def state(draft: Draft, submission: Submission | None) -> State:
    """Return where a draft stands, given its newest submission."""
    if submission is None:
        return "drafted"
    verdict = verdict_of(submission)
    if verdict is not None and verdict.version_id is not None:
        return "published"
    if digest_of(draft.document) != bytes(submission.seen):
        return "changed"
    return "submitted" if verdict is None else "rejected"


def _must_be_short(document: str) -> None:
    if len(document.encode()) > LARGEST_DOCUMENT_BYTES:
        raise DraftTooLong(largest_bytes=LARGEST_DOCUMENT_BYTES)


def _must_be_unpublished(newest: Submission | None) -> None:
    verdict = verdict_of(newest)
    if verdict is not None and verdict.version is not None:
        raise DraftPublished(scheme=verdict.version.scheme.code, version=verdict.version.number)


def _locked(draft_id: UUID) -> Draft:
    draft = Draft.objects.select_for_update(no_key=True).filter(id=draft_id).first()
    if draft is None:
        raise DraftUnknown
    return draft


def _waiting(draft: Draft) -> Submission:
    """Return the submission that waits for a second officer.

    :raises DraftPublished | DraftNotSubmitted: none does.
    """
    newest = newest_submission(draft)
    _must_be_unpublished(newest)
    if newest is None or verdict_of(newest) is not None:
        raise DraftNotSubmitted
    return newest
