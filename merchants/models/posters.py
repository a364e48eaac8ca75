"""Codes that hang on a wall, and what citizens propose to pay after they scanned one."""

from django.db import models
from django.db.models import Q

from merchants.models.shops import Branch, Merchant
from wallet.ids import uuid7


class Poster(models.Model):
    """A printed code without an amount. Each new one of a place has the next version; an old one can be revoked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="posters")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="posters")
    version = models.PositiveIntegerField(help_text="printed on it, so that people can tell old paper from new")
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["merchant", "version"], name="one_poster_of_each_version"),)


class Proposal(models.Model):
    """What a citizen keyed in at a poster. It is nothing to pay until a till of the shop says yes to it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    poster = models.ForeignKey(Poster, models.PROTECT, related_name="proposals")
    merchant_id = models.UUIDField()
    citizen_id = models.UUIDField()
    amount = models.BigIntegerField(help_text="satang")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    charge_id = models.UUIDField(null=True, unique=True, help_text="the charge that it became")
    declined_at = models.DateTimeField(null=True)
    till_id = models.UUIDField(null=True, help_text="which said yes or no")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="proposal_is_of_money"),
            models.CheckConstraint(
                condition=Q(charge_id__isnull=True, declined_at__isnull=True, till_id__isnull=True)
                | (Q(till_id__isnull=False) & (Q(charge_id__isnull=True) ^ Q(declined_at__isnull=True))),
                name="proposal_ends_one_way",
            ),
        )
        indexes = (
            models.Index(
                fields=["merchant_id", "-id"],
                name="proposals_that_wait",
                condition=Q(charge_id__isnull=True, declined_at__isnull=True),
            ),
            models.Index(fields=["citizen_id", "-id"], name="proposals_of_a_citizen"),
        )
