"""What schemes did on closed days, counted once for reports. A counted day is never counted otherwise."""

from django.db import migrations, models

PROTECT = """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM gwallet_service;
        END IF;
    END $$;
"""


class Migration(migrations.Migration):
    """Let reports add up cells."""

    dependencies = (("settlement", "0002_what_was_paid_stays"),)

    operations = (
        migrations.CreateModel(
            name="ReportCell",
            fields=(
                ("business_date", models.DateField()),
                ("scheme_id", models.UUIDField()),
                ("tier", models.CharField(max_length=40)),
                ("joined", models.CharField(help_text="renewed, or new", max_length=8)),
                ("channel", models.SmallIntegerField(help_text="wallet.models.Channel; 0 where nothing was sold")),
                ("shop_class", models.CharField(max_length=60)),
                ("shop_province", models.CharField(max_length=60)),
                (
                    "person_province",
                    models.CharField(help_text="empty where the enrolment does not keep it", max_length=60),
                ),
                ("payments", models.BigIntegerField()),
                ("state", models.BigIntegerField(help_text="satang, of payments")),
                ("own", models.BigIntegerField(help_text="satang, of the same payments")),
                ("refunds", models.BigIntegerField()),
                ("state_refunded", models.BigIntegerField(help_text="satang")),
                ("own_refunded", models.BigIntegerField(help_text="satang")),
                ("granted", models.BigIntegerField(help_text="satang out of the fund, for citizens")),
                ("lapsed", models.BigIntegerField(help_text="satang out of purses, back to the scheme")),
                ("bought", models.BigIntegerField(help_text="satang that citizens paid into their purses")),
                ("withdrawn", models.BigIntegerField(help_text="satang that became citizens' own money")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "scheme_id",
                        "business_date",
                        "tier",
                        "joined",
                        "channel",
                        "shop_class",
                        "shop_province",
                        "person_province",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ),
        ),
        migrations.CreateModel(
            name="ReportDay",
            fields=(
                ("business_date", models.DateField(primary_key=True, serialize=False)),
                ("cells", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ),
        ),
        migrations.RunSQL(PROTECT.format(table="settlement_reportcell"), migrations.RunSQL.noop),
        migrations.RunSQL(PROTECT.format(table="settlement_reportday"), migrations.RunSQL.noop),
    )
