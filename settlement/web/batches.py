"""Days and batches: an officer sees the day closed and the batch built, submits it, and another approves it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from config.authentication import OFFICER
from config.screens import Screen
from config.shapes import Reason, Shape, Totp, TypedKey
from settlement import bankfiles, batches, days, payouts
from settlement.api.batches import Digest
from settlement.models import Batch
from settlement.payouts import Totals
from wallet.accounts import NIL

DAYS_SHOWN: Final = 14
BATCHES_SHOWN: Final = 20
PAYOUTS_SHOWN: Final = 50


class PayoutsAsked(Shape):
    """From which merchant on the payouts are shown."""

    after: UUID = NIL


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


class SettlementScreen(Screen):
    """The days of the books, and the batches."""

    open_to: ClassVar = OFFICER
    template = "settlement/settlement.html"

    def seen(self) -> Mapping[str, Any]:
        """Return both, newest first."""
        return {
            "days": days.newest(at_most=DAYS_SHOWN),
            "batches": [{"it": each, "state": state_of(each)} for each in batches.recent(most=BATCHES_SHOWN)],
        }


class BatchScreen(Screen):
    """One batch: its totals, its payouts, its files, and what this officer can do about it."""

    open_to: ClassVar = OFFICER
    template = "settlement/batch.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it as it is now; the digest covers every payout, so it is what the officer says yes to."""
        batch = self.batch
        page = payouts.of_batch(batch_id=batch.id, after=self.query(PayoutsAsked).after, most=PAYOUTS_SHOWN + 1)
        submission = getattr(batch, "submission", None)
        return {
            "batch": batch,
            "state": state_of(batch),
            "totals": payouts.totals(batch_id=batch.id),
            "submission": submission,
            "submitted_by_me": submission is not None and submission.officer_id == self.caller.id,
            "decision": getattr(batch, "decision", None),
            "payouts": page[:PAYOUTS_SHOWN],
            "next": page[PAYOUTS_SHOWN - 1].merchant_id if len(page) > PAYOUTS_SHOWN else None,
            "files": bankfiles.of_batch(batch=batch),
        }

    @property
    def batch(self) -> Batch:
        """The batch of this address.

        :raises BatchUnknown:
        """
        return batches.of(batch_id=self.kwargs["batch_id"])

    def shown(self, digest: str) -> Totals:
        """Return what the officer was shown: whoever was shown another count or total was shown another digest."""
        return Totals(payouts=self.batch.payouts, amount=self.batch.amount, digest=digest)


class SubmissionScreen(BatchScreen):
    """Where the first officer says yes."""

    def post(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """Submit it."""
        typed = self.form(Submitting)
        seen = self.shown(typed.seen)
        batches.submit(batch=self.batch, actor=self.officer, seen=seen, key=typed.key, at=self.at)
        return self.to("office-batch", batch_id)


class ApprovalScreen(BatchScreen):
    """Where the second officer says yes."""

    def post(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """Approve it: the payouts are sent."""
        typed = self.form(Approving)
        batches.approve(
            batch=self.batch,
            actor=self.officer,
            second_factor=typed.totp,
            seen=self.shown(typed.seen),
            key=typed.key,
            at=self.at,
        )
        return self.to("office-batch", batch_id)


class RejectionScreen(BatchScreen):
    """Where an officer says no."""

    def post(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """Reject it: its slices wait for the next batch."""
        typed = self.form(Rejecting)
        batches.reject(batch=self.batch, actor=self.officer, reason=typed.reason, key=typed.key, at=self.at)
        return self.to("office-batch", batch_id)


def state_of(batch: Batch) -> str:
    """Return how a batch stands: waiting, submitted, approved, answered or rejected."""
    if (decision := getattr(batch, "decision", None)) is not None:
        return "answered" if batch.answered_at else str(decision.verdict)
    return "submitted" if hasattr(batch, "submission") else "waiting"
