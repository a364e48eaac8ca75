"""One version of a scheme begins at an instant, and it was published before: payments find the one in force."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Give each version an instant of its own."""

    dependencies = (("subsidies", "0012_what_people_chose"),)

    operations = (
        migrations.AddConstraint(
            model_name="schemeversion",
            constraint=models.UniqueConstraint(fields=("scheme", "effective_at"), name="one_version_from_each_instant"),
        ),
        migrations.AddConstraint(
            model_name="schemeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective_at__gt", models.F("published_at"))),
                name="version_is_published_before_it_holds",
            ),
        ),
    )
