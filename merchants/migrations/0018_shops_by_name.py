"""The finance office finds a shop by how its name begins, in either script.

In SQL: `text_pattern_ops` lets an index serve LIKE whatever the database's collation is, and Django knows that word only
with an app of its own, which would ask each new connection for types that we do not have.
"""

from django.db import migrations

BY_NAME = "CREATE INDEX {name} ON merchants_merchant (upper({column}) text_pattern_ops)"


def index(name, column):
    """Return the act that adds an index by how a column begins."""
    return migrations.RunSQL(BY_NAME.format(name=name, column=column), f"DROP INDEX {name}")


class Migration(migrations.Migration):
    """Find shops by name."""

    dependencies = (("merchants", "0017_bank_accounts_take_two_officers"),)

    operations = (index("shops_by_name", "name"), index("shops_by_latin_name", "name_en"))
