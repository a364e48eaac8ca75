"""What a shop let go is found by the shop: its systems are told of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Find releases by their shop."""

    dependencies = (("merchants", "0014_holds_and_refunds"),)

    operations = (
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["merchant_id", "-id"], name="releases_of_a_merchant"),
        ),
    )
