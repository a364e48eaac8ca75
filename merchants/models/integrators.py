"""The keys of a merchant's systems."""

from django.db import models
from django.db.models import F, Q

from merchants.models.shops import Merchant, Till
from wallet.ids import uuid7


class ApiKey(models.Model):
    """A key with which a shop's own system calls the API. It was shown once; a digest of it is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="api_keys")
    till = models.ForeignKey(Till, models.PROTECT, related_name="api_keys", help_text="in whose name it sells")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=20, unique=True, help_text="the key's beginning, by which people name it")
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(help_text="what it may be used for")
    rehearses = models.BooleanField(help_text="a test key: it gets the answers that it asks for and moves nothing")
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(
        null=True, help_text="within the last hour or later; for who wonders which to revoke"
    )

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="api_key_has_a_life"),)
        indexes = (models.Index(fields=["merchant", "-id"], name="api_keys_of_a_merchant"),)
