"""What a person chose when they asked for a place waits with their number, for when their turn comes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep choices with tickets."""

    dependencies = (("subsidies", "0011_coming_over"),)

    operations = (
        migrations.AddField(
            model_name="ticket",
            name="chosen",
            field=models.JSONField(default=dict, help_text="what they chose when they asked, such as a province"),
        ),
    )
