"""What is set aside for a delivery or a pre-order, and how much of it was captured and released since."""

from django.db import models
from django.db.models import F, Q

from wallet.ids import uuid7
from wallet.models import Channel


class Hold(models.Model):
    """A citizen's confirmation of a charge that asks for a hold: decided like a payment, and never decided again.

    Append-only. Its money is the account `hold:<hold>`; what is captured of it are payments that name it.
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
    shares = models.JSONField(help_text="as a payment's")
    reasons = models.JSONField(help_text="as a payment's")
    terms_digest = models.BinaryField(max_length=32)
    business_date = models.DateField()
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="from then on nothing can be captured, and the timetable releases it")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(price__gt=0, citizen_share__gte=0, state_share__gte=0), name="hold_is_of_money"
            ),
            models.CheckConstraint(condition=Q(price=F("citizen_share") + F("state_share")), name="hold_shares_sum"),
        )
        indexes = (models.Index(fields=["merchant_id", "-id"], name="holds_of_a_merchant"),)


class HoldSoFar(models.Model):
    """How much of a hold is captured and released, written under its citizen's lock; open while some of it is left.

    Open rows are the queue from which the timetable takes those that have expired.
    """

    owner_id = models.UUIDField()
    hold_id = models.UUIDField()
    price = models.BigIntegerField(help_text="satang, the hold's")
    captured = models.BigIntegerField(default=0, help_text="satang")
    released = models.BigIntegerField(default=0, help_text="satang")
    expires_at = models.DateTimeField(help_text="the hold's")

    pk = models.CompositePrimaryKey("owner_id", "hold_id")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(captured__gte=0, released__gte=0, price__gte=F("captured") + F("released")),
                name="hold_gives_no_more_than_it_has",
            ),
        )
        indexes = (
            models.Index(
                fields=["expires_at"],
                name="hold_still_open",
                condition=Q(price__gt=F("captured") + F("released")),
            ),
        )

    @property
    def left(self) -> int:
        """What can still be captured or released, in satang."""
        return self.price - self.captured - self.released


class Why(models.TextChoices):
    """Why a hold was released."""

    MERCHANT = "merchant", "the shop let it go"
    EXPIRED = "expired", "its time was over"


class Release(models.Model):
    """All that was left of a hold went back where it came from. Append-only, and one for each hold at most."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_id = models.UUIDField()
    hold_id = models.UUIDField()
    merchant_id = models.UUIDField()
    amount = models.BigIntegerField(help_text="satang")
    citizen_share = models.BigIntegerField(help_text="satang, to their own money")
    state_share = models.BigIntegerField(help_text="satang, to purses and funds")
    shares = models.JSONField(help_text="[{enrolment, scheme, version, amount, to, uses}]: uses are what came back")
    why = models.CharField(max_length=8, choices=Why)
    by = models.CharField(max_length=80)
    business_date = models.DateField()
    released_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="release_moves_money"),
            models.CheckConstraint(
                condition=Q(amount=F("citizen_share") + F("state_share"), citizen_share__gte=0, state_share__gte=0),
                name="release_shares_sum",
            ),
            models.UniqueConstraint(fields=["owner_id", "hold_id"], name="one_release_of_a_hold"),
        )
        indexes = (models.Index(fields=["merchant_id", "-id"], name="releases_of_a_merchant"),)
