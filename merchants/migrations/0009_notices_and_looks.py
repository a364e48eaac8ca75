"""What shops are told, and who has looked at them."""

import django.db.models.deletion
from django.db import migrations, models

import wallet.ids
from merchants.migrations._stays import stays


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0008_bank_account_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField(help_text="for the owners and managers of this shop", null=True)),
                ("citizen_id", models.UUIDField(help_text="or for this citizen", null=True)),
                ("code", models.CharField(max_length=60)),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("shown_at", models.DateTimeField(help_text="when an app first asked for it", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("citizen_id__isnull", True)),
                        fields=["merchant_id", "-id"],
                        name="notices_of_a_shop",
                    ),
                    models.Index(
                        condition=models.Q(("merchant_id__isnull", True)),
                        fields=["citizen_id", "-id"],
                        name="notices_of_a_citizen",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("citizen_id__isnull", True), ("merchant_id__isnull", True), _connector="XOR"
                        ),
                        name="notice_is_for_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("what", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="merchants.merchant"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wallet.officer"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["merchant", "-id"], name="looks_at_a_shop")],
            },
        ),
        stays("merchants_look"),
    ]
