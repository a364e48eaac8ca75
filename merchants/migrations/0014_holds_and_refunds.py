"""Holds with what is captured and released of them, refunds, and how much of each payment came back so far."""

import django.db.models.expressions
from django.db import migrations, models

import wallet.ids
from merchants.migrations._stays import stays

# As for payments (0002): they are found by their citizen.
OWNER_FIRST = "ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY (owner_id, id)"
BACK = "ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY (id)"
KEPT = ("merchants_hold", "merchants_release", "merchants_refund")

# As for payments (0003): nobody searches by them.
DOCUMENTS = {
    "merchants_hold": ("shares", "reasons", "terms_digest"),
    "merchants_release": ("shares",),
    "merchants_refund": ("shares", "reason"),
}
STATISTICS = "ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS {target}"


class Migration(migrations.Migration):
    """Let shops hold, capture, release and give back."""

    dependencies = [
        ("merchants", "0013_charges_by_typed_code"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_id", models.UUIDField()),
                ("charge_id", models.UUIDField()),
                ("merchant_id", models.UUIDField()),
                ("till_id", models.UUIDField()),
                ("price", models.BigIntegerField(help_text="satang")),
                ("citizen_share", models.BigIntegerField(help_text="satang")),
                ("state_share", models.BigIntegerField(help_text="satang, over all schemes")),
                ("channel", models.SmallIntegerField(choices=[(1, "shop"), (2, "delivery")])),
                ("shares", models.JSONField(help_text="as a payment's")),
                ("reasons", models.JSONField(help_text="as a payment's")),
                ("terms_digest", models.BinaryField(max_length=32)),
                ("business_date", models.DateField()),
                ("held_at", models.DateTimeField()),
                (
                    "expires_at",
                    models.DateTimeField(
                        help_text="from then on nothing can be captured, and the timetable releases it"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HoldSoFar",
            fields=[
                ("owner_id", models.UUIDField()),
                ("hold_id", models.UUIDField()),
                ("price", models.BigIntegerField(help_text="satang, the hold's")),
                ("captured", models.BigIntegerField(default=0, help_text="satang")),
                ("released", models.BigIntegerField(default=0, help_text="satang")),
                ("expires_at", models.DateTimeField(help_text="the hold's")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "owner_id", "hold_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_id", models.UUIDField()),
                ("payment_id", models.UUIDField()),
                ("charge_id", models.UUIDField()),
                (
                    "refund_id",
                    models.UUIDField(help_text="given by whoever refunds: the same one again is the same refund"),
                ),
                ("merchant_id", models.UUIDField()),
                ("till_id", models.UUIDField(help_text="the payment's")),
                ("amount", models.BigIntegerField(help_text="satang")),
                ("whole", models.BooleanField(help_text="asked for as all that was left")),
                ("citizen_share", models.BigIntegerField(help_text="satang, to their own money")),
                ("state_share", models.BigIntegerField(help_text="satang, to purses and funds")),
                ("channel", models.SmallIntegerField(choices=[(1, "shop"), (2, "delivery")])),
                (
                    "shares",
                    models.JSONField(
                        help_text="[{enrolment, scheme, version, amount, to, uses}]: uses are what came back"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("by", models.CharField(max_length=80)),
                ("business_date", models.DateField(help_text="its own: it counts on the day on which it was given")),
                ("refunded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RefundedSoFar",
            fields=[
                ("owner_id", models.UUIDField()),
                ("payment_id", models.UUIDField()),
                ("price", models.BigIntegerField(help_text="satang, the payment's")),
                ("refunded", models.BigIntegerField(help_text="satang")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "owner_id", "payment_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_id", models.UUIDField()),
                ("hold_id", models.UUIDField()),
                ("merchant_id", models.UUIDField()),
                ("amount", models.BigIntegerField(help_text="satang")),
                ("citizen_share", models.BigIntegerField(help_text="satang, to their own money")),
                ("state_share", models.BigIntegerField(help_text="satang, to purses and funds")),
                (
                    "shares",
                    models.JSONField(
                        help_text="[{enrolment, scheme, version, amount, to, uses}]: uses are what came back"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[("merchant", "the shop let it go"), ("expired", "its time was over")], max_length=8
                    ),
                ),
                ("by", models.CharField(max_length=80)),
                ("business_date", models.DateField()),
                ("released_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="charge",
            name="hold_seconds",
            field=models.PositiveIntegerField(help_text="how long its money is held; null: paid at once", null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="capture_id",
            field=models.UUIDField(help_text="given by whoever captured", null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="hold_id",
            field=models.UUIDField(help_text="of which hold it was captured; null: confirmed at once", null=True),
        ),
        migrations.AlterField(
            model_name="chargeend",
            name="payment_id",
            field=models.UUIDField(help_text="the payment, or the hold, that ended it", null=True),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("capture_id__isnull", True), ("hold_id__isnull", True)),
                    models.Q(("capture_id__isnull", False), ("hold_id__isnull", False)),
                    _connector="OR",
                ),
                name="payment_of_a_hold_is_a_capture",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("hold_id__isnull", False)),
                fields=("owner_id", "hold_id", "capture_id"),
                name="one_capture_of_each_id",
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(fields=["merchant_id", "-id"], name="holds_of_a_merchant"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("citizen_share__gte", 0), ("price__gt", 0), ("state_share__gte", 0)),
                name="hold_is_of_money",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "price",
                        django.db.models.expressions.CombinedExpression(
                            models.F("citizen_share"), "+", models.F("state_share")
                        ),
                    )
                ),
                name="hold_shares_sum",
            ),
        ),
        migrations.AddIndex(
            model_name="holdsofar",
            index=models.Index(
                condition=models.Q(
                    (
                        "price__gt",
                        django.db.models.expressions.CombinedExpression(
                            models.F("captured"), "+", models.F("released")
                        ),
                    )
                ),
                fields=["expires_at"],
                name="hold_still_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="holdsofar",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("captured__gte", 0),
                    (
                        "price__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("captured"), "+", models.F("released")
                        ),
                    ),
                    ("released__gte", 0),
                ),
                name="hold_gives_no_more_than_it_has",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(fields=["merchant_id", "-id"], name="refunds_of_a_merchant"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="refund_moves_money"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            models.F("citizen_share"), "+", models.F("state_share")
                        ),
                    ),
                    ("citizen_share__gte", 0),
                    ("state_share__gte", 0),
                ),
                name="refund_shares_sum",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                fields=("owner_id", "payment_id", "refund_id"), name="one_refund_of_each_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="refundedsofar",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunded__gt", 0), ("refunded__lte", models.F("price"))),
                name="refunds_never_over_the_payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="release_moves_money"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            models.F("citizen_share"), "+", models.F("state_share")
                        ),
                    ),
                    ("citizen_share__gte", 0),
                    ("state_share__gte", 0),
                ),
                name="release_shares_sum",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(fields=("owner_id", "hold_id"), name="one_release_of_a_hold"),
        ),
        *(stays(table) for table in KEPT),
        *(migrations.RunSQL(OWNER_FIRST.format(table=table), BACK.format(table=table)) for table in KEPT),
        *(
            migrations.RunSQL(
                STATISTICS.format(table=table, column=column, target=0),
                STATISTICS.format(table=table, column=column, target=-1),
            )
            for table, columns in DOCUMENTS.items()
            for column in columns
        ),
    ]
