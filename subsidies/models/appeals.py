"""Appeals against a scheme's no at enrolment, and what officers decided."""

from django.db import models

from wallet.ids import uuid7
from wallet.models import Officer


class Appeal(models.Model):
    """A citizen asks for another look at the one rule that refused them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen_id = models.UUIDField()
    scheme_id = models.UUIDField()
    # It is one more than the appeals that are decided, so two that are open would have the same.
    number = models.PositiveSmallIntegerField(help_text="of this citizen's appeals in this scheme, from 1")
    rule = models.CharField(max_length=60, help_text="the code of the requirement that refused")
    version_id = models.UUIDField(help_text="the version whose requirement it is")
    statement_sealed = models.BinaryField(help_text="the citizen's own words, sealed for them")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["citizen_id", "scheme_id", "number"], name="one_open_appeal_per_scheme"),
        )


class AppealDecision(models.Model):
    """An officer's answer to an appeal. Granted, it lifts that rule, and no other, for that citizen."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, primary_key=True, related_name="decision")
    granted = models.BooleanField()
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
