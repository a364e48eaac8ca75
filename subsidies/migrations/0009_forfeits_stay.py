"""What was taken back, and who was passed over and why, can be added and never changed."""

from django.db import migrations

KEPT = ("subsidies_forfeit", "subsidies_passedover")

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
    """Keep forfeits and turns that were passed."""

    dependencies = (("subsidies", "0008_places_are_numbered"), ("wallet", "0002_append_only"))

    operations = tuple(
        migrations.RunSQL(
            PROTECT.format(table=table), f"DROP TRIGGER stays ON {table}; DROP TRIGGER stays_whole ON {table}"
        )
        for table in KEPT
    )
