"""What operators may look at on the third floor: days, batches, payouts, and what passed between us and the bank."""

from django.contrib import admin

from settlement.models import (
    BankFile,
    BankFileDownload,
    Batch,
    DaySliced,
    Decision,
    Discrepancy,
    Payout,
    ReportDay,
    Resolution,
    Slice,
    Statement,
    Submission,
    Withholding,
)
from wallet.admin import ReadOnly, Sharded


@admin.register(DaySliced)
class DaySlicedAdmin(ReadOnly):
    """Days that were cut into slices."""

    found_by = ()
    list_display = ("business_date", "slices", "transfers", "amount", "at")
    ordering = ("-business_date",)


@admin.register(ReportDay)
class ReportDayAdmin(ReadOnly):
    """Days that were counted for reports."""

    found_by = ()
    list_display = ("business_date", "cells", "at")
    ordering = ("-business_date",)


@admin.register(Slice)
class SliceAdmin(Sharded):
    """Slices of one merchant."""

    found_by = ("merchant_id",)
    list_display = ("id", "business_date", "scheme_id", "part", "channel", "transfers", "amount", "due_at")
    ordering = ("-id",)


@admin.register(Batch)
class BatchAdmin(ReadOnly):
    """Settlement windows."""

    list_display = ("id", "built_at", "payouts", "amount", "answered_at")
    ordering = ("-id",)


@admin.register(Submission)
class SubmissionAdmin(ReadOnly):
    """What a first officer said."""

    found_by = ("batch_id",)
    list_display = ("batch_id", "officer_id", "at")
    ordering = ("-batch_id",)


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    """How batches ended."""

    found_by = ("batch_id",)
    list_display = ("batch_id", "verdict", "officer_id", "submitted_by", "reason", "at")
    ordering = ("-batch_id",)


@admin.register(Payout)
class PayoutAdmin(Sharded):
    """Payouts of one batch, or to one merchant; without the account."""

    found_by = ("batch_id", "merchant_id")
    list_display = ("id", "batch_id", "merchant_id", "amount", "bank_code")
    ordering = ("-id",)


@admin.register(BankFile)
class BankFileAdmin(ReadOnly):
    """Files for the bank, without what is in them."""

    found_by = ("id", "batch_id")
    list_display = ("id", "batch_id", "number", "payouts", "amount", "written_at")
    ordering = ("-id",)


@admin.register(BankFileDownload)
class BankFileDownloadAdmin(ReadOnly):
    """Who took a file out of the house."""

    found_by = ("id", "file_id")
    list_display = ("id", "file_id", "officer_id", "at")
    ordering = ("-id",)


@admin.register(Statement)
class StatementAdmin(ReadOnly):
    """Statements that were taken in."""

    list_display = ("id", "bank_id", "closing_date", "closing_balance", "lines", "taken_by", "reconciled_at")
    ordering = ("-id",)


@admin.register(Discrepancy)
class DiscrepancyAdmin(ReadOnly):
    """What did not match."""

    found_by = ("id", "payout_id", "statement_id")
    list_display = ("id", "kind", "owner", "amount", "payout_id", "found_at")
    ordering = ("-id",)


@admin.register(Resolution)
class ResolutionAdmin(ReadOnly):
    """Why it is settled."""

    found_by = ("discrepancy_id",)
    list_display = ("discrepancy_id", "by", "reason", "at")
    ordering = ("-discrepancy_id",)


@admin.register(Withholding)
class WithholdingAdmin(ReadOnly):
    """Merchants who are not paid out."""

    found_by = ("id", "merchant_id")
    list_display = ("merchant_id", "by", "reason", "at", "released_at", "released_by")
    ordering = ("-id",)
