"""Posters on walls, and what citizens propose to pay before them."""

import django.db.models.deletion
from django.db import migrations, models

import wallet.ids


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0009_notices_and_looks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Poster",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "version",
                    models.PositiveIntegerField(help_text="printed on it, so that people can tell old paper from new"),
                ),
                ("made_by", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.CharField(blank=True, max_length=80)),
                (
                    "branch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posters",
                        to="merchants.branch",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posters", to="merchants.merchant"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField()),
                ("citizen_id", models.UUIDField()),
                ("amount", models.BigIntegerField(help_text="satang")),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("charge_id", models.UUIDField(help_text="the charge that it became", null=True, unique=True)),
                ("declined_at", models.DateTimeField(null=True)),
                ("till_id", models.UUIDField(help_text="which said yes or no", null=True)),
                (
                    "poster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="merchants.poster"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="poster",
            constraint=models.UniqueConstraint(fields=("merchant", "version"), name="one_poster_of_each_version"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                condition=models.Q(("charge_id__isnull", True), ("declined_at__isnull", True)),
                fields=["merchant_id", "-id"],
                name="proposals_that_wait",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["citizen_id", "-id"], name="proposals_of_a_citizen"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="proposal_is_of_money"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("charge_id__isnull", True), ("declined_at__isnull", True), ("till_id__isnull", True)),
                    models.Q(
                        ("till_id__isnull", False),
                        models.Q(("charge_id__isnull", True), ("declined_at__isnull", True), _connector="XOR"),
                    ),
                    _connector="OR",
                ),
                name="proposal_ends_one_way",
            ),
        ),
    ]
