"""What is left of a scheme that is over goes back to the Treasury: how much, who asked, and who agreed."""

from django.db import models
from django.db.models import F, Q

from subsidies.models.schemes import Scheme
from wallet.ids import uuid7
from wallet.models import Officer


class HandBack(models.Model):
    """One officer asks for it and names the sum that is left; another one agrees to that sum, or says no."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="hand_backs")
    amount = models.BigIntegerField(help_text="satang that were left when it was asked for")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_why = models.CharField(max_length=300, blank=True)
    handed_back_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["scheme"],
                condition=Q(handed_back_at__isnull=True, refused_at__isnull=True),
                name="one_hand_back_waits",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="hand_back_is_of_something"),
            models.CheckConstraint(
                condition=Q(handed_back_at__isnull=True, refused_at__isnull=True, decided_by__isnull=True)
                | Q(handed_back_at__isnull=True, refused_at__isnull=False, decided_by__isnull=False)
                | Q(handed_back_at__isnull=False, refused_at__isnull=True, decided_by__isnull=False)
                & ~Q(decided_by=F("officer")),
                name="who_asks_never_hands_back",
            ),
        )
