"""Shops that want to join, or to be known otherwise: what they say, each correction of it, and what was decided."""

from django.db import models
from django.db.models import Q

from wallet.ids import uuid7
from wallet.models import Officer


class Application(models.Model):
    """Somebody asks that a shop be taken in, or that a shop's particulars be changed.

    A shop that is taken in gets the application's id, so that what was sealed for the one opens for the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen_id = models.UUIDField(null=True, help_text="who wants to open a shop")
    merchant_id = models.UUIDField(null=True, help_text="whose owner wants other particulars")
    asked_at = models.DateTimeField()
    waits_since = models.DateTimeField(null=True, help_text="what it says now was said; empty once that is decided")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(citizen_id__isnull=True) ^ Q(merchant_id__isnull=True),
                name="application_is_of_a_citizen_or_a_shop",
            ),
        )
        indexes = (
            models.Index(
                fields=["waits_since", "id"], name="applications_that_wait", condition=Q(waits_since__isnull=False)
            ),
            models.Index(
                fields=["citizen_id", "-id"],
                name="applications_of_a_citizen",
                condition=Q(citizen_id__isnull=False),
            ),
            models.Index(
                fields=["merchant_id", "-id"],
                name="applications_of_a_shop",
                condition=Q(merchant_id__isnull=False),
            ),
        )


class ApplicationVersion(models.Model):
    """What an application says; each correction is a row of its own. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=60)
    city = models.CharField(max_length=40)
    facts = models.JSONField()
    bank_code = models.CharField(max_length=11, blank=True, help_text="BIC; a shop that is in changes it otherwise")
    bank_account_sealed = models.BinaryField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why a shop wants to be known otherwise")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["application", "number"], name="one_application_version_of_each_number"),
        )


class ApplicationVerdict(models.TextChoices):
    """What an officer says to an application."""

    APPROVED = "approved"
    REJECTED = "rejected"


class ApplicationDecision(models.Model):
    """An officer's word on one version of an application. Append-only."""

    version = models.OneToOneField(ApplicationVersion, models.PROTECT, primary_key=True, related_name="decision")
    verdict = models.CharField(max_length=8, choices=ApplicationVerdict)
    reason = models.CharField(max_length=300, blank=True)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict=ApplicationVerdict.APPROVED) | ~Q(reason=""),
                name="application_rejected_for_a_reason",
            ),
        )
