"""What was recorded lately is found without reading a whole day: the figures of the open day are counted as it goes.

A BRIN index, as for days: some pages for a nation's year, and next to nothing for whoever writes a transfer.
"""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    """Find transfers by when they were recorded."""

    dependencies = (("wallet", "0007_holds_and_refunds"),)

    operations = (
        migrations.AddIndex(
            model_name="transfer",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["recorded_at"], name="transfer_by_minute", pages_per_range=32
            ),
        ),
    )
