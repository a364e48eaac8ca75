"""Rights are looked at again from the instant of a version or a stop: when each was looked at, and how far that is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0016_people_are_called_from_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="looked_at",
            field=models.DateTimeField(help_text="the last instant until which the timetable looked", null=True),
        ),
        migrations.CreateModel(
            name="Waking",
            fields=[
                (
                    "cause",
                    models.UUIDField(help_text="the version, or the stop", primary_key=True, serialize=False),
                ),
                ("scheme_id", models.UUIDField()),
                ("since", models.DateTimeField(help_text="the instant from which it holds")),
                (
                    "pool",
                    models.CharField(blank=True, default="", help_text="of the last place that is done", max_length=40),
                ),
                ("place", models.BigIntegerField(default=0, help_text="the last one that is done; 0: none yet")),
                ("ended_at", models.DateTimeField(help_text="when all were done", null=True)),
            ],
        ),
    ]
