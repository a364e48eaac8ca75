"""Other Django ledgers post the same payment: own money and a purse pay one stall, in one commit to disk.

Each is used in the way that its own documents show, in a process, a database and Django settings of its own, on the
server that everything else is measured on: `python -m bench.peers.hordak ADDRESS PAYMENTS` prints seconds a payment.
They check no PIN, no key, no charge and no rule; what they show is what the bookkeeping alone costs elsewhere.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import django
from django.conf import settings
from django.core.management import call_command
from psycopg2.extensions import parse_dsn

PEERS: Final = ("hordak", "dj_wallet", "django_ledger")
CITIZENS: Final = 200
STALLS: Final = 20

# What is not measured: connecting, first imports, plans.
WARM_UP: Final = 50

COMMON: Final = ["django.contrib.contenttypes", "django.contrib.auth"]


def set_up(address: str, *apps: str, **more: Any) -> None:
    """Have a Django with these apps and their tables in the database at `address`."""
    parts = parse_dsn(address)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts["dbname"],
        "USER": parts["user"],
        "PASSWORD": parts["password"],
        "HOST": parts["host"],
        "CONN_MAX_AGE": None,
    }
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=[*COMMON, *apps],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        **more,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def seconds_a_payment(post: Callable[[int, int], object], *, payments: int) -> float:
    """Return the mean time of `post(citizen, stall)`, over citizens and stalls by turns."""
    turns = _turns()
    for citizen, stall in itertools.islice(turns, WARM_UP):
        post(citizen, stall)
    begun = time.perf_counter()
    for citizen, stall in itertools.islice(turns, payments):
        post(citizen, stall)
    return (time.perf_counter() - begun) / payments


def _turns() -> Iterator[tuple[int, int]]:
    for number in itertools.count():
        yield number % CITIZENS, number % STALLS
