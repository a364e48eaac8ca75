"""What operators may look at on the first floor: schemes, their drafts and standstills, and places by their citizen."""

from django.contrib import admin

from subsidies.models import Draft, Enrolment, Scheme, SchemeVersion, Stop, Submission, Suspension, Ticket, Verdict
from wallet.admin import ReadOnly, Sharded


@admin.register(Scheme)
class SchemeAdmin(ReadOnly):
    """Programmes."""

    list_display = ("code", "id", "begun_at")
    ordering = ("code",)


@admin.register(SchemeVersion)
class SchemeVersionAdmin(ReadOnly):
    """Published documents."""

    found_by = ("id", "scheme_id")
    list_display = ("scheme_code", "number", "effective_at", "published_at", "published_by")
    list_select_related = ("scheme",)
    ordering = ("-id",)

    @admin.display(description="scheme")
    def scheme_code(self, version: SchemeVersion) -> str:
        """Return the scheme's code."""
        return version.scheme.code


@admin.register(Draft)
class DraftAdmin(ReadOnly):
    """Documents that officers are writing."""

    list_display = ("id", "officer_id", "begun_at", "changed_at")
    ordering = ("-id",)


@admin.register(Submission)
class SubmissionAdmin(ReadOnly):
    """What was submitted."""

    found_by = ("id", "draft_id")
    list_display = ("id", "draft_id", "drafted_by", "officer_id", "at")
    ordering = ("-id",)


@admin.register(Verdict)
class VerdictAdmin(ReadOnly):
    """How submissions ended."""

    found_by = ("submission_id", "version_id")
    list_display = ("submission_id", "version_id", "officer_id", "drafted_by", "submitted_by", "reason", "at")
    ordering = ("-submission_id",)


@admin.register(Suspension)
class SuspensionAdmin(ReadOnly):
    """Schemes that were suspended."""

    found_by = ("id", "scheme_id")
    list_display = ("scheme_id", "officer_id", "reason", "at", "lifted_by_id", "lifted_at")
    ordering = ("-id",)


@admin.register(Stop)
class StopAdmin(ReadOnly):
    """Schemes that were stopped, or were to be."""

    found_by = ("id", "scheme_id")
    list_display = ("scheme_id", "officer_id", "reason", "asked_at", "decided_by_id", "stopped_at", "refused_at")
    ordering = ("-id",)


@admin.register(Enrolment)
class EnrolmentAdmin(Sharded):
    """Places of one citizen. The facts that a scheme judges a person by are not shown."""

    found_by = ("citizen_id",)
    list_display = ("id", "scheme_id", "version_id", "tier", "enrolled_at", "first_used_at")
    ordering = ("-id",)


@admin.register(Ticket)
class TicketAdmin(Sharded):
    """Numbers that one citizen drew."""

    found_by = ("citizen_id",)
    list_display = ("id", "scheme_id", "pool", "number", "drawn_at")
    ordering = ("-id",)
