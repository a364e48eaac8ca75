"""Citizens' places in schemes, and what they used of the caps.

A scheme's places are kept apart by pool: a pool of its document for some people, or OPEN_TO_ALL for everybody else.
Each pool has a sequence of its own; its places are the numbers from 1 to the pool's quota.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from wallet.ids import uuid7

# The pool of those whom no pool of the document takes. A document's codes are never empty.
OPEN_TO_ALL = ""


class Ticket(models.Model):
    """A citizen's number for a scheme's places, drawn from the sequence of its pool.

    A number within the quota is a place; above it the citizen waits, in order. What comes of a ticket has its id: the
    enrolment, and so the purse.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme_id = models.UUIDField()
    pool = models.CharField(max_length=40, default=OPEN_TO_ALL, blank=True)
    number = models.BigIntegerField()
    citizen_id = models.UUIDField()
    drawn_at = models.DateTimeField()
    waits = models.BooleanField(default=False, help_text="stands in the queue: no place yet, not passed over")
    chosen = models.JSONField(default=dict, help_text="what they chose when they asked, such as a province")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["scheme_id", "pool", "number"], name="one_citizen_holds_a_ticket"),
            models.UniqueConstraint(fields=["citizen_id", "scheme_id"], name="one_ticket_per_citizen"),
        )
        indexes = (models.Index(fields=["scheme_id", "pool", "number"], name="ticket_waits", condition=Q(waits=True)),)


class Enrolment(models.Model):
    """A citizen's place in a scheme. Its id is the purse's: `purse:<enrolment>`.

    `place` is a number that nobody else of the pool holds. It is empty while a scheme that counts people at their first
    payment has not counted this one, and once an unused right was taken back and its place given to others.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen_id = models.UUIDField()
    scheme_id = models.UUIDField()
    version_id = models.UUIDField()
    pool = models.CharField(max_length=40, default=OPEN_TO_ALL, blank=True)
    place = models.BigIntegerField(null=True)
    tier = models.CharField(max_length=40)
    person = models.JSONField(default=dict, help_text="the facts on the person that the scheme judges by")
    enrolled_at = models.DateTimeField()
    first_used_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(
        null=True, help_text="what falls due before it is done; null: the timetable has not looked yet"
    )
    looked_at = models.DateTimeField(null=True, help_text="the last instant until which the timetable looked")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["citizen_id", "scheme_id"], name="one_enrolment_per_scheme"),
            models.UniqueConstraint(fields=["scheme_id", "pool", "place"], name="one_citizen_holds_a_place"),
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(place__gte=1), name="places_are_numbered_from_1"
            ),
        )
        # Whoever has a place, in whatever way they got it, is found by the timetable without its being told of them.
        indexes = (
            models.Index(
                Coalesce("next_due_at", "enrolled_at"),
                "id",
                name="rights_by_what_is_due",
                condition=Q(place__isnull=False),
            ),
        )


class Queue(models.Model):
    """The line for the places of one pool of one scheme, and how far its numbers are accounted for.

    A number that was drawn and never written belonged to a transaction that failed or was killed. It is known to be
    lost once every transaction that could still write it is over (`subsidies/tickets.py`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme_id = models.UUIDField()
    pool = models.CharField(max_length=40, default=OPEN_TO_ALL, blank=True)
    drawn = models.BigIntegerField(default=0, help_text="the highest number drawn, when last looked")
    drawn_before = models.BigIntegerField(
        default=0, help_text="a transaction id: whoever drew one of these numbers has a lower one"
    )
    settled = models.BigIntegerField(default=0, help_text="nobody can still write a number up to this one")
    searched = models.BigIntegerField(default=0, help_text="every place up to this one is held, or a FreePlace")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["scheme_id", "pool"], name="one_queue_per_pool"),)


class FreePlace(models.Model):
    """A place that nobody holds and no newcomer will draw: lost in a crash, given up, or added by a new version."""

    scheme_id = models.UUIDField()
    pool = models.CharField(max_length=40)
    place = models.BigIntegerField()

    pk = models.CompositePrimaryKey("scheme_id", "pool", "place")


class PassedOver(models.Model):
    """Somebody's turn came, and they could no longer be given the place: the refusal that says why.

    Whoever asks again and is no longer refused stands in the queue again, with the old number. Who was called from a
    list has drawn no number yet, and is called again when a list or a version is newer, or an appeal was granted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ticket_id = models.UUIDField(null=True, db_index=True)
    citizen_id = models.UUIDField(db_index=True)
    scheme_id = models.UUIDField()
    code = models.CharField(max_length=60)
    facts = models.JSONField()
    at = models.DateTimeField()


class FirstUseDeadline(models.Model):
    """A right that is lost unless it is used before `due_at`: what the task that takes unused rights back reads.

    A row of its own, so that a payment has no index on first use to bring along.
    """

    enrolment_id = models.UUIDField(primary_key=True)
    citizen_id = models.UUIDField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["due_at", "enrolment_id"], name="first_use_is_due"),)


class Forfeit(models.Model):
    """A right that was not used in time, taken back. `place` is the number that went to others; empty if none did."""

    enrolment_id = models.UUIDField(primary_key=True)
    citizen_id = models.UUIDField()
    scheme_id = models.UUIDField()
    deadline_at = models.DateTimeField()
    amount = models.BigIntegerField(help_text="satang that went back to the scheme's fund")
    place = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class Promise(models.Model):
    """What somebody is granted once their first payment takes a place; the row goes when it has.

    Only in schemes that count people when they pay.
    """

    enrolment_id = models.UUIDField(primary_key=True)
    citizen_id = models.UUIDField(db_index=True)
    amount = models.BigIntegerField(help_text="satang")


class CapUse(models.Model):
    """How much of one cap an enrolment used within the period that ends at `ends_at` (satang)."""

    citizen_id = models.UUIDField()
    ends_at = models.DateTimeField()
    enrolment_id = models.UUIDField()
    cap = models.CharField(max_length=40)
    used = models.BigIntegerField(help_text="satang")

    pk = models.CompositePrimaryKey("citizen_id", "ends_at", "enrolment_id", "cap")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(used__gte=0), name="cap_use_never_below_zero"),)
