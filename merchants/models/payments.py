"""What citizens paid."""

from django.db import models
from django.db.models import Q

from wallet.ids import uuid7
from wallet.models import Channel


class Payment(models.Model):
    """What a citizen paid of a charge: at once, or captured of their hold. Append-only; its money is its transfers.

    The database's primary key is (owner_id, id), so that the table can be sharded by citizen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_id = models.UUIDField()
    charge_id = models.UUIDField()
    merchant_id = models.UUIDField()
    till_id = models.UUIDField()
    price = models.BigIntegerField(help_text="satang")
    citizen_share = models.BigIntegerField(help_text="satang")
    state_share = models.BigIntegerField(help_text="satang, over all schemes")
    channel = models.SmallIntegerField(choices=Channel)
    shares = models.JSONField(help_text="[{enrolment, scheme, version, amount, uses: [{cap, ends_at, amount}]}]")
    reasons = models.JSONField(help_text="[{code, facts}]: why the split is what it is, in order")
    terms_digest = models.BinaryField(max_length=32)
    hold_id = models.UUIDField(null=True, help_text="of which hold it was captured; null: confirmed at once")
    capture_id = models.UUIDField(null=True, help_text="given by whoever captured")
    business_date = models.DateField()
    paid_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(price__gt=0, citizen_share__gte=0, state_share__gte=0), name="payment_is_of_money"
            ),
            models.CheckConstraint(
                condition=Q(price=models.F("citizen_share") + models.F("state_share")), name="payment_shares_sum"
            ),
            models.CheckConstraint(
                condition=Q(hold_id__isnull=True, capture_id__isnull=True)
                | Q(hold_id__isnull=False, capture_id__isnull=False),
                name="payment_of_a_hold_is_a_capture",
            ),
            models.UniqueConstraint(
                fields=["owner_id", "hold_id", "capture_id"],
                condition=Q(hold_id__isnull=False),
                name="one_capture_of_each_id",
            ),
        )
        indexes = (models.Index(fields=["merchant_id", "-id"], name="payments_of_a_merchant"),)
