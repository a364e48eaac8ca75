"""A charge is found by the end of its id, which a till shows as ten digits to whoever cannot scan."""

from django.db import migrations, models
from django.db.models.functions import Cast, Right


class Migration(migrations.Migration):
    dependencies = [("merchants", "0012_webhooks")]

    operations = [
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(Right(Cast("id", output_field=models.TextField()), 8), name="charges_by_typed_code"),
        ),
    ]
