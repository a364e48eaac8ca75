"""An invitation is found by twelve letters as well, which a phone without a camera can type."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the letters' digest; an invitation that was made before is good by its QR alone, for its quarter hour."""

    dependencies = (("merchants", "0018_shops_by_name"),)

    operations = (
        migrations.AddField(
            model_name="invitation",
            name="typed_digest",
            field=models.BinaryField(max_length=32, null=True, help_text="of the letters, for who cannot scan"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(fields=["typed_digest"], name="typed_letters_are_of_one_invitation"),
        ),
    )
