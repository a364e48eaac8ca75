"""Payments and the ends of charges are never changed; payments are found by their citizen; shops get numbers."""

from django.db import migrations

PROTECT = """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM gwallet_service;
        END IF;
    END $$;
"""

OWNER_FIRST = "ALTER TABLE merchants_payment DROP CONSTRAINT merchants_payment_pkey, ADD PRIMARY KEY (owner_id, id)"
BACK = "ALTER TABLE merchants_payment DROP CONSTRAINT merchants_payment_pkey, ADD PRIMARY KEY (id)"


class Migration(migrations.Migration):
    """Keep what was paid."""

    dependencies = (("merchants", "0001_first_tables"), ("wallet", "0002_append_only"))

    operations = (
        migrations.RunSQL(PROTECT.format(table="merchants_payment"), migrations.RunSQL.noop),
        migrations.RunSQL(PROTECT.format(table="merchants_chargeend"), migrations.RunSQL.noop),
        migrations.RunSQL(OWNER_FIRST, BACK),
        migrations.RunSQL("CREATE SEQUENCE merchants_wallet_number", "DROP SEQUENCE merchants_wallet_number"),
    )
