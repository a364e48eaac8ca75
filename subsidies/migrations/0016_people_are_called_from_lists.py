"""People are called from lists to the schemes that enrol them; whoever opens a wallet leaves a row to be looked for.

A trigger writes it, so that no way of opening a wallet can forget to, and the floor below need not know of lists. Those
who have a wallet already need no row: each roll call reads them all.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

LOOK_FOR_THEM = """
    CREATE FUNCTION look_for_them_on_lists() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO subsidies_newwallet (citizen_id) VALUES (NEW.citizen_id);
        RETURN NULL;
    END $$;
    CREATE TRIGGER looked_for_on_lists AFTER INSERT ON wallet_person
        FOR EACH ROW EXECUTE FUNCTION look_for_them_on_lists();
"""
LOOK_NO_MORE = "DROP TRIGGER looked_for_on_lists ON wallet_person; DROP FUNCTION look_for_them_on_lists();"


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0015_drafts_of_two_officers"),
        ("wallet", "0005_forfeits"),
    ]

    operations = [
        migrations.CreateModel(
            name="RollCall",
            fields=[
                ("scheme_id", models.UUIDField(primary_key=True, serialize=False)),
                ("version_id", models.UUIDField()),
                (
                    "lists",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        help_text="in force when it began, in order of their ids",
                        size=None,
                    ),
                ),
                ("looked_until", models.UUIDField(help_text="the last citizen who was looked for")),
                ("ended_at", models.DateTimeField(help_text="when all had been looked for", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="NewWallet",
            fields=[("citizen_id", models.UUIDField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="Called",
            fields=[
                ("scheme_id", models.UUIDField()),
                ("citizen_id", models.UUIDField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "scheme_id", "citizen_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="passedover",
            name="ticket_id",
            field=models.UUIDField(db_index=True, null=True),
        ),
        migrations.RunSQL(LOOK_FOR_THEM, LOOK_NO_MORE),
    ]
