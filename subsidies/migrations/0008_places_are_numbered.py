"""Places have numbers that nobody shares, in pools; who waits, what is free, and what was forfeited are rows."""

from django.db import migrations, models

import wallet.ids

# What was drawn from a scheme's one sequence were places open to all; whoever has a ticket and no place waits.
NUMBER = """
    UPDATE subsidies_ticket SET pool = '';
    UPDATE subsidies_enrolment held SET place = ticket.number FROM subsidies_ticket ticket
     WHERE ticket.citizen_id = held.citizen_id AND ticket.scheme_id = held.scheme_id;
    UPDATE subsidies_ticket ticket SET waits = true
     WHERE NOT EXISTS (SELECT 1 FROM subsidies_enrolment held
                        WHERE held.citizen_id = ticket.citizen_id AND held.scheme_id = ticket.scheme_id);
    INSERT INTO subsidies_queue (id, scheme_id, pool, drawn, drawn_before, settled, searched)
    SELECT gen_random_uuid(), id, '', 0, 0, 0, 0 FROM subsidies_scheme;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0007_limits_and_budgets_are_watched"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstUseDeadline",
            fields=[
                ("enrolment_id", models.UUIDField(primary_key=True, serialize=False)),
                ("citizen_id", models.UUIDField()),
                ("due_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Forfeit",
            fields=[
                ("enrolment_id", models.UUIDField(primary_key=True, serialize=False)),
                ("citizen_id", models.UUIDField()),
                ("scheme_id", models.UUIDField()),
                ("deadline_at", models.DateTimeField()),
                ("amount", models.BigIntegerField(help_text="satang that went back to the scheme's fund")),
                ("place", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FreePlace",
            fields=[
                ("scheme_id", models.UUIDField()),
                ("pool", models.CharField(max_length=40)),
                ("place", models.BigIntegerField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "scheme_id", "pool", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PassedOver",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("ticket_id", models.UUIDField(db_index=True)),
                ("citizen_id", models.UUIDField()),
                ("scheme_id", models.UUIDField()),
                ("code", models.CharField(max_length=60)),
                ("facts", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("enrolment_id", models.UUIDField(primary_key=True, serialize=False)),
                ("citizen_id", models.UUIDField(db_index=True)),
                ("amount", models.BigIntegerField(help_text="satang")),
            ],
        ),
        migrations.CreateModel(
            name="Queue",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("scheme_id", models.UUIDField()),
                ("pool", models.CharField(blank=True, default="", max_length=40)),
                ("drawn", models.BigIntegerField(default=0, help_text="the highest number drawn, when last looked")),
                (
                    "drawn_before",
                    models.BigIntegerField(
                        default=0, help_text="a transaction id: whoever drew one of these numbers has a lower one"
                    ),
                ),
                (
                    "settled",
                    models.BigIntegerField(default=0, help_text="nobody can still write a number up to this one"),
                ),
                (
                    "searched",
                    models.BigIntegerField(default=0, help_text="every place up to this one is held, or a FreePlace"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="enrolment",
            name="place",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="pool",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="ticket",
            name="waits",
            field=models.BooleanField(default=False, help_text="stands in the queue: no place yet, not passed over"),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="pool",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("waits", True)), fields=["scheme_id", "pool", "number"], name="ticket_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(fields=("scheme_id", "pool", "place"), name="one_citizen_holds_a_place"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__isnull", True), ("place__gte", 1), _connector="OR"),
                name="places_are_numbered_from_1",
            ),
        ),
        migrations.AddIndex(
            model_name="firstusedeadline",
            index=models.Index(fields=["due_at", "enrolment_id"], name="first_use_is_due"),
        ),
        migrations.AddConstraint(
            model_name="queue",
            constraint=models.UniqueConstraint(fields=("scheme_id", "pool"), name="one_queue_per_pool"),
        ),
    ]
