"""What citizens changed after enrolling: rows that stay, with what was before."""

from django.db import migrations, models

import wallet.ids

PROTECT = """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON subsidies_factchange
        FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON subsidies_factchange
        FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON subsidies_factchange FROM gwallet_service;
        END IF;
    END $$;
"""
UNPROTECT = "DROP TRIGGER stays ON subsidies_factchange; DROP TRIGGER stays_whole ON subsidies_factchange;"


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0004_appeals"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactChange",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("citizen_id", models.UUIDField(db_index=True)),
                ("enrolment_id", models.UUIDField()),
                ("code", models.CharField(help_text="of the row in the scheme's [[changes]]", max_length=40)),
                ("number", models.PositiveSmallIntegerField(help_text="the first, second … time")),
                ("fact", models.CharField(max_length=40)),
                ("was", models.JSONField(null=True)),
                ("value", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment_id", "code", "number"), name="one_change_of_each_number")
                ],
            },
        ),
        migrations.RunSQL(PROTECT, UNPROTECT),
    ]
