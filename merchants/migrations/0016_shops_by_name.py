"""The finance office finds a shop by how its name begins."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    """Find shops by name, in either script."""

    dependencies = (("merchants", "0015_releases_of_a_merchant"),)

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
