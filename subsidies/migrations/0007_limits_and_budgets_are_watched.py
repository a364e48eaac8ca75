"""Breaches of caps, frozen rights, totals of closed days, warnings; what was found stays, whatever is done about it."""

import uuid

from django.db import migrations, models

import wallet.ids

KEPT = ("subsidies_limitbreach", "subsidies_budgetwarning", "subsidies_schemeday")

KEEP = """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM gwallet_service;
        END IF;
    END $$;
"""
LET_GO = "DROP TRIGGER stays ON {table}; DROP TRIGGER stays_whole ON {table};"


class Migration(migrations.Migration):
    dependencies = [
        ("wallet", "0002_append_only"),
        ("subsidies", "0006_what_falls_due"),
    ]

    operations = [
        migrations.CreateModel(
            name="LimitAudit",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("begun_at", models.DateTimeField()),
                (
                    "reached",
                    models.UUIDField(
                        default=uuid.UUID("00000000-0000-0000-0000-000000000000"),
                        help_text="the last citizen who was audited; they go by id",
                    ),
                ),
                ("people", models.BigIntegerField(default=0)),
                ("payments", models.BigIntegerField(default=0)),
                ("breaches", models.BigIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.ExpressionWrapper(models.Q(("ended_at__isnull", True)), models.BooleanField()),
                        condition=models.Q(("ended_at__isnull", True)),
                        name="one_limit_audit_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SchemeDay",
            fields=[
                ("scheme_id", models.UUIDField()),
                ("business_date", models.DateField()),
                (
                    "from_kind",
                    models.SmallIntegerField(
                        choices=[
                            (1, "cash"),
                            (2, "purse"),
                            (3, "hold"),
                            (4, "payable"),
                            (5, "fund"),
                            (6, "in-transit"),
                            (7, "fees"),
                            (8, "debt"),
                            (9, "stripe"),
                            (10, "bank"),
                            (11, "treasury"),
                        ]
                    ),
                ),
                (
                    "to_kind",
                    models.SmallIntegerField(
                        choices=[
                            (1, "cash"),
                            (2, "purse"),
                            (3, "hold"),
                            (4, "payable"),
                            (5, "fund"),
                            (6, "in-transit"),
                            (7, "fees"),
                            (8, "debt"),
                            (9, "stripe"),
                            (10, "bank"),
                            (11, "treasury"),
                        ]
                    ),
                ),
                ("amount", models.BigIntegerField(help_text="satang")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "scheme_id",
                        "business_date",
                        "from_kind",
                        "to_kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SummedDay",
            fields=[
                ("business_date", models.DateField(primary_key=True, serialize=False)),
                ("summed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="BudgetWarning",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("scheme_id", models.UUIDField()),
                ("of", models.CharField(choices=[("committed", "committed"), ("spent", "spent")], max_length=12)),
                ("percent", models.PositiveSmallIntegerField()),
                ("amount", models.BigIntegerField(help_text="satang committed or spent")),
                ("funded", models.BigIntegerField(help_text="satang")),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("scheme_id", "of", "percent"), name="each_threshold_warns_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Freeze",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("citizen_id", models.UUIDField()),
                ("reason", models.CharField(max_length=300)),
                ("frozen_by", models.CharField(max_length=80)),
                ("frozen_at", models.DateTimeField()),
                ("lifted_by", models.CharField(default="", max_length=80)),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("citizen_id",),
                        name="rights_are_frozen_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LimitBreach",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("citizen_id", models.UUIDField()),
                ("enrolment_id", models.UUIDField()),
                ("cap", models.CharField(max_length=40)),
                ("ends_at", models.DateTimeField(help_text="the end of the period")),
                ("used", models.BigIntegerField(help_text="as the ledger says; satang, or a count")),
                ("most", models.BigIntegerField(help_text="the limit that was passed; null: none was", null=True)),
                ("stored", models.BigIntegerField(help_text="as the counter says")),
                ("found_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("citizen_id", "enrolment_id", "cap", "ends_at"), name="a_breach_is_found_once"
                    )
                ],
            },
        ),
        *(migrations.RunSQL(KEEP.format(table=table), LET_GO.format(table=table)) for table in KEPT),
    ]
