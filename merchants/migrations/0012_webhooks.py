import django.db.models.deletion
from django.db import migrations, models

import wallet.ids


class Migration(migrations.Migration):
    dependencies = [("merchants", "0011_keys_of_integrators")]

    operations = [
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("url", models.CharField(max_length=500)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=80)),
                ("read_up_to", models.UUIDField()),
                (
                    "failing_since",
                    models.DateTimeField(help_text="the first failure after the last delivery", null=True),
                ),
                ("stopped_at", models.DateTimeField(null=True)),
                ("stopped_because", models.CharField(blank=True, max_length=120)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhook_endpoints",
                        to="merchants.merchant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookMessage",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(help_text="payment.paid …", max_length=24)),
                ("about", models.UUIDField(help_text="the payment …")),
                ("content", models.TextField(help_text="the body, byte for byte as it is signed and sent")),
                ("written_at", models.DateTimeField()),
                (
                    "begun_at",
                    models.DateTimeField(help_text="from when on the three days count: written, or sent again by hand"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, help_text="since then")),
                ("due_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("dead_at", models.DateTimeField(null=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="merchants.webhookendpoint",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "status",
                    models.PositiveSmallIntegerField(help_text="of HTTP; none if there was no answer", null=True),
                ),
                ("problem", models.CharField(blank=True, help_text="why there was no answer", max_length=40)),
                ("milliseconds", models.PositiveIntegerField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tries", to="merchants.webhookmessage"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookSecret",
            fields=[
                ("id", models.UUIDField(default=wallet.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(help_text="sealed, not digested: we sign with it")),
                ("made_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="secrets",
                        to="merchants.webhookendpoint",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stopped_at__isnull", True)),
                fields=("merchant", "url"),
                name="one_live_endpoint_per_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stopped_at__isnull", True), ("stopped_because", "")),
                    models.Q(("stopped_at__isnull", False), models.Q(("stopped_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="stopped_endpoint_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookmessage",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["endpoint", "due_at"],
                name="messages_that_are_due",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookmessage",
            index=models.Index(fields=["endpoint", "-id"], name="messages_of_an_endpoint"),
        ),
        migrations.AddConstraint(
            model_name="webhookmessage",
            constraint=models.UniqueConstraint(fields=("endpoint", "about", "kind"), name="one_message_of_each_thing"),
        ),
        migrations.AddConstraint(
            model_name="webhookmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_at__isnull", False),
                    ("delivered_at__isnull", False),
                    ("dead_at__isnull", False),
                    _connector="OR",
                ),
                name="message_is_due_or_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhooksecret",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_at__isnull", True)), fields=("endpoint",), name="one_newest_webhook_secret"
            ),
        ),
    ]
