"""The days of the books: the one that is open, and what is kept of those that were closed."""

from django.db import models
from django.db.models import Q

from wallet.accounts import AccountKind


class BusinessDay(models.Model):
    """A day of the books. Exactly one is open; a posting's business date is read from it, never from the clock."""

    business_date = models.DateField(primary_key=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                models.ExpressionWrapper(Q(closed_at__isnull=True), models.BooleanField()),
                condition=Q(closed_at__isnull=True),
                name="one_day_is_open",
            ),
        )


class DayTotal(models.Model):
    """What one account took in and gave out on one closed day, so that sums start from here."""

    business_date = models.DateField()
    kind = models.SmallIntegerField(choices=AccountKind)
    account_id = models.UUIDField()
    money_in = models.BigIntegerField(help_text="satang")
    money_out = models.BigIntegerField(help_text="satang")

    pk = models.CompositePrimaryKey("kind", "account_id", "business_date")


class DaySeal(models.Model):
    """A closed day, proven unchanged: the hash of its transfers, chained to the day before."""

    business_date = models.DateField(primary_key=True)
    transfers = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()


class DemoClock(models.Model):
    """The demonstration's clock: one row. It stands still while the script moves it, then runs on.

    A production configuration refuses it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stands_at = models.DateTimeField()
    runs_since = models.DateTimeField(null=True, help_text="the real instant from which it runs on")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_demo_clock"),)
