"""Shops, where they stand, their tills and staff, and whether they may take payments."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from wallet.ids import uuid7


class Merchant(models.Model):
    """A shop that takes payments; what we owe it is the account `payable:<merchant>`.

    Its names, facts and bank account are those in force; what they were before stands in `Particulars`, `Acceptance`
    and `BankAccountChange`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    wallet_number = models.BigIntegerField(unique=True, help_text="gives the 15-digit e-wallet id, 006-99…")
    name = models.CharField(max_length=120, help_text="as people know it, Thai first")
    name_en = models.CharField(max_length=60, help_text="for QR payloads, which want Latin letters")
    city = models.CharField(max_length=40, default="Bangkok")
    facts = models.JSONField(default=dict, help_text="what schemes judge by: legal_form, class, province, district …")
    bank_code = models.CharField(max_length=11, help_text="BIC")
    bank_account_sealed = models.BinaryField()
    joined_at = models.DateTimeField()


class Particulars(models.Model):
    """What a shop is called and judged by from an instant on, until the next row. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="particulars")
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=60)
    city = models.CharField(max_length=40)
    facts = models.JSONField(help_text="without the schemes that were accepted, which are rows of their own")
    by = models.CharField(max_length=80)
    reason = models.CharField(max_length=300, blank=True)
    from_at = models.DateTimeField()


class Acceptance(models.Model):
    """A shop has accepted one version of a scheme's terms. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="acceptances")
    scheme = models.CharField(max_length=60, help_text="the scheme's code")
    version = models.PositiveIntegerField(help_text="the number of the document whose terms were shown")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["merchant", "scheme", "version"], name="terms_are_accepted_once"),
        )


class Suspension(models.Model):
    """A merchant may not take payments from `at` until `lifted_at`: who decided, and why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="suspensions")
    by = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True)
    lifted_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["merchant"], condition=Q(lifted_at__isnull=True), name="one_open_suspension"
            ),
        )


class Branch(models.Model):
    """One of the places where a merchant sells. Its own facts stand before the merchant's."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="branches")
    name = models.CharField(max_length=60)
    facts = models.JSONField(help_text="province, district, latitude_e6, longitude_e6")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class Till(models.Model):
    """A device or counter of a merchant. It signs in with a secret that was shown once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="tills")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="tills")
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


class Invitation(models.Model):
    """A one-time secret, shown as a QR, by which a phone becomes a till or a person one of the staff."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="invitations")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=12, choices=Role, blank=True, help_text="empty: for a till")
    name = models.CharField(max_length=60)
    secret_digest = models.BinaryField(max_length=32)
    typed_digest = models.BinaryField(max_length=32, null=True, help_text="of the letters, for who cannot scan")
    by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["typed_digest"], name="typed_letters_are_of_one_invitation"),)
