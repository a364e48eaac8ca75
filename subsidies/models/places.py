"""Citizens' places in schemes, and what they used of the caps."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from wallet.ids import uuid7


class Ticket(models.Model):
    """A citizen's number in the queue for a scheme's places, drawn from the scheme's sequence.

    A ticket within the quota is a place; above it the citizen waits, in order.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme_id = models.UUIDField()
    pool = models.CharField(max_length=40, default="all")
    number = models.BigIntegerField()
    citizen_id = models.UUIDField()
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["scheme_id", "pool", "number"], name="one_citizen_holds_a_ticket"),
            models.UniqueConstraint(fields=["citizen_id", "scheme_id"], name="one_ticket_per_citizen"),
        )


class Enrolment(models.Model):
    """A citizen's place in a scheme. Its id is the purse's: `purse:<enrolment>`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen_id = models.UUIDField()
    scheme_id = models.UUIDField()
    version_id = models.UUIDField()
    tier = models.CharField(max_length=40)
    person = models.JSONField(default=dict, help_text="the facts on the person that the scheme judges by")
    enrolled_at = models.DateTimeField()
    first_used_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(
        null=True, help_text="what falls due before it is done; null: the timetable has not looked yet"
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["citizen_id", "scheme_id"], name="one_enrolment_per_scheme"),)
        # Whoever enrols, in whatever way, is found by the timetable without being told of it.
        indexes = (models.Index(Coalesce("next_due_at", "enrolled_at"), "id", name="rights_by_what_is_due"),)


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
