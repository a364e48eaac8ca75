"""What is kept of who did what, and of what was refused."""

from django.db import models
from django.db.models import Q

from wallet.ids import uuid7


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
