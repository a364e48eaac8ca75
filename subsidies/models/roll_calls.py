"""Who is called to a scheme that enrols by list: how far its roll call is, and the people whose turn has come."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class RollCall(models.Model):
    """All citizens in turn are looked for on the lists of one scheme; anew when a list or a version is newer.

    The row stays when all were looked for: whoever opens a wallet later is looked for on the same lists.
    """

    scheme_id = models.UUIDField(primary_key=True)
    version_id = models.UUIDField()
    lists = ArrayField(models.UUIDField(), help_text="in force when it began, in order of their ids")
    looked_until = models.UUIDField(help_text="the last citizen who was looked for")
    ended_at = models.DateTimeField(null=True, help_text="when all had been looked for")


class NewWallet(models.Model):
    """Somebody has opened a wallet and was not yet looked for on the lists. A trigger on `wallet_person` writes it."""

    citizen_id = models.UUIDField(primary_key=True)


class Called(models.Model):
    """Somebody is on a scheme's list and was not yet enrolled or passed over; the row goes when they were."""

    scheme_id = models.UUIDField()
    citizen_id = models.UUIDField()

    pk = models.CompositePrimaryKey("scheme_id", "citizen_id")
