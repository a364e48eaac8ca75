"""The finance office finds a shop by how its name begins."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    """Find shops by name, in either script."""

    dependencies = (("merchants", "0016_small_samples_of_what_is_paid"),)

    operations = (
        migrations.AddIndex(
            model_name="merchant",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(Upper("name"), "text_pattern_ops"), name="shops_by_name"
            ),
        ),
        migrations.AddIndex(
            model_name="merchant",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(Upper("name_en"), "text_pattern_ops"),
                name="shops_by_latin_name",
            ),
        ),
    )
