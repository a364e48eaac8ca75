"""What shops and their owners are told, and who of the service's staff has looked at a shop."""

from django.db import models
from django.db.models import Q

from merchants.models.shops import Merchant
from wallet.ids import uuid7
from wallet.models import Officer


class Notice(models.Model):
    """Something that a shop must hear of, in its app, or the citizen who opened it in theirs.

    Rows are the queue. The only channel so far is the app, which shows them when it asks; a channel that is pushed
    (telephone messages) would read the rows that nobody has been shown yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant_id = models.UUIDField(null=True, help_text="for the owners and managers of this shop")
    citizen_id = models.UUIDField(null=True, help_text="or for this citizen")
    code = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, help_text="when an app first asked for it")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(citizen_id__isnull=True) ^ Q(merchant_id__isnull=True), name="notice_is_for_somebody"
            ),
        )
        indexes = (
            models.Index(fields=["merchant_id", "-id"], name="notices_of_a_shop", condition=Q(citizen_id__isnull=True)),
            models.Index(
                fields=["citizen_id", "-id"], name="notices_of_a_citizen", condition=Q(merchant_id__isnull=True)
            ),
        )


class Look(models.Model):
    """An officer has looked at a shop's data, and said why. Append-only; the shop's owners read it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="looks")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    what = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["merchant", "-id"], name="looks_at_a_shop"),)
