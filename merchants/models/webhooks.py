"""Where a shop's own systems want to be told what happens, and what they are told: an outbox of rows."""

from django.db import models
from django.db.models import Q

from merchants.models.shops import Merchant
from wallet.ids import uuid7


class WebhookEndpoint(models.Model):
    """An address that is told of a shop's payments, from when it was added until it is stopped for good."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="webhook_endpoints")
    url = models.CharField(max_length=500)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
    # Ids sort by the millisecond in which they were made: up to this one, everything has its message.
    read_up_to = models.UUIDField()
    failing_since = models.DateTimeField(null=True, help_text="the first failure after the last delivery")
    stopped_at = models.DateTimeField(null=True)
    stopped_because = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["merchant", "url"], condition=Q(stopped_at__isnull=True), name="one_live_endpoint_per_address"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_because="")
                | (Q(stopped_at__isnull=False) & ~Q(stopped_because="")),
                name="stopped_endpoint_says_why",
            ),
        )


class WebhookSecret(models.Model):
    """What messages to an endpoint are signed with. After a rotation the old one signs beside the new for a while."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="secrets")
    sealed = models.BinaryField(help_text="sealed, not digested: we sign with it")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(ends_at__isnull=True), name="one_newest_webhook_secret"
            ),
        )


class WebhookMessage(models.Model):
    """What one endpoint is told of one thing that happened: once, under one id, however often it is sent.

    `due_at` is when it is sent next; who takes it to send it moves that on, so that two never send it at once. None:
    it was delivered, or nobody tries any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=24, help_text="payment.paid …")
    about = models.UUIDField(help_text="the payment …")
    content = models.TextField(help_text="the body, byte for byte as it is signed and sent")
    written_at = models.DateTimeField()
    begun_at = models.DateTimeField(help_text="from when on the three days count: written, or sent again by hand")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="since then")
    due_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["endpoint", "about", "kind"], name="one_message_of_each_thing"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(delivered_at__isnull=False) | Q(dead_at__isnull=False),
                name="message_is_due_or_done",
            ),
        )
        indexes = (
            models.Index(
                fields=["endpoint", "due_at"], condition=Q(due_at__isnull=False), name="messages_that_are_due"
            ),
            models.Index(fields=["endpoint", "-id"], name="messages_of_an_endpoint"),
        )


class WebhookAttempt(models.Model):
    """One try to deliver a message: what the receiver answered, or why it could not be asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(WebhookMessage, models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, help_text="of HTTP; none if there was no answer")
    problem = models.CharField(max_length=40, blank=True, help_text="why there was no answer")
    milliseconds = models.PositiveIntegerField()
