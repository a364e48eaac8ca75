"""What a shop is called and judged by, and the terms it accepted, are rows that stay."""

import django.db.models.deletion
from django.db import migrations, models

import wallet.ids
from merchants.migrations._stays import stays


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0005_branches_staff_and_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Particulars",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=60)),
                ("city", models.CharField(max_length=40)),
                (
                    "facts",
                    models.JSONField(help_text="without the schemes that were accepted, which are rows of their own"),
                ),
                ("by", models.CharField(max_length=80)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("from_at", models.DateTimeField()),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="particulars", to="merchants.merchant"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("scheme", models.CharField(help_text="the scheme's code", max_length=60)),
                ("version", models.PositiveIntegerField(help_text="the number of the document whose terms were shown")),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acceptances", to="merchants.merchant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "scheme", "version"), name="terms_are_accepted_once")
                ],
            },
        ),
        stays("merchants_particulars"),
        stays("merchants_acceptance"),
        migrations.RunSQL(
            """
            INSERT INTO merchants_particulars (id, merchant_id, name, name_en, city, facts, by, reason, from_at)
            SELECT gen_random_uuid(), id, name, name_en, city, facts, 'timetable:migrate', '', joined_at
              FROM merchants_merchant
            """,
            migrations.RunSQL.noop,
        ),
    ]
