"""What was counted, decided and answered stays; identifiers can be made by the server, a hundred thousand at a time."""

from django.db import migrations

# RFC 9562 §5.7: 48 bits of Unix milliseconds, version and variant over a random UUID. PostgreSQL has its own from 18 on.
UUID7 = """
    CREATE FUNCTION settlement_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
        SELECT encode(
            set_bit(set_bit(
                overlay(uuid_send(gen_random_uuid()) PLACING
                        substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                        FROM 1 FOR 6),
                52, 1), 53, 1), 'hex')::uuid
    $$;
"""

STAYS = (
    "settlement_slice",
    "settlement_daysliced",
    "settlement_decision",
    "settlement_bankfile",
    "settlement_bankfiledownload",
    "settlement_statementline",
    "settlement_payoutconfirmation",
    "settlement_payoutreturn",
    "settlement_knowncredit",
    "settlement_discrepancy",
    "settlement_resolution",
)

PROTECT = """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM gwallet_service;
        END IF;
    END $$;
"""

UNPROTECT = "DROP TRIGGER stays ON {table}; DROP TRIGGER stays_whole ON {table};"

# A merchant who is withheld is taken out of a batch that nobody has decided on yet; after that, payouts stay as well.
DECIDED_STAYS = """
    CREATE FUNCTION what_was_decided_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM settlement_decision WHERE batch_id = OLD.batch_id) THEN
            RAISE EXCEPTION 'payouts of a batch that is decided are never changed (tried to %)', lower(TG_OP)
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END $$;
    CREATE TRIGGER decided_stays BEFORE UPDATE OR DELETE ON settlement_payout
        FOR EACH ROW EXECUTE FUNCTION what_was_decided_stays();
"""

# An approval names the officer who submitted, and this says that it is truly the one who did.
ON_THE_SUBMISSION = """
    ALTER TABLE settlement_decision ADD CONSTRAINT decision_is_on_the_submission
        FOREIGN KEY (batch_id, submitted_by) REFERENCES settlement_submission (batch_id, officer_id);
"""


class Migration(migrations.Migration):
    """Keep what happened; compare the two officers; make identifiers in the server."""

    dependencies = (("settlement", "0001_first_tables"), ("wallet", "0002_append_only"))

    operations = (
        migrations.RunSQL(UUID7, "DROP FUNCTION settlement_uuid7()"),
        *(migrations.RunSQL(PROTECT.format(table=table), UNPROTECT.format(table=table)) for table in STAYS),
        migrations.RunSQL(
            DECIDED_STAYS,
            "DROP TRIGGER decided_stays ON settlement_payout; DROP FUNCTION what_was_decided_stays()",
        ),
        migrations.RunSQL(
            ON_THE_SUBMISSION, "ALTER TABLE settlement_decision DROP CONSTRAINT decision_is_on_the_submission"
        ),
    )
