"""The open day is counted as it goes, so that whoever watches it never reads a whole day of payments."""

from django.db import migrations, models

# What was recorded before this migration is in closed days, or in the one that is open now: its figures begin here.
BEGIN = "INSERT INTO settlement_tallyreached (id, until) VALUES (1, now())"


class Migration(migrations.Migration):
    """Keep tallies, and how far they have come."""

    dependencies = (("settlement", "0003_what_schemes_did"), ("wallet", "0008_transfers_by_minute"))

    operations = (
        migrations.CreateModel(
            name="Tally",
            fields=(
                ("business_date", models.DateField()),
                ("hour", models.PositiveSmallIntegerField(help_text="0 to 23, in Bangkok")),
                ("scheme_id", models.UUIDField(help_text="the nil id: citizens' own money")),
                (
                    "province",
                    models.CharField(help_text="of the shop or its branch; empty where nobody said", max_length=60),
                ),
                (
                    "payments",
                    models.BigIntegerField(help_text="each counted once: with its own part, or with its first scheme"),
                ),
                ("paid", models.BigIntegerField(help_text="satang")),
                ("refunded", models.BigIntegerField(help_text="satang")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_date",
                        "hour",
                        "scheme_id",
                        "province",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ),
        ),
        migrations.CreateModel(
            name="TallyReached",
            fields=(
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("until", models.DateTimeField(help_text="by `recorded_at`")),
            ),
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_reach_of_tallies"),
                ],
            },
        ),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    )
