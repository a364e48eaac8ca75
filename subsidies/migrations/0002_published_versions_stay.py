"""A published version never changes, and a drawn ticket is never given to another; places come from sequences.

Sequences live in the schema `tickets`, the only one in which the service's role may create anything. Who makes the
database makes that schema too (config/database.sql), because the owner of the tables may not.
"""

from django.db import migrations

PROTECT = """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
"""

RIGHTS = """
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON subsidies_schemeversion FROM gwallet_service;
        END IF;
    END $$;
"""


class Migration(migrations.Migration):
    """Keep published versions."""

    dependencies = (("subsidies", "0001_first_tables"), ("wallet", "0002_append_only"))

    operations = (
        migrations.RunSQL(PROTECT.format(table="subsidies_schemeversion"), migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(
            "ALTER TABLE subsidies_capuse SET (fillfactor = 70)", "ALTER TABLE subsidies_capuse RESET (fillfactor)"
        ),
    )
