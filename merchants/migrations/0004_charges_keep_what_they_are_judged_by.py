"""A charge keeps the facts that its shop is judged by, and may be for one citizen alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0003_no_statistics_of_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name="charge",
            name="for_citizen_id",
            field=models.UUIDField(help_text="the only one who may pay it, if the till knew who it is", null=True),
        ),
        migrations.AddField(
            model_name="charge",
            name="merchant_facts",
            field=models.JSONField(
                default={}, help_text="what schemes judge the shop by, as it was then; the branch's before"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="charge",
            name="presented",
            field=models.BinaryField(help_text="the citizen's code that the till scanned", max_length=16, null=True),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(
                condition=models.Q(("for_citizen_id__isnull", False)),
                fields=["for_citizen_id", "-id"],
                name="charges_for_a_citizen",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("presented__isnull", False)), fields=("presented",), name="presented_code_asks_once"
            ),
        ),
        migrations.RunSQL(
            # Nobody searches it, and sampling documents is most of an ANALYZE.
            "ALTER TABLE merchants_charge ALTER COLUMN merchant_facts SET STATISTICS 0",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            # What was asked before this has no copy; what its shop is judged by has not been changed until now.
            """
            UPDATE merchants_charge charge SET merchant_facts = shop.facts
              FROM merchants_merchant shop WHERE shop.id = charge.merchant_id
            """,
            migrations.RunSQL.noop,
        ),
    ]
