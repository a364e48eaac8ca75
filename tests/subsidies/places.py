"""A programme of a few places, and everybody's turn in its queue, for the tests of places."""

import datetime as dt
import time
from contextlib import suppress

from subsidies import enrolment, queues, tickets
from subsidies.enrolment import Joined
from subsidies.models import Queue, Scheme
from tests.cast import NOON, Citizen
from tests.properties.stalls import SMALL_HALF
from wallet import ledger
from wallet.ids import uuid7

CODE = "small-half"

# Another test's transaction on the same server may have to end first.
PATIENCE_SECONDS = 120

SENIORS = """
[[quota.pools]]
code = "seniors"
places = {places}
when = [{{ fact = "person.age", at_least = 60 }}]
"""


LATER_TOO = """
[[grants]]
code = "later"
amount_satang = 100_00
pays_at = 2025-11-05T06:00:00+07:00
"""


def small_half(quota: str = "places = 2", *, more: str = "", first_use: str = "by = 2025-11-08T23:00:00+07:00") -> str:
    """Return the document of a programme of 500 baht each: its quota, further sections, and its first-use deadline."""
    document = SMALL_HALF.replace("places = 2\n", f"{quota}\n").replace("by = 2025-11-08T23:00:00+07:00", first_use)
    assumed = (
        "[examples_assume]\nenrolled_at = 2025-10-29T12:00:00+07:00\nfirst_used_at = 2025-10-30T12:00:00+07:00\n\n"
    )
    return document.replace("[[grants]]", f"{more}\n[[grants]]", 1).replace("[[examples]]", f"{assumed}[[examples]]", 1)


def next_version(document: str, *, effective_at: str = "2025-11-02T06:00:00+07:00") -> str:
    """Return the document as its version 2, in force from then on."""
    return document.replace("version = 1\n", "version = 2\n", 1).replace(
        "effective_at = 2025-10-20T06:00:00+07:00", f"effective_at = {effective_at}", 1
    )


def ask(someone: Citizen, *, at: dt.datetime = NOON, key: str = "enrol", code: str = CODE) -> Joined:
    """Let a citizen ask for a place."""
    return enrolment.enrol(citizen_id=someone.id, code=code, key=key, at=at)


def give(*, at: dt.datetime = NOON) -> int:
    """Run the timetable's task until it knows of every number that was drawn; return how many places it gave."""
    given, until = 0, time.monotonic() + PATIENCE_SECONDS
    while True:
        known = all(_is_settled(queue) for queue in Queue.objects.all())
        given += queues.give_free_places(at=at).places
        if known:
            return given
        assert time.monotonic() < until, "somebody still writes"
        time.sleep(0.01)


class Killed(Exception):  # noqa: N818  it is what happened
    """The process ended in the middle of its transaction."""


def lose_a_number(someone: Citizen, scheme: Scheme, *, pool: str = "") -> int:
    """Draw a number in a transaction that fails, as one does whose process is killed; return the number."""
    number = 0
    with suppress(Killed), ledger.posting(citizens=[someone.id]):
        drawn = tickets.draw(
            ticket_id=uuid7(), scheme_id=scheme.id, pool=pool, places=1_000_000, citizen_id=someone.id, at=NOON
        )
        assert drawn is not None
        number = drawn.number
        raise Killed
    return number


def _is_settled(queue: Queue) -> bool:
    return queue.settled == tickets.highest(scheme_id=queue.scheme_id, pool=queue.pool)
