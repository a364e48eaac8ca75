"""The tables of the third floor: what is due to whom, what was sent to the bank, and what the bank said.

Rows that are written by the hundred thousand refer to each other without foreign keys; `check_books` looks for orphans.
"""

from django.db import models
from django.db.models import F, Q

from merchants.models import Merchant
from settlement.models.reports import DayMoved as DayMoved
from settlement.models.reports import ReportCell as ReportCell
from settlement.models.reports import ReportDay as ReportDay
from settlement.models.tallies import Tally as Tally
from settlement.models.tallies import TallyReached as TallyReached
from wallet.ids import uuid7
from wallet.models import Channel, Officer, Part


class DaySliced(models.Model):
    """A closed business date whose slices are all written. Written with them, so that there are never some."""

    business_date = models.DateField(primary_key=True)
    slices = models.BigIntegerField()
    transfers = models.BigIntegerField()
    amount = models.BigIntegerField(help_text="satang, over all slices")
    at = models.DateTimeField()


class Slice(models.Model):
    """The unit of settlement: one merchant, business date, scheme (or none), part and channel. Immutable."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant_id = models.UUIDField()
    business_date = models.DateField()
    scheme_id = models.UUIDField(null=True)
    part = models.SmallIntegerField(choices=Part)
    channel = models.SmallIntegerField(choices=Channel)
    transfers = models.IntegerField()
    amount = models.BigIntegerField(help_text="satang; negative when more was given back than taken on that date")
    due_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["merchant_id", "business_date", "part", "channel", "scheme_id"],
                nulls_distinct=False,
                name="one_slice_of_each",
            ),
        )


class WaitingSlice(models.Model):
    """A slice that no live payout pays: not due yet, carried forward, or its merchant is withheld.

    Rows are the queue: a batch takes them out, a rejected batch or a returned payout puts them back, so that building
    a batch reads what waits and never all that ever was.
    """

    slice_id = models.UUIDField(primary_key=True)
    merchant_id = models.UUIDField()
    amount = models.BigIntegerField(help_text="satang, the slice's")
    due_at = models.DateTimeField(help_text="the slice's")


class Withholding(models.Model):
    """A merchant is not paid out from `at` until `released_at`: who decided, and why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="withholdings")
    by = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["merchant"], condition=Q(released_at__isnull=True), name="one_open_withholding"
            ),
        )


class Batch(models.Model):
    """One settlement window's payouts, built by the timetable, for two officers to approve."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    built_at = models.DateTimeField()
    payouts = models.IntegerField()
    amount = models.BigIntegerField(help_text="satang, over all payouts")
    answered_at = models.DateTimeField(null=True, help_text="when the bank had answered for every payout")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(payouts__gte=0, amount__gte=0), name="batch_pays_money"),)
        indexes = (models.Index(fields=["built_at"], name="batch_unanswered", condition=Q(answered_at__isnull=True)),)


class Submission(models.Model):
    """The first officer's word: this batch, with these totals, may be paid. Withdrawn if the batch changes."""

    batch = models.OneToOneField(Batch, models.PROTECT, primary_key=True, related_name="submission")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    seen = models.BinaryField(max_length=32, help_text="SHA-256 of the payouts that the officer was shown")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            # The other end of `decision_is_on_the_submission`, a foreign key of two columns (migration 0002).
            models.UniqueConstraint(fields=["batch", "officer"], name="one_submitter"),
        )


class Verdict(models.TextChoices):
    """How a batch ends."""

    APPROVED = "approved"
    REJECTED = "rejected"


class Decision(models.Model):
    """The one end of a batch. Who submits never approves: this row holds both, and the database compares them."""

    batch = models.OneToOneField(Batch, models.PROTECT, primary_key=True, related_name="decision")
    verdict = models.CharField(max_length=8, choices=Verdict)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    submitted_by = models.UUIDField(null=True, help_text="the submission's officer")
    seen = models.BinaryField(max_length=32, null=True, help_text="SHA-256 of the payouts that the officer was shown")
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict=Verdict.REJECTED)
                | Q(submitted_by__isnull=False, seen__isnull=False) & ~Q(submitted_by=F("officer")),
                name="approver_never_submitted",
            ),
        )


class Payout(models.Model):
    """One bank transfer to one merchant, with the account that it was approved for. Its id is the end-to-end id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, db_constraint=False, db_index=False, related_name="payouts_in")
    merchant_id = models.UUIDField()
    amount = models.BigIntegerField(help_text="satang")
    bank_code = models.CharField(max_length=11)
    bank_account_sealed = models.BinaryField(help_text="sealed for the merchant, as it was when the batch was built")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_moves_money"),
            # Also the order in which a batch's payouts are read: digest, transfers, bank files.
            models.UniqueConstraint(fields=["batch", "merchant_id"], name="one_payout_per_merchant"),
        )
        indexes = (models.Index(fields=["merchant_id", "-id"], name="payouts_of_a_merchant"),)


class PayoutSlice(models.Model):
    """A payout pays a whole slice, until it is returned or its batch rejected: then the slice is free again."""

    payout_id = models.UUIDField()
    slice_id = models.UUIDField()
    freed_at = models.DateTimeField(null=True)

    pk = models.CompositePrimaryKey("payout_id", "slice_id")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["slice_id"], condition=Q(freed_at__isnull=True), name="slice_in_one_live_payout"
            ),
        )


class BankFile(models.Model):
    """A pain.001 file of an approved batch, written once. Sealed: it holds account numbers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="files")
    number = models.PositiveIntegerField(help_text="from 1, in the batch")
    payouts = models.PositiveIntegerField()
    amount = models.BigIntegerField(help_text="satang")
    first_merchant_id = models.UUIDField()
    last_merchant_id = models.UUIDField()
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the content")
    content_sealed = models.BinaryField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["batch", "number"], name="one_file_of_each_number"),)


