"""The tables of the ground floor. What may never be is a constraint here, with a name that reads."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from wallet.accounts import GUARDED, AccountKind
from wallet.ids import uuid7


class Citizen(models.Model):
    """One person. This narrow row is the mutex of all that is theirs: money, purses, holds, attempts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    joined_at = models.DateTimeField()


class Person(models.Model):
    """What is known about a citizen: encrypted, found only by keyed blind index, apart from the mutex row."""

    citizen = models.OneToOneField(Citizen, models.PROTECT, primary_key=True, related_name="person")
    national_id_index = models.BinaryField(unique=True, max_length=32)
    phone_index = models.BinaryField(unique=True, max_length=32)
    sealed = models.BinaryField(help_text="name, national id, phone, date of birth, address: AES-GCM, key by version")


class Device(models.Model):
    """A phone that a citizen signed in from. It may hold a P-256 key that signs terms in place of the PIN."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="devices")
    name = models.CharField(max_length=60)
    public_key = models.BinaryField(null=True, help_text="SubjectPublicKeyInfo, DER")
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    wrong_pins = models.PositiveSmallIntegerField(default=0, help_text="from this device, until forgotten")
    wrong_at = models.DateTimeField(null=True, help_text="the last wrong one")
    locked_until = models.DateTimeField(null=True)


class Pin(models.Model):
    """A citizen's PIN as banks keep it: a keyed MAC whose key is not in the database."""

    citizen = models.OneToOneField(Citizen, models.PROTECT, primary_key=True, related_name="pin")
    version = models.PositiveIntegerField(default=1, help_text="rises with each change of PIN")
    key_version = models.PositiveSmallIntegerField()
    mac = models.BinaryField(max_length=32)
    set_at = models.DateTimeField()
    # Guesses from devices that the citizen never used share this count, so that they cannot lock a known device.
    wrong_elsewhere = models.PositiveSmallIntegerField(default=0)
    wrong_elsewhere_at = models.DateTimeField(null=True)
    locked_elsewhere_until = models.DateTimeField(null=True)


class AddressAttempts(models.Model):
    """Wrong sign-ins from one network address within one window, over all citizens: stops PIN spraying."""

    address_index = models.BinaryField(max_length=32)
    window_starts_at = models.DateTimeField()
    wrong = models.PositiveIntegerField()

    pk = models.CompositePrimaryKey("address_index", "window_starts_at")


class RefreshToken(models.Model):
    """A rotating refresh token: each use ends it and begins the next of its family."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    family_id = models.UUIDField(db_index=True)
    digest = models.BinaryField(max_length=32, unique=True)
    role = models.CharField(max_length=12)
    subject_id = models.UUIDField(help_text="citizen, or the staff member's person id")
    claims = models.JSONField(default=dict)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class BusinessDay(models.Model):
    """A day of the books. Exactly one is open; a posting's business date is read from it, never from the clock."""

    business_date = models.DateField(primary_key=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                models.ExpressionWrapper(Q(closed_at__isnull=True), models.BooleanField()),
                condition=Q(closed_at__isnull=True),
                name="one_day_is_open",
            ),
        )


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


class DayTotal(models.Model):
    """What one account took in and gave out on one closed day, so that sums start from here."""

    business_date = models.DateField()
    kind = models.SmallIntegerField(choices=AccountKind)
    account_id = models.UUIDField()
    money_in = models.BigIntegerField(help_text="satang")
    money_out = models.BigIntegerField(help_text="satang")

    pk = models.CompositePrimaryKey("kind", "account_id", "business_date")


class DaySeal(models.Model):
    """A closed day, proven unchanged: the hash of its transfers, chained to the day before."""

    business_date = models.DateField(primary_key=True)
    transfers = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()


class RequestKey(models.Model):
    """An idempotency key that moved something: the same key with the same content gets the same answer."""

    caller_id = models.UUIDField()
    key = models.CharField(max_length=64)
    fingerprint = models.BinaryField(max_length=32)
    outcome_id = models.UUIDField()
    at = models.DateTimeField()

    pk = models.CompositePrimaryKey("caller_id", "key")


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


class RefusalRecord(models.Model):
    """An expected no, kept so that "why was I refused at 12:03?" has an answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen_id = models.UUIDField()
    charge_id = models.UUIDField(null=True)
    code = models.CharField(max_length=60)
    facts = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["citizen_id", "-at"], name="refusals_of_a_citizen"),)


# Whose acts the office looks through: its own, the operators' and the service's. Shops act by the hundred thousand.
OF_THE_HOUSE = ("officer", "operator", "timetable")
_BY_THE_HOUSE = Q(actor_kind__in=OF_THE_HOUSE)


class AuditEntry(models.Model):
    """Who did what to whom, and why. Append-only, like transfers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["-id"], name="audit_of_the_house", condition=_BY_THE_HOUSE),
            models.Index(fields=["at"], name="audit_by_day", condition=_BY_THE_HOUSE),
            models.Index(fields=["actor_kind", "actor_id", "-id"], name="audit_by_actor", condition=_BY_THE_HOUSE),
            models.Index(fields=["act", "-id"], name="audit_by_act", condition=_BY_THE_HOUSE),
            models.Index(fields=["subject_id", "-id"], name="audit_by_subject", condition=_BY_THE_HOUSE),
        )


class Officer(models.Model):
    """A finance officer: a Django user with a second factor (django-otp) and an id that the books can name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="officer")


class DemoClock(models.Model):
    """The demonstration's clock: one row. It stands still while the script moves it, then runs on.

    A production configuration refuses it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stands_at = models.DateTimeField()
    runs_since = models.DateTimeField(null=True, help_text="the real instant from which it runs on")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_demo_clock"),)
