"""What citizens changed after enrolling: a fact, or the scheme."""

from django.db import models
from django.db.models import F, Q

from wallet.ids import uuid7


class FactChange(models.Model):
    """A citizen changed one fact of their enrolment, such as their province; sales are judged by it from now on.

    What it was before stays, so that earlier sales can be decided again as they were.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen_id = models.UUIDField(db_index=True)
    enrolment_id = models.UUIDField()
    code = models.CharField(max_length=40, help_text="of the row in the scheme's [[changes]]")
    number = models.PositiveSmallIntegerField(help_text="the first, second … time")
    fact = models.CharField(max_length=40)
    was = models.JSONField(null=True)
    value = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["enrolment_id", "code", "number"], name="one_change_of_each_number"),
        )


class ComingOver(models.Model):
    """A citizen gave up an unused right and its place for another scheme's. The old right's id is its money's cause."""

    from_enrolment_id = models.UUIDField(primary_key=True)
    to_enrolment_id = models.UUIDField(unique=True)
    citizen_id = models.UUIDField()
    code = models.CharField(max_length=40, help_text="of the row in the other scheme's [[changes]]")
    amount = models.BigIntegerField(help_text="satang that went back to the old scheme's fund")
    place = models.BigIntegerField(null=True, help_text="that went back to the old scheme; null: there was none")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gte=0), name="coming_over_gives_back_no_less_than_nothing"),
            models.CheckConstraint(
                condition=~Q(from_enrolment_id=F("to_enrolment_id")), name="coming_over_goes_somewhere_else"
            ),
        )
