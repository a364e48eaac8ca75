"""The books: every movement of money, what stands where, the days, and the keys that keep one act from being two."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from wallet.accounts import GUARDED, AccountKind
from wallet.ids import uuid7


class Part(models.IntegerChoices):
    """Whose share of a payment a transfer is."""

    CITIZEN = 1, "citizen"
    STATE = 2, "state"


class Channel(models.IntegerChoices):
    """Where the sale was made; with the part it decides when the merchant is paid."""

    SHOP = 1, "shop"
    DELIVERY = 2, "delivery"


class TransferKind(models.TextChoices):
    """The acts that move money (the table in docs/the-books.md)."""

    REMITTANCE = "remittance", "the Treasury remits"
    FUNDING = "funding", "scheme funded"
    GRANT = "grant", "purse filled"
    EARNED = "earned", "what spending earned"
    BUY_IN = "buy_in", "bought into a purse"
    WITHDRAWN = "withdrawn", "right withdrawn as own money"
    REMAINDER = "remainder", "remainder of a note"
    SET_ASIDE = "set_aside", "set aside to be paid back"
    PAID_BACK = "paid_back", "paid back"
    FORFEIT = "forfeit", "unused right taken back"
    GIVEN_UP = "given_up", "unused right given up for another"
    EMPTIED = "emptied", "purse emptied at the end of its period"
    LAPSED = "lapsed", "unused part of a period lapsed"
    ENDED = "ended", "right ended"
    HANDED_BACK = "handed_back", "unused money handed back"
    TOP_UP = "top_up", "top-up confirmed"
    STRIPE_PAYOUT = "stripe_payout", "Stripe pays out to us"
    STRIPE_FEE = "stripe_fee", "Stripe's fee"
    PAYMENT = "payment", "payment"
    HOLD = "hold", "hold"
    CAPTURE = "capture", "capture of a hold"
    RELEASE = "release", "release of a hold"
    REFUND = "refund", "refund of a payment"
    PAYOUT_SENT = "payout_sent", "payout sent"
    PAYOUT_CONFIRMED = "payout_confirmed", "payout confirmed"
    PAYOUT_RETURNED = "payout_returned", "payout returned"
    PAYOUT_RETURNED_LATE = "payout_returned_late", "payout returned after confirmation"
    REVERSAL = "reversal", "mirror of an earlier transfer"


# Kinds whose transfers into or out of a payable belong to a slice, and so must say which.
SLICED = (TransferKind.PAYMENT, TransferKind.CAPTURE, TransferKind.REFUND)


class Transfer(models.Model):
    """One immutable movement from one account to another. It balances by itself; the table is append-only.

    The database's primary key is (owner_id, id), so that the table can be sharded by citizen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_id = models.UUIDField(help_text="the citizen whose it is; else the merchant or scheme")
    from_kind = models.SmallIntegerField(choices=AccountKind)
    from_id = models.UUIDField()
    to_kind = models.SmallIntegerField(choices=AccountKind)
    to_id = models.UUIDField()
    amount = models.BigIntegerField(help_text="satang")
    kind = models.CharField(max_length=24, choices=TransferKind)
    cause = models.UUIDField(help_text="the payment, top-up, payout … that moved it")
    scheme_id = models.UUIDField(null=True)
    part = models.SmallIntegerField(null=True, choices=Part)
    channel = models.SmallIntegerField(null=True, choices=Channel)
    business_date = models.DateField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_moves_money"),
            models.CheckConstraint(
                condition=~Q(from_kind=F("to_kind"), from_id=F("to_id")), name="transfer_goes_somewhere"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=SLICED) | Q(part__isnull=False, channel__isnull=False),
                name="transfer_of_a_sale_names_its_slice",
            ),
            # The State's part always comes from a scheme, the citizen's never does.
            models.CheckConstraint(
                condition=Q(part__isnull=True)
                | Q(part=Part.CITIZEN, scheme_id__isnull=True)
                | Q(part=Part.STATE, scheme_id__isnull=False),
                name="transfer_part_matches_scheme",
            ),
        )
        indexes = (
            BrinIndex(fields=["business_date"], name="transfer_by_day", pages_per_range=32, autosummarize=True),
            BrinIndex(fields=["recorded_at"], name="transfer_by_minute", pages_per_range=32, autosummarize=True),
        )


class Balance(models.Model):
    """The stored balance of one guarded account, written only under its citizen's lock."""

    owner_id = models.UUIDField()
    kind = models.SmallIntegerField(choices=AccountKind)
    account_id = models.UUIDField()
    balance = models.BigIntegerField(default=0, help_text="satang")

    pk = models.CompositePrimaryKey("owner_id", "kind", "account_id")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(balance__gte=0), name="balance_never_below_zero"),
            models.CheckConstraint(condition=Q(kind__in=sorted(GUARDED)), name="balance_is_of_a_guarded_account"),
        )


class RequestKey(models.Model):
    """An idempotency key that moved something: the same key with the same content gets the same answer."""

    caller_id = models.UUIDField()
    key = models.CharField(max_length=64)
    fingerprint = models.BinaryField(max_length=32)
    outcome_id = models.UUIDField()
    at = models.DateTimeField()

    pk = models.CompositePrimaryKey("caller_id", "key")
