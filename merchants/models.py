"""The tables of the second floor: shops and their tills, what they ask for, and what citizens paid."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from wallet.ids import uuid7
from wallet.models import Channel


class Merchant(models.Model):
    """A shop that takes payments; what we owe it is the account `payable:<merchant>`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    wallet_number = models.BigIntegerField(unique=True, help_text="gives the 15-digit e-wallet id, 006-99…")
    name = models.CharField(max_length=120, help_text="as people know it, Thai first")
    name_en = models.CharField(max_length=60, help_text="for QR payloads, which want Latin letters")
    city = models.CharField(max_length=40, default="Bangkok")
    facts = models.JSONField(default=dict, help_text="what schemes judge by: legal_form, class, province, district …")
    bank_code = models.CharField(max_length=11, help_text="BIC")
    bank_account_sealed = models.BinaryField()
    joined_at = models.DateTimeField()


class Suspension(models.Model):
    """A merchant may not take payments from `at` until `lifted_at`: who decided, and why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="suspensions")
    by = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["merchant"], condition=Q(lifted_at__isnull=True), name="one_open_suspension"
            ),
        )


class Till(models.Model):
    """A device or counter of a merchant. It signs in with a secret that was shown once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="tills")
    name = models.CharField(max_length=60)
    secret_digest = models.BinaryField(max_length=32)
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Role(models.TextChoices):
    """What a member of a merchant's staff may do."""

    OWNER = "owner"
    MANAGER = "manager"
    CASHIER = "cashier"


class Staff(models.Model):
    """A person who works for a merchant; signs in as a Django user, owners with a second factor."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff_of")
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="staff")
    role = models.CharField(max_length=12, choices=Role)
    left_at = models.DateTimeField(null=True)


class Charge(models.Model):
    """What a till asks for: an amount, shown as a one-time QR until it expires. Its end is another row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant_id = models.UUIDField()
    till_id = models.UUIDField()
    amount = models.BigIntegerField(help_text="satang")
    channel = models.SmallIntegerField(choices=Channel, default=Channel.SHOP)
    lines = models.JSONField(default=list, help_text="[{category, amount}] when the bill must be split by goods")
    facts = models.JSONField(default=dict, help_text="what else schemes judge a sale by: covers, nights, distance …")
    note = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="charge_asks_for_money"),)


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
    payment_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(end="cancelled", payment_id__isnull=True)
                | (~Q(end="cancelled") & Q(payment_id__isnull=False, owner_id__isnull=False)),
                name="charge_end_names_its_payment",
            ),
        )


class Payment(models.Model):
    """A citizen's captured payment of a charge. Append-only; its money is its transfers.

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
        )
        indexes = (models.Index(fields=["merchant_id", "-id"], name="payments_of_a_merchant"),)
