"""What happened stays: transfers, audit entries and seals can be added, never changed.

Twice over: the service's database role lacks the rights, and a trigger refuses everybody else. A correction is a
reversal, a row of its own.
"""

from django.db import migrations

APPEND_ONLY = ("wallet_transfer", "wallet_auditentry", "wallet_dayseal", "wallet_requestkey")

REFUSE = """
    CREATE FUNCTION what_happened_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are never changed (tried to %)', TG_TABLE_NAME, lower(TG_OP)
            USING ERRCODE = 'restrict_violation';
    END $$;
"""


def protect(table):
    """Return the SQL that makes a table append-only for everyone, and takes the rights from the service's role."""
    return f"""
        CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION what_happened_stays();
        CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
        DO $$ BEGIN
            IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
                REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM gwallet_service;
            END IF;
        END $$;
    """


def unprotect(table):
    """Return the SQL that undoes `protect`."""
    return f"DROP TRIGGER stays ON {table}; DROP TRIGGER stays_whole ON {table};"


class Migration(migrations.Migration):
    """Make the books append-only."""

    dependencies = (("wallet", "0001_first_tables"),)

    operations = (
        migrations.RunSQL(REFUSE, "DROP FUNCTION what_happened_stays()"),
        *(migrations.RunSQL(protect(table), unprotect(table)) for table in APPEND_ONLY),
    )
