"""Drive `limit.sql` with pgbench: what this machine's PostgreSQL can write at most, with nothing around it."""

import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from bench.names import Named, id_of
from bench.nation import Nation
from config.servers import PostgreSQL

HERE: Final = Path(__file__).parent
CLIENTS: Final = (4, 8, 16)

# The connections share what the machine has; two threads of pgbench are enough to keep them all busy.
THREADS: Final = 2

# More payments than any client makes in one run.
EACH: Final = 100_000_000

# One payment per turn, of a charge that nobody else pays.
SCRIPT: Final = r"""
\set turn :turn + 1
\set charge :first + :client_id * :each + :turn
\set citizen random(1, :citizens)
\set merchant 1 + :charge % :merchants
SELECT bench.pay(:charge, :citizen, :merchant, :scheme, :version, :day)
"""

# The charges that were paid, made afterwards: the function never looks at them, but the books do.
CHARGES: Final = """
    INSERT INTO merchants_charge (id, merchant_id, till_id, amount, channel, lines, facts, merchant_facts, note,
                                  asked_at, expires_at)
    SELECT paid.charge_id, paid.merchant_id, paid.till_id, paid.price, paid.channel, '[]', '{}', stall.facts, '',
           paid.paid_at, paid.paid_at + interval '1 day'
      FROM merchants_payment paid JOIN merchants_merchant stall ON stall.id = paid.merchant_id
     WHERE paid.charge_id BETWEEN %s AND %s
"""


def install(cursor: Any) -> None:
    """Make the function of `limit.sql`."""
    cursor.execute((HERE / "limit.sql").read_text(encoding="utf-8"))


def payments_per_second(nation: Nation, *, seconds: int) -> dict[int, float]:
    """Return the payments per second by number of clients."""
    return {clients: _run(nation, clients, seconds) for clients in CLIENTS}


def _run(nation: Nation, clients: int, seconds: int) -> float:
    numbers = nation.orders.reserve(clients * EACH + 1)
    values = {
        "turn": 0,
        "first": numbers[0],
        "each": EACH,
        "citizens": len(nation.citizens),
        "merchants": len(nation.merchants),
        "scheme": nation.one.scheme_id,
        "version": nation.one.id,
        "day": nation.business_date,
    }
    with tempfile.NamedTemporaryFile("w", suffix=".pgbench") as script:
        script.write(SCRIPT)
        script.flush()
        done = subprocess.run(
            [
                *(program(), "--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--jobs={THREADS}"),
                *(f"--time={seconds}", f"--file={script.name}"),
                *(f"--define={name}={value}" for name, value in values.items()),
                os.environ["DATABASE_URL"],
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if found is None or "number of failed transactions: 0 " not in done.stdout:
        raise RuntimeError(done.stdout + done.stderr)
    nation.cursor.execute(CHARGES, [id_of(Named.CHARGE, numbers[0]), id_of(Named.CHARGE, numbers[-1])])
    return float(found[1])


def program() -> Path:
    """Return pgbench, which comes with the PostgreSQL that is running."""
    return PostgreSQL.find()[0].with_name("pgbench")
