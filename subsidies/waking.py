"""A version or a stop may make things due earlier than was foreseen: from its instant on, rights are looked at anew.

The timetable goes through a scheme's places once for each, and draws `next_due_at` nearer; `subsidies.dues` does the
rest. Nobody is drawn back behind what was already done under the new rules: `looked_at` says until when that is. Where
the rules in force know a first-use deadline, whoever has not used their right yet gets it, also if there was none, or a
later one, when they joined. Why so: docs/decisions/0015.
"""

import datetime as dt
from collections.abc import Iterator
from itertools import takewhile
from typing import Any, Final
from uuid import UUID

from django.db import connection

from subsidies import places, schemes
from subsidies.models import Enrolment, FirstUseDeadline, Waking
from subsidies.rules.calendar import LIFETIME
from wallet import ledger

# A payer waits at most for one batch, from its locks to its commit, and shall not wait 50 ms. A thousand take about
# that long on two old cores; so many take 7 ms.
MOST_AT_ONCE: Final = 200

# Nobody was enrolled before a scheme's first version.
CAUSES: Final = """
    SELECT cause, scheme_id, since FROM (
        SELECT id, scheme_id, effective_at FROM subsidies_schemeversion WHERE number > 1
         UNION ALL
        SELECT id, scheme_id, stopped_at FROM subsidies_stop
    ) changed (cause, scheme_id, since)
     WHERE since <= %(at)s AND NOT EXISTS (SELECT FROM subsidies_waking known WHERE known.cause = changed.cause)
"""

PLACES: Final = """
    SELECT pool, place, id, citizen_id FROM subsidies_enrolment
     WHERE scheme_id = %(scheme)s AND place IS NOT NULL AND (pool, place) > (%(pool)s, %(place)s)
     ORDER BY pool, place LIMIT %(most)s
"""

# Of a right that has ended, or was taken back, nothing is due any more.
WAKE: Final = """
    UPDATE subsidies_enrolment SET next_due_at = %(since)s
     WHERE id = ANY(%(enrolments)s::uuid[]) AND next_due_at > %(since)s AND next_due_at <> %(never)s
       AND coalesce(looked_at, enrolled_at) < %(since)s
"""


def wake(*, at: dt.datetime, most_at_once: int = MOST_AT_ONCE) -> Iterator[int]:
    """Make the rights due whose scheme has a new version or was stopped; yield how many each batch made due.

    Each batch is a durable transaction that says how far it came. May be run late, twice, and by several at once. A
    batch ends before the first citizen whom somebody else holds; where that is its first one, the next run goes on.
    """
    Waking.objects.bulk_create(
        (Waking(cause=cause, scheme_id=scheme, since=since) for cause, scheme, since in _rows(CAUSES, at=at)),
        ignore_conflicts=True,
    )
    for cause in Waking.objects.filter(ended_at=None).order_by("since", "cause").values_list("cause", flat=True):
        while (woken := _wake(cause, at=at, most=most_at_once)) is not None:
            yield woken


def _wake(cause: UUID, *, at: dt.datetime, most: int) -> int | None:
    """Go through the next places; return None when there are none, or somebody else holds the next one."""
    waking = Waking.objects.get(cause=cause)
    # Another worker may have come further by the time this one writes.
    unmoved = Waking.objects.filter(cause=cause, pool=waking.pool, place=waking.place, ended_at=None)
    held = _rows(PLACES, scheme=waking.scheme_id, pool=waking.pool, place=waking.place, most=most)
    if not held:
        unmoved.update(ended_at=at)
        return None
    # Under the citizens' locks, so that nobody is in the middle of being looked at under the rules of before.
    with ledger.posting_for_the_free(citizens=[citizen_id for *_, citizen_id in held]) as (_, citizens):
        free = set(citizens)
        done = list(takewhile(lambda place: place[3] in free, held))
        if not done:
            return None
        pool, number, *_ = done[-1]
        if not unmoved.update(pool=pool, place=number):
            return None
        with connection.cursor() as cursor:
            enrolments = [enrolment_id for _, _, enrolment_id, _ in done]
            cursor.execute(WAKE, {"enrolments": enrolments, "since": waking.since, "never": LIFETIME})
            woken: int = cursor.rowcount
        _draw_deadlines(enrolments, scheme_id=waking.scheme_id, at=at)
        return woken


def _draw_deadlines(enrolments: list[UUID], *, scheme_id: UUID, at: dt.datetime) -> None:
    """Write the first-use deadlines of these places by the rules in force, under their citizens' locks."""
    rules = schemes.compiled(schemes.ids_in_force(scheme_ids=[scheme_id], at=at)[scheme_id])
    if rules.first_use is None:
        return
    # Of a right that has ended, was taken back or was given up, nothing can be lost any more.
    unused = Enrolment.objects.filter(id__in=enrolments, first_used_at=None).exclude(next_due_at=LIFETIME)
    due = ((one, places.first_use_by(one, rules)) for one in unused)
    FirstUseDeadline.objects.bulk_create(
        (
            FirstUseDeadline(enrolment_id=one.id, citizen_id=one.citizen_id, due_at=by)
            for one, by in due
            if by is not None
        ),
        update_conflicts=True,
        unique_fields=["enrolment_id"],
        update_fields=["due_at"],
    )


def _rows(sql: str, **asked: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(cursor.fetchall())
