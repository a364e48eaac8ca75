"""Numbers for scarce places, drawn so that nobody waits for anybody; and what became of those that were never written.

PostgreSQL's sequences never give a number twice and never take one back: whoever draws one in a transaction that fails
or is killed leaves a gap. `settle` finds out up to which number nobody can still write; `search` then makes a row of
each place below it that nobody holds, and the queue is given those.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid5

from django.db import connection

from subsidies.models import OPEN_TO_ALL, Enrolment, PassedOver, Queue, Ticket

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

# One statement looks for gaps among so many numbers, in well under a second: twenty seconds of a nation's rush.
MOST_SEARCHED_AT_ONCE: Final = 50_000

# So many people ahead are counted one by one; beyond, numbers are told apart, which counts lost ones too.
MOST_COUNTED: Final = 1_000

# The transaction gets its id before it draws: `settle` tells by it who may still write a number.
DRAW: Final = """
    SELECT pg_current_xact_id();
    INSERT INTO subsidies_ticket (id, scheme_id, pool, number, citizen_id, drawn_at, waits, chosen)
    SELECT %s, %s, %s, number, %s, %s, number > %s, %s
      FROM nextval(%s) AS drawn (number)
     WHERE NOT EXISTS (SELECT 1 FROM subsidies_ticket WHERE citizen_id = %s AND scheme_id = %s)
    RETURNING number, waits
"""

AHEAD: Final = """
    SELECT CASE WHEN count(*) < %(most)s THEN count(*)
                ELSE %(number)s - (SELECT min(number) FROM subsidies_ticket
                                    WHERE scheme_id = %(scheme)s AND pool = %(pool)s AND waits) END
      FROM (SELECT 1 FROM subsidies_ticket
             WHERE scheme_id = %(scheme)s AND pool = %(pool)s AND waits AND number < %(number)s
             ORDER BY number DESC LIMIT %(most)s) near
"""

# A mark says: these numbers were drawn by transactions older than mine. It is ripe once all older ones are over; then
# it is settled, and the next is made. `pg_snapshot_xmin` is the oldest transaction that still writes, anywhere. While
# another worker gives places of this queue, nobody waits for its row: that one takes it again and again, and whoever
# waited on a busy machine would be passed each time until their patience ends.
SETTLE: Final = """
    UPDATE subsidies_queue
       SET settled = drawn, drawn = greatest(drawn, %s), drawn_before = pg_current_xact_id()::text::bigint
     WHERE id = (SELECT id FROM subsidies_queue WHERE id = %s FOR UPDATE SKIP LOCKED)
       AND drawn_before <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint
       AND (settled < drawn OR drawn < %s)
"""

# Of two workers who search the same numbers at once, the second leaves them to the first.
SEARCH: Final = """
    WITH searched AS (
        UPDATE subsidies_queue SET searched = %(last)s
         WHERE id = (SELECT id FROM subsidies_queue WHERE id = %(queue)s FOR UPDATE SKIP LOCKED)
           AND searched = %(first)s - 1 RETURNING 1
    )
    INSERT INTO subsidies_freeplace (scheme_id, pool, place)
    SELECT %(scheme)s, %(pool)s, place FROM searched, generate_series(%(first)s, %(last)s) place
     WHERE NOT EXISTS (SELECT 1 FROM subsidies_enrolment held
                        WHERE held.scheme_id = %(scheme)s AND held.pool = %(pool)s AND held.place = place.place)
        ON CONFLICT DO NOTHING
"""


def begin(*, scheme_id: UUID, pools: Iterable[str]) -> None:
    """Make a sequence and a queue for each pool of a scheme that has none yet, and for the places open to all."""
    for pool in (OPEN_TO_ALL, *pools):
        Queue.objects.get_or_create(scheme_id=scheme_id, pool=pool)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {sequence(scheme_id, pool)}")


def sequence(scheme_id: UUID, pool: str) -> str:
    """Return the name of the sequence from which a pool's numbers are drawn."""
    # PostgreSQL cuts names at 63 characters, and the code of a pool alone may have 40.
    return f"tickets.places_{(uuid5(scheme_id, pool) if pool else scheme_id).hex}"


def draw(
    *,
    ticket_id: UUID,
    scheme_id: UUID,
    pool: str,
    places: int,
    citizen_id: UUID,
    at: dt.datetime,
    chosen: Mapping[str, str] = NOTHING,
) -> Ticket | None:
    """Draw the citizen's number, under their lock; None, and no number, when they have one in this scheme already.

    :param places: above this number the ticket waits.
    :param chosen: kept with it, for when their turn comes.
    """
    ticket = Ticket(
        id=ticket_id, scheme_id=scheme_id, pool=pool, citizen_id=citizen_id, drawn_at=at, chosen=dict(chosen)
    )
    numbers = sequence(scheme_id, pool)
    with connection.cursor() as cursor:
        kept = json.dumps(ticket.chosen)
        cursor.execute(DRAW, (ticket_id, scheme_id, pool, citizen_id, at, places, kept, numbers, citizen_id, scheme_id))
        row = cursor.fetchone()
    if row is None:
        return None
    ticket.number, ticket.waits = row
    return ticket


def stand_again(*, citizen_id: UUID, scheme_id: UUID) -> Ticket | None:
    """Put somebody who was passed over back into the queue, with their number; None when they never were.

    Under their lock, and once they are eligible again: a list was put right, or an appeal granted.
    """
    ticket = Ticket.objects.filter(citizen_id=citizen_id, scheme_id=scheme_id, waits=False).first()
    if ticket is None or not PassedOver.objects.filter(ticket_id=ticket.id).exists():
        return None
    if Enrolment.objects.filter(citizen_id=citizen_id, scheme_id=scheme_id).exists():
        return None
    ticket.waits = True
    ticket.save(update_fields=["waits"])
    return ticket


def ahead(ticket: Ticket) -> int:
    """Return how many wait before this ticket; far back in a queue, at most so many."""
    with connection.cursor() as cursor:
        cursor.execute(
            AHEAD,
            {"scheme": ticket.scheme_id, "pool": ticket.pool, "number": ticket.number, "most": MOST_COUNTED},
        )
        (count,) = cursor.fetchone()
    return int(count)


def highest(*, scheme_id: UUID, pool: str) -> int:
    """Return the highest number that was drawn, by whomever and whatever became of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(pg_sequence_last_value(%s::regclass), 0)", [sequence(scheme_id, pool)])
        (last,) = cursor.fetchone()
    return int(last)


def settle(queue: Queue) -> None:
    """Find out up to which number nobody can still write. Takes two runs: one marks, a later one judges.

    Be in no transaction: the mark's own must be younger than all that drew a number that it names.
    """
    drawn = highest(scheme_id=queue.scheme_id, pool=queue.pool)
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [drawn, queue.id, drawn])


def search(queue: Queue, *, places: int) -> int:
    """Make a FreePlace of each settled place that nobody holds, as far as one statement may; return up to where.

    :param places: how many the pool has now. A new version may have more than the one before.
    """
    queue.refresh_from_db()
    first = queue.searched + 1
    last = min(queue.settled, places, queue.searched + MOST_SEARCHED_AT_ONCE)
    if last < first:
        return queue.searched
    with connection.cursor() as cursor:
        cursor.execute(
            SEARCH,
            {"queue": queue.id, "scheme": queue.scheme_id, "pool": queue.pool, "first": first, "last": last},
        )
    return last
