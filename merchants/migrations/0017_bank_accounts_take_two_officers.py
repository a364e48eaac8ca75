"""A bank account is changed by an owner and two officers: one vouches for it, another approves it.

What was approved before has one officer; the constraint holds for what comes.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0016_small_samples_of_what_is_paid"),
    ]

    operations = [
        migrations.AddField(
            model_name="bankaccountchange",
            name="vouched_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wallet.officer"
            ),
        ),
        migrations.AddField(
            model_name="bankaccountchange",
            name="vouched_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="bankaccountchange",
            name="vouched_for",
            field=models.CharField(blank=True, help_text="how they know that it is the shop's own", max_length=300),
        ),
        migrations.AddConstraint(
            model_name="bankaccountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("vouched_at__isnull", True), ("vouched_by__isnull", True), ("vouched_for", "")),
                    models.Q(
                        ("vouched_at__isnull", False),
                        ("vouched_by__isnull", False),
                        models.Q(("vouched_for", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="bank_account_change_vouched_for_with_words",
            ),
        ),
        AddConstraintNotValid(
            model_name="bankaccountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved", True), _negated=True),
                    models.Q(
                        ("vouched_by__isnull", False),
                        models.Q(("vouched_by", models.F("officer")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="bank_account_change_takes_two_officers",
            ),
        ),
    ]
