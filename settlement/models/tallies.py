"""What was sold so far, counted as it comes, for whoever watches the open day."""

from django.db import models
from django.db.models import Q


class Tally(models.Model):
    """What shops took and gave back in one hour of a business date, in one province, of one scheme or of citizens' own.

    A figure to look at, never one to pay by: a day that is closed is counted anew, from rows that no longer change.
    """

    business_date = models.DateField()
    hour = models.PositiveSmallIntegerField(help_text="0 to 23, in Bangkok")
    scheme_id = models.UUIDField(help_text="the nil id: citizens' own money")
    province = models.CharField(max_length=60, help_text="of the shop or its branch; empty where nobody said")
    payments = models.BigIntegerField(help_text="each counted once: with its own part, or with its first scheme")
    paid = models.BigIntegerField(help_text="satang")
    refunded = models.BigIntegerField(help_text="satang")

    pk = models.CompositePrimaryKey("business_date", "hour", "scheme_id", "province")


class TallyReached(models.Model):
    """Up to where transfers are tallied: one row, moved on with what was counted."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    until = models.DateTimeField(help_text="by `recorded_at`")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_reach_of_tallies"),)
