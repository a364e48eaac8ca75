"""Merchants sell in several places; phones and people join by invitation; a suspension is lifted for a reason."""

import django.db.models.deletion
from django.db import migrations, models

import wallet.ids


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0004_charges_keep_what_they_are_judged_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="suspension",
            name="lifted_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.CreateModel(
            name="Branch",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("facts", models.JSONField(help_text="province, district, latitude_e6, longitude_e6")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="branches", to="merchants.merchant"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="till",
            name="branch",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="tills", to="merchants.branch"
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[("owner", "Owner"), ("manager", "Manager"), ("cashier", "Cashier")],
                        help_text="empty: for a till",
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("secret_digest", models.BinaryField(max_length=32)),
                ("by", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "branch",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.branch"
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="merchants.merchant"
                    ),
                ),
            ],
        ),
    ]
