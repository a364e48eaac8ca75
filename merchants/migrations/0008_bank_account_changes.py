"""A bank account is changed by an owner and an officer, a day apart."""

import django.db.models.deletion
from django.db import migrations, models

import wallet.ids


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0007_applications"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankAccountChange",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("bank_code", models.CharField(help_text="BIC", max_length=11)),
                ("bank_account_sealed", models.BinaryField()),
                ("asked_at", models.DateTimeField()),
                ("cooled_at", models.DateTimeField(help_text="from when an officer may approve it")),
                ("withdrawn_at", models.DateTimeField(help_text="by one of the shop's owners", null=True)),
                ("approved", models.BooleanField(null=True)),
                ("reason", models.CharField(blank=True, help_text="why it was rejected", max_length=300)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.staff"
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_account_changes",
                        to="merchants.merchant",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wallet.officer"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("merchant",),
                        name="one_open_bank_account_change",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved__isnull", True), ("decided_at__isnull", True), ("officer__isnull", True)
                            ),
                            models.Q(
                                ("approved__isnull", False), ("decided_at__isnull", False), ("officer__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="bank_account_change_decided_by_an_officer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"
                        ),
                        name="bank_account_change_ends_one_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved", True), _negated=True),
                            ("decided_at__gte", models.F("cooled_at")),
                            _connector="OR",
                        ),
                        name="bank_account_change_cools_off",
                    ),
                ],
            },
        ),
    ]
