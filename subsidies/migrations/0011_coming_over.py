"""Citizens come over from one scheme to another: rows that stay."""

from django.db import migrations, models

PROTECT = """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON subsidies_comingover
        FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON subsidies_comingover
        FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON subsidies_comingover FROM gwallet_service;
        END IF;
    END $$;
"""
UNPROTECT = "DROP TRIGGER stays ON subsidies_comingover; DROP TRIGGER stays_whole ON subsidies_comingover;"


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0010_who_has_no_place_is_not_due"),
    ]

    operations = [
        migrations.CreateModel(
            name="ComingOver",
            fields=[
                ("from_enrolment_id", models.UUIDField(primary_key=True, serialize=False)),
                ("to_enrolment_id", models.UUIDField(unique=True)),
                ("citizen_id", models.UUIDField()),
                ("code", models.CharField(help_text="of the row in the other scheme's [[changes]]", max_length=40)),
                ("amount", models.BigIntegerField(help_text="satang that went back to the old scheme's fund")),
                (
                    "place",
                    models.BigIntegerField(
                        help_text="that went back to the old scheme; null: there was none", null=True
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="coming_over_gives_back_no_less_than_nothing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_enrolment_id", models.F("to_enrolment_id")), _negated=True),
                        name="coming_over_goes_somewhere_else",
                    ),
                ],
            },
        ),
        migrations.RunSQL(PROTECT, UNPROTECT),
    ]
