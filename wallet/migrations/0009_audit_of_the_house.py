"""The office looks through what it, the operators and the timetable did: by day, by whom, by act and by whom it was about.

Shops' acts are in the same table and by far the most; they are in none of these indexes, and pay nothing for them.
"""

from django.db import migrations, models

OF_THE_HOUSE = models.Q(("actor_kind__in", ("officer", "operator", "timetable")))


def index(name, *fields):
    """Return the act that adds an index of the house's entries."""
    return migrations.AddIndex(
        model_name="auditentry", index=models.Index(condition=OF_THE_HOUSE, fields=list(fields), name=name)
    )


class Migration(migrations.Migration):
    """Find audit entries."""

    dependencies = (("wallet", "0008_transfers_by_minute"),)

    operations = (
        index("audit_of_the_house", "-id"),
        index("audit_by_day", "at"),
        index("audit_by_actor", "actor_kind", "actor_id", "-id"),
        index("audit_by_act", "act", "-id"),
        index("audit_by_subject", "subject_id", "-id"),
    )
