"""A top-up may be paid by card: on a page of Stripe's own, which sends the citizen back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep where that page is, and where it leads back to."""

    dependencies = (("wallet", "0009_audit_of_the_house"),)

    operations = (
        migrations.AddField(
            model_name="topup",
            name="back_to",
            field=models.TextField(
                blank=True, default="", help_text="by card: where Stripe's page sends the citizen; empty: PromptPay"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="topup",
            name="session_id",
            field=models.CharField(max_length=80, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="topup",
            name="page_url",
            field=models.TextField(blank=True, default="", help_text="by card: Stripe's page"),
            preserve_default=False,
        ),
    )
