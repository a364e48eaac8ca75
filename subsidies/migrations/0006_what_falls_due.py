"""What falls due on rights: pending parts of payments, fillings by their names, buy-ins; none is ever changed."""

import django.db.models.functions.comparison
from django.db import migrations, models

import wallet.ids

KEPT = ("subsidies_pending", "subsidies_filling", "subsidies_buyin")

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
        ("subsidies", "0005_changes_of_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="BuyIn",
            fields=[
                ("citizen_id", models.UUIDField()),
                ("enrolment_id", models.UUIDField()),
                ("number", models.PositiveSmallIntegerField(help_text="1 is the first")),
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False)),
                ("own", models.BigIntegerField(help_text="satang")),
                ("state", models.BigIntegerField(help_text="satang")),
                ("bought_at", models.DateTimeField()),
                ("business_date", models.DateField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "citizen_id",
                        "enrolment_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Filling",
            fields=[
                ("citizen_id", models.UUIDField()),
                ("enrolment_id", models.UUIDField()),
                ("kind", models.CharField(choices=[("grant", "instalment"), ("earned", "voucher")], max_length=24)),
                ("code", models.CharField(help_text="the instalment's; a voucher's instant", max_length=80)),
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False)),
                ("amount", models.BigIntegerField(help_text="satang")),
                ("due_at", models.DateTimeField()),
                ("filled_at", models.DateTimeField()),
                ("business_date", models.DateField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "citizen_id",
                        "enrolment_id",
                        "kind",
                        "code",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[
                ("citizen_id", models.UUIDField()),
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False)),
                ("enrolment_id", models.UUIDField()),
                ("cause", models.UUIDField(help_text="the payment, or what took some of it back")),
                ("pays_at", models.DateTimeField(help_text="from when on it is paid, or counts")),
                ("ends_at", models.DateTimeField(help_text="the end of the period in which it counts", null=True)),
                ("set_aside", models.BigIntegerField(default=0, help_text="satang")),
                ("counted", models.BigIntegerField(default=0, help_text="satang")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "citizen_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="enrolment",
            name="next_due_at",
            field=models.DateTimeField(
                help_text="what falls due before it is done; null: the timetable has not looked yet", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce("next_due_at", "enrolled_at"),
                models.F("id"),
                name="rights_by_what_is_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="buyin",
            constraint=models.CheckConstraint(
                condition=models.Q(("own__gt", 0), ("state__gte", 0)), name="buy_in_is_of_money"
            ),
        ),
        migrations.AddConstraint(
            model_name="filling",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="filling_is_of_money"),
        ),
        migrations.AddConstraint(
            model_name="pending",
            constraint=models.CheckConstraint(
                condition=models.Q(("set_aside__gte", 0)), name="nothing_is_set_aside_below_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="pending",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted", 0), ("ends_at__isnull", False), _connector="OR"),
                name="what_counts_has_a_period",
            ),
        ),
        *(migrations.RunSQL(KEEP.format(table=table), LET_GO.format(table=table)) for table in KEPT),
    ]
