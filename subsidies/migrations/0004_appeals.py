"""Appeals against a scheme's no, and what officers decided: rows that stay."""

import django.db.models.deletion
from django.db import migrations, models

import wallet.ids

PROTECT = """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM gwallet_service;
        END IF;
    END $$;
"""
UNPROTECT = "DROP TRIGGER stays ON {table}; DROP TRIGGER stays_whole ON {table};"

STAYS = ("subsidies_appeal", "subsidies_appealdecision")


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0003_lists_of_people"),
        ("wallet", "0003_owner_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("citizen_id", models.UUIDField()),
                ("scheme_id", models.UUIDField()),
                (
                    "number",
                    models.PositiveSmallIntegerField(help_text="of this citizen's appeals in this scheme, from 1"),
                ),
                ("rule", models.CharField(help_text="the code of the requirement that refused", max_length=60)),
                ("version_id", models.UUIDField(help_text="the version whose requirement it is")),
                ("statement_sealed", models.BinaryField(help_text="the citizen's own words, sealed for them")),
                ("asked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AppealDecision",
            fields=[
                (
                    "appeal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="decision",
                        serialize=False,
                        to="subsidies.appeal",
                    ),
                ),
                ("granted", models.BooleanField()),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(
                fields=("citizen_id", "scheme_id", "number"), name="one_open_appeal_per_scheme"
            ),
        ),
        migrations.AddField(
            model_name="appealdecision",
            name="officer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wallet.officer"),
        ),
        *(migrations.RunSQL(PROTECT.format(table=table), UNPROTECT.format(table=table)) for table in STAYS),
    ]
