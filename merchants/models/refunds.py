"""Money back on a payment, and how much of each payment came back so far."""

from django.db import models
from django.db.models import F, Q

from wallet.ids import uuid7
from wallet.models import Channel


class Refund(models.Model):
    """A part of a payment, or all of it, that went back where it came from. Append-only; its money is its transfers.

    The database's primary key is (owner_id, id), so that the table can be sharded by citizen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_id = models.UUIDField()
    payment_id = models.UUIDField()
    charge_id = models.UUIDField()
    refund_id = models.UUIDField(help_text="given by whoever refunds: the same one again is the same refund")
    merchant_id = models.UUIDField()
    till_id = models.UUIDField(help_text="the payment's")
    amount = models.BigIntegerField(help_text="satang")
    whole = models.BooleanField(help_text="asked for as all that was left")
    citizen_share = models.BigIntegerField(help_text="satang, to their own money")
    state_share = models.BigIntegerField(help_text="satang, to purses and funds")
    channel = models.SmallIntegerField(choices=Channel)
    shares = models.JSONField(help_text="[{enrolment, scheme, version, amount, to, uses}]: uses are what came back")
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=80)
    business_date = models.DateField(help_text="its own: it counts on the day on which it was given")
    refunded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_moves_money"),
            models.CheckConstraint(
                condition=Q(amount=F("citizen_share") + F("state_share"), citizen_share__gte=0, state_share__gte=0),
                name="refund_shares_sum",
            ),
            models.UniqueConstraint(fields=["owner_id", "payment_id", "refund_id"], name="one_refund_of_each_id"),
        )
        indexes = (models.Index(fields=["merchant_id", "-id"], name="refunds_of_a_merchant"),)


class RefundedSoFar(models.Model):
    """How much of one payment was given back, written under its citizen's lock: never more than its price."""

    owner_id = models.UUIDField()
    payment_id = models.UUIDField()
    price = models.BigIntegerField(help_text="satang, the payment's")
    refunded = models.BigIntegerField(help_text="satang")

    pk = models.CompositePrimaryKey("owner_id", "payment_id")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(refunded__gt=0, refunded__lte=F("price")), name="refunds_never_over_the_payment"
            ),
        )
