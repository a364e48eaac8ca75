"""Citizens are shown why a list passed them over: found by who they are, for they have drawn no number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0017_rights_are_woken"),
    ]

    operations = [
        migrations.AlterField(
            model_name="passedover",
            name="citizen_id",
            field=models.UUIDField(db_index=True),
        ),
    ]
