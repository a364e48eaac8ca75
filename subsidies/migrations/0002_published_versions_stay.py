"""A published version never changes, and a drawn ticket is never given to another; places come from sequences.

Sequences live in a schema of their own, the only one in which the service's role may create anything.
"""

from django.db import migrations

PROTECT = """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
"""

TICKETS = """
    CREATE SCHEMA IF NOT EXISTS tickets;
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            GRANT USAGE, CREATE ON SCHEMA tickets TO gwallet_service;
            REVOKE UPDATE, DELETE, TRUNCATE ON subsidies_schemeversion FROM gwallet_service;
        END IF;
    END $$;
"""


class Migration(migrations.Migration):
    """Keep published versions; give tickets a place."""

    dependencies = (("subsidies", "0001_first_tables"), ("wallet", "0002_append_only"))

    operations = (
        migrations.RunSQL(PROTECT.format(table="subsidies_schemeversion"), migrations.RunSQL.noop),
        migrations.RunSQL(TICKETS, migrations.RunSQL.noop),
        migrations.RunSQL(
            "ALTER TABLE subsidies_capuse SET (fillfactor = 70)", "ALTER TABLE subsidies_capuse RESET (fillfactor)"
        ),
    )
