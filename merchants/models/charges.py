"""What tills ask for, and the one end that each of it has."""

from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast, Right

from wallet.ids import uuid7
from wallet.models import Channel


class Charge(models.Model):
    """What a till asks for: an amount, shown as a one-time QR until it expires. Its end is another row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant_id = models.UUIDField()
    till_id = models.UUIDField()
    amount = models.BigIntegerField(help_text="satang")
    channel = models.SmallIntegerField(choices=Channel, default=Channel.SHOP)
    lines = models.JSONField(default=list, help_text="[{category, amount}] when the bill must be split by goods")
    facts = models.JSONField(default=dict, help_text="what else schemes judge a sale by: covers, nights, distance …")
    # A copy, so that a payment is decided, and decided again, by what was true when the till asked.
    merchant_facts = models.JSONField(help_text="what schemes judge the shop by, as it was then; the branch's before")
    note = models.CharField(max_length=80, blank=True)
    hold_seconds = models.PositiveIntegerField(null=True, help_text="how long its money is held; null: paid at once")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    for_citizen_id = models.UUIDField(null=True, help_text="the only one who may pay it, if the till knew who it is")
    presented = models.BinaryField(null=True, max_length=16, help_text="the citizen's code that the till scanned")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="charge_asks_for_money"),
            models.UniqueConstraint(
                fields=["presented"], condition=Q(presented__isnull=False), name="presented_code_asks_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["for_citizen_id", "-id"],
                name="charges_for_a_citizen",
                condition=Q(for_citizen_id__isnull=False),
            ),
            # By the end of its id, which a till shows as ten digits (merchants/typed_codes.py).
            models.Index(Right(Cast("id", output_field=TextField()), 8), name="charges_by_typed_code"),
        )


class End(models.TextChoices):
    """The ways in which a charge ends."""

    PAID = "paid"
    HELD = "held"
    CANCELLED = "cancelled"


class ChargeEnd(models.Model):
    """The one end of a charge, keyed by the charge alone: the only uniqueness that two citizens share."""

    charge_id = models.UUIDField(primary_key=True)
    end = models.CharField(max_length=9, choices=End)
    owner_id = models.UUIDField(null=True, help_text="the citizen who paid or holds it")
    payment_id = models.UUIDField(null=True, help_text="the payment, or the hold, that ended it")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(end="cancelled", payment_id__isnull=True)
                | (~Q(end="cancelled") & Q(payment_id__isnull=False, owner_id__isnull=False)),
                name="charge_end_names_its_payment",
            ),
        )
