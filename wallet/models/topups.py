"""Money on its way in, and what Stripe said about it."""

from django.db import models
from django.db.models import Q

from wallet.ids import uuid7
from wallet.models.people import Citizen


class TopUp(models.Model):
    """Money on its way in through Stripe. Its id is Stripe's idempotency key and our metadata there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="top_ups")
    amount = models.BigIntegerField(help_text="satang")
    asked_at = models.DateTimeField()
    intent_id = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001  many have none yet, none twice
    qr_payload = models.TextField(blank=True)
    back_to = models.TextField(blank=True, help_text="by card: where Stripe's page sends the citizen; empty: PromptPay")
    session_id = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001  by card only
    page_url = models.TextField(blank=True, help_text="by card: Stripe's page")
    told_at = models.DateTimeField(null=True, help_text="when Stripe first answered")
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="failed, expired or cancelled: no money will come")
    ended_why = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="top_up_is_of_money"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(ended_at__isnull=True), name="top_up_ends_one_way"
            ),
        )
        indexes = (
            models.Index(
                fields=["asked_at"],
                name="top_up_still_open",
                condition=Q(confirmed_at__isnull=True, ended_at__isnull=True),
            ),
        )

    @property
    def by_card(self) -> bool:
        """Whether it is paid on Stripe's own page by a card, and not by a PromptPay QR."""
        return self.back_to != ""


class StripeEvent(models.Model):
    """A webhook of Stripe's, kept once by its id; handled under the top-up's citizen."""

    id = models.CharField(max_length=80, primary_key=True)
    type = models.CharField(max_length=60)
    intent_id = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
