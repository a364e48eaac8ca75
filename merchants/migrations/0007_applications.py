"""Shops apply, and officers decide about each version of what they say."""

import django.db.models.deletion
from django.db import migrations, models

import wallet.ids
from merchants.migrations._stays import stays


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0006_particulars_and_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("citizen_id", models.UUIDField(help_text="who wants to open a shop", null=True)),
                ("merchant_id", models.UUIDField(help_text="whose owner wants other particulars", null=True)),
                ("asked_at", models.DateTimeField()),
                (
                    "waits_since",
                    models.DateTimeField(help_text="what it says now was said; empty once that is decided", null=True),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("waits_since__isnull", False)),
                        fields=["waits_since", "id"],
                        name="applications_that_wait",
                    ),
                    models.Index(
                        condition=models.Q(("citizen_id__isnull", False)),
                        fields=["citizen_id", "-id"],
                        name="applications_of_a_citizen",
                    ),
                    models.Index(
                        condition=models.Q(("merchant_id__isnull", False)),
                        fields=["merchant_id", "-id"],
                        name="applications_of_a_shop",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("citizen_id__isnull", True), ("merchant_id__isnull", True), _connector="XOR"
                        ),
                        name="application_is_of_a_citizen_or_a_shop",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationVersion",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=60)),
                ("city", models.CharField(max_length=40)),
                ("facts", models.JSONField()),
                (
                    "bank_code",
                    models.CharField(
                        blank=True, help_text="BIC; a shop that is in changes it otherwise", max_length=11
                    ),
                ),
                ("bank_account_sealed", models.BinaryField(null=True)),
                (
                    "reason",
                    models.CharField(blank=True, help_text="why a shop wants to be known otherwise", max_length=300),
                ),
                ("at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="merchants.application"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ApplicationDecision",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="decision",
                        serialize=False,
                        to="merchants.applicationversion",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(choices=[("approved", "Approved"), ("rejected", "Rejected")], max_length=8),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wallet.officer"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="applicationversion",
            constraint=models.UniqueConstraint(
                fields=("application", "number"), name="one_application_version_of_each_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict", "approved"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="application_rejected_for_a_reason",
            ),
        ),
        stays("merchants_applicationversion"),
        stays("merchants_applicationdecision"),
    ]
