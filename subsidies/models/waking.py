"""How far the timetable has come in looking again at the rights of a scheme whose rules changed."""

from django.db import models

from subsidies.models.places import OPEN_TO_ALL


class Waking(models.Model):
    """A version or a stop of a scheme, from whose instant on every right of the scheme is looked at again, once.

    Places are gone through in the order of their pool and number; the row stays when all were.
    """

    cause = models.UUIDField(primary_key=True, help_text="the version, or the stop")
    scheme_id = models.UUIDField()
    since = models.DateTimeField(help_text="the instant from which it holds")
    pool = models.CharField(max_length=40, default=OPEN_TO_ALL, blank=True, help_text="of the last place that is done")
    place = models.BigIntegerField(default=0, help_text="the last one that is done; 0: none yet")
    ended_at = models.DateTimeField(null=True, help_text="when all were done")
