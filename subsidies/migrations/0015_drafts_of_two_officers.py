"""Documents that officers draft, submit and approve: what was submitted and said stays, and three are compared."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import wallet.ids

PROTECT = """
    CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM gwallet_service;
        END IF;
    END $$;
"""

# A verdict names who drafted and who submitted, and these say that it is truly those who did.
OF_ITS_AUTHOR = """
    ALTER TABLE subsidies_submission ADD CONSTRAINT submission_is_of_its_author
        FOREIGN KEY (draft_id, drafted_by) REFERENCES subsidies_draft (id, officer_id);
    ALTER TABLE subsidies_verdict ADD CONSTRAINT verdict_is_on_the_submission
        FOREIGN KEY (submission_id, drafted_by, submitted_by)
        REFERENCES subsidies_submission (id, drafted_by, officer_id);
"""
OF_NOBODY = """
    ALTER TABLE subsidies_submission DROP CONSTRAINT submission_is_of_its_author;
    ALTER TABLE subsidies_verdict DROP CONSTRAINT verdict_is_on_the_submission;
"""


def officer():
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wallet.officer")


class Migration(migrations.Migration):
    """Let two officers publish."""

    dependencies = (("subsidies", "0014_suspended_and_stopped"),)

    operations = (
        migrations.CreateModel(
            name="Draft",
            fields=(
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("officer", officer()),
                ("document", models.TextField(help_text="TOML")),
                ("begun_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ),
            options={"constraints": (models.UniqueConstraint(fields=("id", "officer"), name="one_author"),)},
        ),
        migrations.CreateModel(
            name="Submission",
            fields=(
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="subsidies.draft"
                    ),
                ),
                ("drafted_by", models.UUIDField(help_text="the draft's officer")),
                ("officer", officer()),
                ("document", models.TextField(help_text="TOML, as it was submitted")),
                (
                    "seen",
                    models.BinaryField(help_text="SHA-256 of the document that the officer was shown", max_length=32),
                ),
                ("at", models.DateTimeField()),
            ),
            options={
                "constraints": (
                    models.UniqueConstraint(fields=("id", "drafted_by", "officer"), name="one_text_of_two_officers"),
                )
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=(
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="verdict",
                        serialize=False,
                        to="subsidies.submission",
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        help_text="what it became; null: rejected",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdict",
                        to="subsidies.schemeversion",
                    ),
                ),
                ("officer", officer()),
                ("drafted_by", models.UUIDField(help_text="the submission's")),
                ("submitted_by", models.UUIDField(help_text="the submission's officer")),
                (
                    "seen",
                    models.BinaryField(
                        help_text="SHA-256 of the document that the officer was shown", max_length=32, null=True
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
            ),
            options={
                "constraints": (
                    models.CheckConstraint(
                        condition=Q(version__isnull=True)
                        | Q(seen__isnull=False) & ~Q(drafted_by=F("officer")) & ~Q(submitted_by=F("officer")),
                        name="approver_never_drafted_nor_submitted",
                    ),
                )
            },
        ),
        migrations.RunSQL(OF_ITS_AUTHOR, OF_NOBODY),
        migrations.RunSQL(PROTECT.format(table="subsidies_submission"), migrations.RunSQL.noop),
        migrations.RunSQL(PROTECT.format(table="subsidies_verdict"), migrations.RunSQL.noop),
    )
