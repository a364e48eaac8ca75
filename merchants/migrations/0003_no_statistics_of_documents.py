"""No statistics are made of documents that nobody searches.

Whoever searches a payment or a charge does so by an id, a merchant or a time. Sampling its documents took four fifths of
each ANALYZE, about half a second of one core: on a small machine, a minute's longest wait for those who pay just then.
"""

from django.db import migrations

DOCUMENTS = {
    "merchants_payment": ("shares", "reasons", "terms_digest"),
    "merchants_charge": ("lines", "facts", "note"),
}


def _statistics(target: str) -> list[str]:
    return [
        f"ALTER TABLE {table} {', '.join(f'ALTER COLUMN {column} SET STATISTICS {target}' for column in columns)}"
        for table, columns in DOCUMENTS.items()
    ]


class Migration(migrations.Migration):
    """Leave documents out of ANALYZE."""

    dependencies = (("merchants", "0002_payments_stay"),)

    operations = tuple(
        migrations.RunSQL(without, with_them)
        for without, with_them in zip(_statistics("0"), _statistics("-1"), strict=True)
    )
