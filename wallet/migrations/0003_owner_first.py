"""Transfers are found by their citizen: the primary key begins with the owner, so the table can be sharded by it."""

from django.db import migrations

OWNER_FIRST = """
    ALTER TABLE wallet_transfer DROP CONSTRAINT wallet_transfer_pkey, ADD PRIMARY KEY (owner_id, id);
    -- A payment updates two balances: leave room on the page, so that no index is touched (HOT).
    ALTER TABLE wallet_balance SET (fillfactor = 70);
"""

BACK = """
    ALTER TABLE wallet_transfer DROP CONSTRAINT wallet_transfer_pkey, ADD PRIMARY KEY (id);
    ALTER TABLE wallet_balance RESET (fillfactor);
"""


class Migration(migrations.Migration):
    """Begin the key of a transfer with its owner."""

    dependencies = (("wallet", "0002_append_only"),)

    operations = (migrations.RunSQL(OWNER_FIRST, BACK),)
