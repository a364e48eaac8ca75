"""What waits for the timetable, and what it has done: pending parts of payments, fillings of purses, buy-ins."""

from django.db import models
from django.db.models import Q

from wallet.ids import uuid7


class Pending(models.Model):
    """What a payment leaves for a later day: money set aside in `hold:<id>`, or spend that counts towards a voucher.

    Rows are never changed. What was set aside is paid while its hold has it, so that it cannot be paid twice; giving a
    payment back adds a row that counts as much less.
    """

    citizen_id = models.UUIDField()
    id = models.UUIDField(default=uuid7, editable=False)
    enrolment_id = models.UUIDField()
    cause = models.UUIDField(help_text="the payment, or what took some of it back")
    pays_at = models.DateTimeField(help_text="from when on it is paid, or counts")
    ends_at = models.DateTimeField(null=True, help_text="the end of the period in which it counts")
    set_aside = models.BigIntegerField(default=0, help_text="satang")
    counted = models.BigIntegerField(default=0, help_text="satang")

    pk = models.CompositePrimaryKey("citizen_id", "id")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(set_aside__gte=0), name="nothing_is_set_aside_below_zero"),
            models.CheckConstraint(condition=Q(counted=0) | Q(ends_at__isnull=False), name="what_counts_has_a_period"),
        )


class Filling(models.Model):
    """One payment of the State's into a purse after enrolment, by its name: the key by which it is made only once.

    Its id is the cause of its transfer.
    """

    citizen_id = models.UUIDField()
    enrolment_id = models.UUIDField()
    kind = models.CharField(max_length=24, choices=[("grant", "instalment"), ("earned", "voucher")])
    code = models.CharField(max_length=80, help_text="the instalment's; a voucher's instant")
    id = models.UUIDField(default=uuid7, editable=False)
    amount = models.BigIntegerField(help_text="satang")
    due_at = models.DateTimeField()
    filled_at = models.DateTimeField()
    business_date = models.DateField()

    pk = models.CompositePrimaryKey("citizen_id", "enrolment_id", "kind", "code")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="filling_is_of_money"),)


class BuyIn(models.Model):
    """A citizen bought into a purse: so much of their own, so much of the State's. Its id is its transfers' cause."""

    citizen_id = models.UUIDField()
    enrolment_id = models.UUIDField()
    number = models.PositiveSmallIntegerField(help_text="1 is the first")
    id = models.UUIDField(default=uuid7, editable=False)
    own = models.BigIntegerField(help_text="satang")
    state = models.BigIntegerField(help_text="satang")
    bought_at = models.DateTimeField()
    business_date = models.DateField()

    pk = models.CompositePrimaryKey("citizen_id", "enrolment_id", "number")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(own__gt=0, state__gte=0), name="buy_in_is_of_money"),)
