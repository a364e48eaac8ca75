import django.db.models.deletion
from django.db import migrations, models

import wallet.ids


class Migration(migrations.Migration):
    dependencies = [("merchants", "0010_posters_and_proposals")]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                (
                    "prefix",
                    models.CharField(
                        help_text="the key's beginning, by which people name it", max_length=20, unique=True
                    ),
                ),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("scopes", models.JSONField(help_text="what it may be used for")),
                (
                    "rehearses",
                    models.BooleanField(help_text="a test key: it gets the answers that it asks for and moves nothing"),
                ),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.CharField(max_length=80)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "used_at",
                    models.DateTimeField(
                        help_text="within the last hour or later; for who wonders which to revoke", null=True
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="api_keys", to="merchants.merchant"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="merchants.apikey",
                    ),
                ),
                (
                    "till",
                    models.ForeignKey(
                        help_text="in whose name it sells",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_keys",
                        to="merchants.till",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["merchant", "-id"], name="api_keys_of_a_merchant")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("issued_at"))), name="api_key_has_a_life"
                    )
                ],
            },
        ),
    ]
