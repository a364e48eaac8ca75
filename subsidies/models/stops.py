"""Schemes that officers have suspended, let go on, or stopped for good: who, why, when, and who agreed."""

from django.db import models
from django.db.models import F, Q

from subsidies.models.schemes import Scheme
from wallet.ids import uuid7
from wallet.models import Officer


class Suspension(models.Model):
    """Nobody pays or enrols under a scheme from `at` until `lifted_at`. One officer suspends, another one restores."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="suspensions")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    lifted_why = models.CharField(max_length=300, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["scheme"], condition=Q(lifted_at__isnull=True), name="scheme_is_suspended_once"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_by=F("officer")),
                name="who_suspends_never_restores",
            ),
        )


class Stop(models.Model):
    """A scheme is to end for good before its time: one officer asks for it, and another one agrees or says no."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="stops")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_why = models.CharField(max_length=300, blank=True)
    stopped_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["scheme"], condition=Q(refused_at__isnull=True), name="scheme_is_stopped_once"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, refused_at__isnull=True, decided_by__isnull=True)
                | Q(stopped_at__isnull=True, refused_at__isnull=False, decided_by__isnull=False)
                | Q(stopped_at__isnull=False, refused_at__isnull=True, decided_by__isnull=False)
                & ~Q(decided_by=F("officer")),
                name="who_asks_never_stops",
            ),
        )
