"""What citizens changed after enrolling."""

from django.db import models

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
