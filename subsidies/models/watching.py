"""What the watch over limits and budgets found: breaches of a cap, rights that are frozen, warnings, daily totals."""

from django.db import models
from django.db.models import Q

from wallet.accounts import NIL, AccountKind
from wallet.ids import uuid7


class LimitAudit(models.Model):
    """One audit of everybody's limits, how far it has come, and what it came to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    begun_at = models.DateTimeField()
    reached = models.UUIDField(default=NIL, help_text="the last citizen who was audited; they go by id")
    people = models.BigIntegerField(default=0)
    payments = models.BigIntegerField(default=0)
    breaches = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                models.ExpressionWrapper(Q(ended_at__isnull=True), models.BooleanField()),
                condition=Q(ended_at__isnull=True),
                name="one_limit_audit_at_a_time",
            ),
        )


class LimitBreach(models.Model):
    """A cap that somebody has passed, or whose stored use is not what their payments used."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen_id = models.UUIDField()
    enrolment_id = models.UUIDField()
    cap = models.CharField(max_length=40)
    ends_at = models.DateTimeField(help_text="the end of the period")
    used = models.BigIntegerField(help_text="as the ledger says; satang, or a count")
    most = models.BigIntegerField(null=True, help_text="the limit that was passed; null: none was")
    stored = models.BigIntegerField(help_text="as the counter says")
    found_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["citizen_id", "enrolment_id", "cap", "ends_at"], name="a_breach_is_found_once"
            ),
        )


class Freeze(models.Model):
    """A citizen whose rights cannot be used until somebody has looked. Their own money is not touched."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen_id = models.UUIDField()
    reason = models.CharField(max_length=300)
    frozen_by = models.CharField(max_length=80)
    frozen_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=80, default="")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["citizen_id"], condition=Q(lifted_at__isnull=True), name="rights_are_frozen_once"
            ),
        )


class SchemeDay(models.Model):
    """What moved of one scheme's money on one closed day, by the kinds of the accounts between which it moved."""

    scheme_id = models.UUIDField()
    business_date = models.DateField()
    from_kind = models.SmallIntegerField(choices=AccountKind)
    to_kind = models.SmallIntegerField(choices=AccountKind)
    amount = models.BigIntegerField(help_text="satang")

    pk = models.CompositePrimaryKey("scheme_id", "business_date", "from_kind", "to_kind")


class SummedDay(models.Model):
    """A closed day whose totals per scheme are written."""

    business_date = models.DateField(primary_key=True)
    summed_at = models.DateTimeField()


class BudgetWarning(models.Model):
    """So much of what a scheme was funded with is committed or spent, when it was first seen."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme_id = models.UUIDField()
    of = models.CharField(max_length=12, choices=[("committed", "committed"), ("spent", "spent")])
    percent = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField(help_text="satang committed or spent")
    funded = models.BigIntegerField(help_text="satang")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["scheme_id", "of", "percent"], name="each_threshold_warns_once"),
        )
