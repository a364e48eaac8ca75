"""Settlement batches: officer A submits, officer B approves, each what they were shown."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER
from config.describing import KEY, LIMIT, PAGE
from config.doors import Door
from config.shapes import LARGEST_PAGE, USUAL_PAGE, Instant, PageAsked, Reason, Satang, Shape, Totp
from settlement import batches, payouts
from settlement.models import Batch
from settlement.payouts import Totals
from wallet import clock
from wallet.accounts import NIL

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

AFTER = OpenApiParameter("after", UUID, description="`next` of the page before: the merchants after that one.")


class BatchShown(Shape):
    """A batch, as an officer must see it before they say yes. `seen` is the digest of every payout in it."""

    id: UUID
    built_at: Instant
    payouts: int
    total_satang: Satang
    seen: str
    state: Literal["waiting", "submitted", "approved", "rejected"]
    submitted_by: str | None
    submitted_at: Instant | None
    decided_by: str | None
    decided_at: Instant | None
    reason: str | None


class BatchesShown(Shape):
    """A page of batches, newest first."""

    results: list[BatchShown]
    next: UUID | None


class PayoutShown(Shape):
    """One bank transfer to one merchant."""

    id: UUID
    merchant_id: UUID
    merchant_name: str
    amount_satang: Satang
    state: str = Field(description="waiting, approved (which means sent), rejected, confirmed or returned")
    return_reason: str


class PayoutsShown(Shape):
    """A page of payouts, in order of merchant id."""

    results: list[PayoutShown]
    next: UUID | None


class PayoutsAsked(Shape):
    """Which part of a batch's payouts."""

    after: UUID = NIL
    limit: int = Field(USUAL_PAGE, ge=1, le=LARGEST_PAGE)


class SubmissionAsked(Shape):
    """The digest of what the officer was shown."""

    seen: Digest


class ApprovalAsked(Shape):
    """The digest of what the second officer was shown, and a code from their device, made now."""

    seen: Digest
    totp: Totp


class RejectionAsked(Shape):
    """Why."""

    reason: Reason


class BatchesDoor(Door):
    """All batches."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(parameters=PAGE, responses={200: BatchesShown})
    def get(self, request: Request) -> Response:
        """List batches, newest first."""
        page = self.query(PageAsked)
        found = batches.recent(most=page.limit + 1, before=page.before)
        shown = [_shown(batch) for batch in found[: page.limit]]
        return Response(BatchesShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))


class BatchDoor(Door):
    """One batch."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={200: BatchShown})
    def get(self, request: Request, batch_id: UUID) -> Response:
        """Look at a batch."""
        return Response(_shown(batches.of(batch_id=batch_id)))


class PayoutsDoor(Door):
    """The payouts of a batch."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(parameters=[AFTER, LIMIT], responses={200: PayoutsShown})
    def get(self, request: Request, batch_id: UUID) -> Response:
        """List who gets how much."""
        page = self.query(PayoutsAsked)
        found = payouts.of_batch(batch_id=batches.of(batch_id=batch_id).id, after=page.after, most=page.limit + 1)
        shown = [
            PayoutShown(
                id=line.payout_id,
                merchant_id=line.merchant_id,
                merchant_name=line.merchant,
                amount_satang=line.amount,
                state=line.state,
                return_reason=line.return_reason,
            )
            for line in found[: page.limit]
        ]
        more = len(found) > page.limit
        return Response(PayoutsShown(results=shown, next=shown[-1].merchant_id if more else None))


class SubmissionDoor(Door):
    """The first officer's word."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=SubmissionAsked, responses={201: BatchShown})
    def post(self, request: Request, batch_id: UUID) -> Response:
        """Say that this batch, as it was shown, may be paid."""
        batch = batches.of(batch_id=batch_id)
        seen = _seen(batch, self.body(SubmissionAsked).seen)
        batches.submit(batch=batch, actor=self.officer, seen=seen, at=clock.now(), key=self.key)
        return Response(_shown(batches.of(batch_id=batch_id)), status=201)


class ApprovalDoor(Door):
    """The second officer's word."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=ApprovalAsked, responses={201: BatchShown})
    def post(self, request: Request, batch_id: UUID) -> Response:
        """Approve a batch that another officer submitted: its payouts are sent."""
        asked, batch = self.body(ApprovalAsked), batches.of(batch_id=batch_id)
        batches.approve(
            batch=batch,
            actor=self.officer,
            second_factor=asked.totp,
            seen=_seen(batch, asked.seen),
            at=clock.now(),
            key=self.key,
        )
        return Response(_shown(batches.of(batch_id=batch_id)), status=201)


class RejectionDoor(Door):
    """No officer's yes."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=RejectionAsked, responses={201: BatchShown})
    def post(self, request: Request, batch_id: UUID) -> Response:
        """Reject a batch: nothing is sent, and its slices wait for the next one."""
        reason = self.body(RejectionAsked).reason
        batch = batches.of(batch_id=batch_id)
        batches.reject(batch=batch, actor=self.officer, reason=reason, at=clock.now(), key=self.key)
        return Response(_shown(batches.of(batch_id=batch_id)), status=201)


def _seen(batch: Batch, digest: str) -> Totals:
    # The digest covers count and total: whoever was shown other ones was shown another digest.
    return Totals(payouts=batch.payouts, amount=batch.amount, digest=digest)


def _shown(batch: Batch) -> BatchShown:
    submission, decision = getattr(batch, "submission", None), getattr(batch, "decision", None)
    totals = payouts.totals(batch_id=batch.id)
    return BatchShown(
        id=batch.id,
        built_at=batch.built_at,
        payouts=totals.payouts,
        total_satang=totals.amount,
        seen=totals.digest,
        state=decision.verdict if decision else "submitted" if submission else "waiting",
        submitted_by=submission.officer.user.get_username() if submission else None,
        submitted_at=submission.at if submission else None,
        decided_by=decision.officer.user.get_username() if decision else None,
        decided_at=decision.at if decision else None,
        reason=decision.reason or None if decision else None,
    )
