"""Schemes that officers suspend, restore and stop. Whatever has ended stays as it ended."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import wallet.ids

# A suspension is lifted once, and a stop decided once; before that, the row is the only thing to update.
ENDS_ONCE = """
    CREATE TRIGGER stays BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({ended}) EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_there BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION what_happened_stays();
    CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION what_happened_stays();
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'gwallet_service') THEN
            REVOKE DELETE, TRUNCATE ON {table} FROM gwallet_service;
        END IF;
    END $$;
"""


def officer(**options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wallet.officer", **options
    )


def scheme(name):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to="subsidies.scheme")


class Migration(migrations.Migration):
    """Keep who suspended, restored and stopped what."""

    dependencies = (
        ("subsidies", "0013_versions_hold_from_their_instants"),
        ("wallet", "0002_append_only"),
    )

    operations = (
        migrations.CreateModel(
            name="Suspension",
            fields=(
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("scheme", scheme("suspensions")),
                ("officer", officer()),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("lifted_by", officer(null=True)),
                ("lifted_why", models.CharField(blank=True, max_length=300)),
                ("lifted_at", models.DateTimeField(null=True)),
            ),
            options={
                "constraints": (
                    models.UniqueConstraint(
                        condition=Q(("lifted_at__isnull", True)), fields=("scheme",), name="scheme_is_suspended_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                        | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_by=F("officer")),
                        name="who_suspends_never_restores",
                    ),
                )
            },
        ),
        migrations.CreateModel(
            name="Stop",
            fields=(
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("scheme", scheme("stops")),
                ("officer", officer()),
                ("reason", models.CharField(max_length=300)),
                ("asked_at", models.DateTimeField()),
                ("decided_by", officer(null=True)),
                ("decided_why", models.CharField(blank=True, max_length=300)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
            ),
            options={
                "constraints": (
                    models.UniqueConstraint(
                        condition=Q(("refused_at__isnull", True)), fields=("scheme",), name="scheme_is_stopped_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(stopped_at__isnull=True, refused_at__isnull=True, decided_by__isnull=True)
                        | Q(stopped_at__isnull=True, refused_at__isnull=False, decided_by__isnull=False)
                        | Q(stopped_at__isnull=False, refused_at__isnull=True, decided_by__isnull=False)
                        & ~Q(decided_by=F("officer")),
                        name="who_asks_never_stops",
                    ),
                )
            },
        ),
        migrations.RunSQL(
            ENDS_ONCE.format(table="subsidies_suspension", ended="OLD.lifted_at IS NOT NULL"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            ENDS_ONCE.format(table="subsidies_stop", ended="OLD.decided_by_id IS NOT NULL"), migrations.RunSQL.noop
        ),
    )
