"""Lists of people that schemes ask about. A list that was read to its end stays as it is, and whoever is on it stays.

An approval names the officer who uploaded the list, and a foreign key of two columns says that it is truly the one.
"""

import django.db.models.deletion
import django.db.models.expressions
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

STAYS = ("subsidies_listmember", "subsidies_listrejection", "subsidies_listapproval")

ENDED_STAYS = """
    CREATE TRIGGER ended_stays BEFORE UPDATE ON subsidies_peoplelist FOR EACH ROW
        WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays BEFORE DELETE ON subsidies_peoplelist
        FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
"""
GOES = "DROP TRIGGER ended_stays ON subsidies_peoplelist; DROP TRIGGER stays ON subsidies_peoplelist;"

ON_THE_LIST = """
    ALTER TABLE subsidies_listapproval ADD CONSTRAINT approval_is_on_the_list
        FOREIGN KEY (list_id, made_by) REFERENCES subsidies_peoplelist (id, made_by_id);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0002_published_versions_stay"),
        ("wallet", "0003_owner_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="PeopleList",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(help_text="as scheme documents name it", max_length=40)),
                ("as_of", models.DateField(help_text="the day whose end it tells of")),
                ("source", models.CharField(help_text="who gave it, and by which letter", max_length=200)),
                ("begun_at", models.DateTimeField()),
                ("size", models.BigIntegerField(help_text="bytes of the file")),
                ("bytes_read", models.BigIntegerField(default=0)),
                (
                    "digest",
                    models.BinaryField(
                        help_text="SHA-256 of the bytes read so far; at the end, the file's", max_length=32
                    ),
                ),
                ("lines", models.BigIntegerField(default=0, help_text="read so far, a header included")),
                ("people", models.BigIntegerField(default=0, help_text="taken in so far")),
                ("rejected", models.BigIntegerField(default=0, help_text="lines that hold nobody new")),
                (
                    "ended_at",
                    models.DateTimeField(help_text="when the whole file had been read, or was given up", null=True),
                ),
                ("stopped_why", models.CharField(blank=True, help_text="why it was given up", max_length=20)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wallet.officer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ListMember",
            fields=[
                ("person_index", models.BinaryField(help_text="as wallet_person.national_id_index", max_length=32)),
                ("list_id", models.UUIDField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_index", "list_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ListRejection",
            fields=[
                ("list_id", models.UUIDField()),
                ("line", models.BigIntegerField(help_text="from 1, as an editor counts")),
                ("why", models.CharField(max_length=20)),
                ("masked", models.CharField(help_text="its last four digits, to find it by", max_length=20)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "list_id", "line", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ListApproval",
            fields=[
                (
                    "list",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="approval",
                        serialize=False,
                        to="subsidies.peoplelist",
                    ),
                ),
                ("made_by", models.UUIDField(help_text="the list's officer")),
                (
                    "seen",
                    models.BinaryField(
                        help_text="SHA-256 of the file whose counts the officer was shown", max_length=32
                    ),
                ),
                ("people", models.BigIntegerField(help_text="on the list, as the officer was shown")),
                ("at", models.DateTimeField()),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wallet.officer"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="peoplelist",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__gte", 0), ("rejected__gte", 0)), name="list_counts_people"
            ),
        ),
        migrations.AddConstraint(
            model_name="peoplelist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "lines__gte",
                        django.db.models.expressions.CombinedExpression(models.F("people"), "+", models.F("rejected")),
                    )
                ),
                name="list_counts_each_line_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="peoplelist",
            constraint=models.CheckConstraint(
                condition=models.Q(("bytes_read__lte", models.F("size"))), name="list_reads_no_more_than_its_file"
            ),
        ),
        migrations.AddConstraint(
            model_name="peoplelist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    models.Q(("stopped_why", ""), _negated=True),
                    ("bytes_read", models.F("size")),
                    _connector="OR",
                ),
                name="list_ends_with_its_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="peoplelist",
            constraint=models.UniqueConstraint(fields=("id", "made_by"), name="one_maker_of_a_list"),
        ),
        migrations.AddConstraint(
            model_name="listapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(("made_by", models.F("officer")), _negated=True), name="list_approver_never_made_it"
            ),
        ),
        *(migrations.RunSQL(PROTECT.format(table=table), UNPROTECT.format(table=table)) for table in STAYS),
        migrations.RunSQL(ENDED_STAYS, GOES),
        migrations.RunSQL(ON_THE_LIST, "ALTER TABLE subsidies_listapproval DROP CONSTRAINT approval_is_on_the_list"),
    ]
