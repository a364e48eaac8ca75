"""Nothing falls due for who has no place: not yet counted, or given up; they are not looked at again and again."""

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0009_forfeits_stay"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="enrolment",
            name="rights_by_what_is_due",
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce("next_due_at", "enrolled_at"),
                models.F("id"),
                condition=models.Q(("place__isnull", False)),
                name="rights_by_what_is_due",
            ),
        ),
    ]
