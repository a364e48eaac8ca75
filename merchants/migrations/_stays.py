"""How a migration says that a table's rows are never changed: twice over, by trigger and by the service's rights."""

from django.db import migrations


def stays(table):
    """Return the operation that makes a table append-only; `what_happened_stays` is the ground floor's."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION what_happened_stays();
        CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
        DO $$ BEGIN
            IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
                REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM gwallet_service;
            END IF;
        END $$;
        """,
        migrations.RunSQL.noop,
    )