class BankFileDownload(models.Model):
    """An officer took a bank file out of the house."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(BankFile, models.PROTECT, related_name="downloads")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Statement(models.Model):
    """A camt.053 statement of our bank account, taken in once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bank_id = models.CharField(max_length=35, unique=True, help_text="the bank's own id of it")
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the file that it came in")
    account = models.CharField(max_length=34)
    opening_balance = models.BigIntegerField(help_text="satang")
    closing_balance = models.BigIntegerField(help_text="satang")
    closing_date = models.DateField()
    lines = models.IntegerField()
    taken_by = models.CharField(max_length=80)
    taken_at = models.DateTimeField()
    reconciled_at = models.DateTimeField(null=True)


class StatementLine(models.Model):
    """One movement on our bank account, as the bank tells it."""

    statement_id = models.UUIDField()
    number = models.IntegerField(help_text="from 1, in the statement")
    end_to_end_id = models.CharField(max_length=35, blank=True)
    reference = models.CharField(max_length=35, help_text="the bank's own")
    amount = models.BigIntegerField(help_text="satang; into our account positive, out of it negative")
    return_reason = models.CharField(max_length=105, blank=True, help_text="why an earlier transfer comes back")
    remittance = models.CharField(max_length=500, blank=True)
    counterparty = models.CharField(max_length=140, blank=True)
    booked_on = models.DateField()

    pk = models.CompositePrimaryKey("statement_id", "number")


class PayoutConfirmation(models.Model):
    """The bank paid a payout: the line that says so."""

    payout_id = models.UUIDField(primary_key=True)
    statement_id = models.UUIDField()
    line = models.IntegerField()
    at = models.DateTimeField()


class PayoutReturn(models.Model):
    """The bank gave a payout back: the line that says so, and why."""

    payout_id = models.UUIDField(primary_key=True)
    statement_id = models.UUIDField()
    line = models.IntegerField()
    after_confirmation = models.BooleanField()
    reason = models.CharField(max_length=105, blank=True)
    at = models.DateTimeField()


class KnownCredit(models.Model):
    """A line that pays in what our books already expect: a remittance, or a payout of Stripe's."""

    statement_id = models.UUIDField()
    line = models.IntegerField()
    cause = models.UUIDField(unique=True, help_text="of the transfer")
    at = models.DateTimeField()

    pk = models.CompositePrimaryKey("statement_id", "line")


class DiscrepancyKind(models.TextChoices):
    """What can be amiss between our books and the bank's."""

    LINE_UNKNOWN = "line_unknown", "the bank moved money that our books do not know"
    LINE_REPEATED = "line_repeated", "the bank says the same thing twice"
    AMOUNT_DIFFERS = "amount_differs", "the bank moved another amount than we asked for"
    PAYOUT_NOT_SENT = "payout_not_sent", "the bank moved a payout that was never sent"
    PAYOUT_UNANSWERED = "payout_unanswered", "the bank says nothing about a payout that was sent"
    RETURN_WITHOUT_DEBIT = "return_without_debit", "the bank gave back a payout that it had not taken"
    PAID_AFTER_RETURN = "paid_after_return", "the bank took a payout that it had given back"
    STATEMENT_MISSING = "statement_missing", "a statement does not begin where the one before ended"


class Discrepancy(models.Model):
    """Something that did not match. It stays open until someone says why it is settled."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=24, choices=DiscrepancyKind)
    owner = models.CharField(max_length=24, help_text="the desk that has to act")
    amount = models.BigIntegerField(help_text="satang; what the bank moved less what our books moved")
    payout_id = models.UUIDField(null=True)
    statement_id = models.UUIDField(null=True)
    line = models.IntegerField(null=True, help_text="0 for the statement as a whole")
    facts = models.JSONField(default=dict)
    found_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["statement_id", "line"], name="one_discrepancy_per_line"),
            models.UniqueConstraint(
                fields=["payout_id"],
                condition=Q(kind=DiscrepancyKind.PAYOUT_UNANSWERED),
                name="payout_unanswered_once",
            ),
        )


class Resolution(models.Model):
    """Why a discrepancy is settled, and who says so."""

    discrepancy = models.OneToOneField(Discrepancy, models.PROTECT, primary_key=True, related_name="resolution")
    by = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
