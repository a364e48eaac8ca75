"""What moved on a closed day is summed once, by kind of act, with the day's cells; and so it stays."""

from django.db import migrations, models

# The days that have their cells already: every one is closed, so its transfers no longer change.
SUM_COUNTED_DAYS = """
    INSERT INTO settlement_daymoved (business_date, kind, acts, amount, citizen, state)
    SELECT business_date, kind, count(DISTINCT cause), sum(amount),
           coalesce(sum(amount) FILTER (WHERE part = 1), 0), coalesce(sum(amount) FILTER (WHERE part = 2), 0)
      FROM wallet_transfer WHERE business_date IN (SELECT business_date FROM settlement_reportday) GROUP BY 1, 2
"""
PROTECT = """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON settlement_daymoved
        FOR EACH ROW EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON settlement_daymoved
        FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON settlement_daymoved FROM gwallet_service;
        END IF;
    END $$;
"""


class Migration(migrations.Migration):
    """Keep what moved on each closed day."""

    dependencies = (("settlement", "0004_tallies"), ("wallet", "0008_transfers_by_minute"))

    operations = (
        migrations.CreateModel(
            name="DayMoved",
            fields=(
                ("business_date", models.DateField()),
                ("kind", models.CharField(help_text="wallet.models.TransferKind", max_length=24)),
                ("acts", models.BigIntegerField(help_text="how many payments, refunds, payouts …")),
                ("amount", models.BigIntegerField(help_text="satang")),
                ("citizen", models.BigIntegerField(help_text="satang of it that were citizens' parts of sales")),
                ("state", models.BigIntegerField(help_text="satang of it that were the State's parts of sales")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_date", "kind", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ),
        ),
        migrations.RunSQL(SUM_COUNTED_DAYS, migrations.RunSQL.noop),
        migrations.RunSQL(PROTECT, migrations.RunSQL.noop),
    )
