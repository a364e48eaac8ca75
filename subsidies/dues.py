"""The timetable does what has fallen due on rights: fills, empties and ends purses, pays what was earned or set aside.

The queue is the enrolment's own `next_due_at`: whatever happens to a right next, it is found there, in the order of
when it is due. A batch locks its citizens, reads, asks `subsidies.timeline`, writes, and says when each is due again,
in one transaction; so a run that is late, repeated or killed half way comes to the same. The name of a filling is its
key, and the balance of a hold, which cannot fall below nothing, that of what was set aside.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from subsidies import schemes
from subsidies.rules.calendar import LIFETIME
from subsidies.timeline import Aside, Counted, Due, Moved, Right, falls_due, needs_history
from wallet import ledger
from wallet.accounts import NIL, cash, fund, hold, purse
from wallet.ids import uuid7
from wallet.models import TransferKind
from wallet.money import Satang

# A payer waits at most for one batch, from its locks to its commit, and shall not wait 50 ms. So many citizens take
# 11 ms on two old cores with nothing else to do, and 46 ms on the same two with six times as much to do as they can.
MOST_AT_ONCE: Final = 100

WAITING: Final = """
    SELECT coalesce(next_due_at, enrolled_at) AS due_at, id, citizen_id FROM subsidies_enrolment
     WHERE place IS NOT NULL AND coalesce(next_due_at, enrolled_at) <= %(at)s
       AND (coalesce(next_due_at, enrolled_at), id) > (%(after_at)s, %(after_id)s)
     ORDER BY coalesce(next_due_at, enrolled_at), id LIMIT %(most)s
"""

# Who came first may have done it by now, so it is asked again under the locks. What was never looked at under a version
# or a stop is looked at from its instant on, whether `subsidies.waking` has come by or not. The next version is due as
# anything else is, and a stop is heeded from when it is known: a run that began before it may still be going on.
RIGHTS: Final = """
    SELECT place.id, place.citizen_id, place.scheme_id, coalesce(version.id, place.version_id), place.tier,
           place.person::json, place.enrolled_at, least(coalesce(place.next_due_at, place.enrolled_at), changed.since,
                 CASE WHEN stopped.stopped_at > coalesce(place.looked_at, place.enrolled_at)
                      THEN stopped.stopped_at END),
           coalesce(purse.balance, 0), stopped.stopped_at, changed.next_at
      FROM subsidies_enrolment place
      LEFT JOIN LATERAL (SELECT id FROM subsidies_schemeversion
                          WHERE scheme_id = place.scheme_id AND effective_at <= %(at)s
                          ORDER BY effective_at DESC LIMIT 1) version ON true
      LEFT JOIN LATERAL (
             SELECT min(effective_at) FILTER (WHERE effective_at <= %(at)s) AS since,
                    min(effective_at) FILTER (WHERE effective_at > %(at)s) AS next_at
               FROM subsidies_schemeversion
              WHERE scheme_id = place.scheme_id AND effective_at > coalesce(place.looked_at, place.enrolled_at)
           ) changed ON true
      LEFT JOIN subsidies_stop stopped ON stopped.scheme_id = place.scheme_id AND stopped.stopped_at IS NOT NULL
      LEFT JOIN wallet_balance purse
             ON purse.owner_id = place.citizen_id AND purse.kind = 2 AND purse.account_id = place.id
     WHERE place.id = ANY(%(enrolments)s::uuid[]) AND place.citizen_id = ANY(%(citizens)s::uuid[])
       AND place.place IS NOT NULL AND coalesce(place.next_due_at, place.enrolled_at) <= %(at)s
"""

# What moved before the right fell due is one row, under the beginning of time; later movements are told by instant.
MOVED: Final = """
    SELECT place.id, CASE WHEN occurred_at >= place.due_at THEN occurred_at ELSE 'epoch'::timestamptz END,
           sum(CASE to_kind WHEN 2 THEN amount ELSE -amount END)::bigint AS amount,
           sum(CASE WHEN to_kind = 4 OR kind = 'hold' THEN amount
                    WHEN from_kind = 4 OR kind = 'release' THEN -amount ELSE 0 END)::bigint AS spent,
           sum(CASE WHEN from_kind IN (1, 5) THEN amount ELSE 0 END)::bigint AS put_in
      FROM unnest(%(enrolments)s::uuid[], %(citizens)s::uuid[], %(due_at)s::timestamptz[])
           AS place (id, citizen_id, due_at)
      JOIN wallet_transfer moved ON moved.owner_id = place.citizen_id
       AND (moved.to_kind = 2 AND moved.to_id = place.id OR moved.from_kind = 2 AND moved.from_id = place.id)
     GROUP BY 1, 2 ORDER BY 2
"""
USED: Final = """
    SELECT enrolment_id, cap, ends_at, used FROM subsidies_capuse
     WHERE citizen_id = ANY(%(citizens)s::uuid[]) AND enrolment_id = ANY(%(enrolments)s::uuid[])
       AND ends_at >= (SELECT min(due_at) FROM unnest(%(due_at)s::timestamptz[]) AS place (due_at))
"""
FILLED: Final = """
    SELECT enrolment_id, kind, code, amount FROM subsidies_filling
     WHERE citizen_id = ANY(%(citizens)s::uuid[]) AND enrolment_id = ANY(%(enrolments)s::uuid[])
"""
BOUGHT: Final = """
    SELECT enrolment_id, sum(own)::bigint FROM subsidies_buyin
     WHERE citizen_id = ANY(%(citizens)s::uuid[]) AND enrolment_id = ANY(%(enrolments)s::uuid[]) GROUP BY 1
"""
PENDING: Final = """
    SELECT waits.enrolment_id, waits.id, waits.pays_at, waits.ends_at, waits.counted, coalesce(held.balance, 0)
      FROM subsidies_pending waits
      LEFT JOIN wallet_balance held ON held.owner_id = waits.citizen_id AND held.kind = 3 AND held.account_id = waits.id
     WHERE waits.citizen_id = ANY(%(citizens)s::uuid[]) AND waits.enrolment_id = ANY(%(enrolments)s::uuid[])
"""

WRITE_FILLINGS: Final = """
    INSERT INTO subsidies_filling (citizen_id, enrolment_id, kind, code, id, amount, due_at, filled_at, business_date)
    SELECT citizen_id, enrolment_id, kind, code, id, amount, due_at, %s, %s
      FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::bigint[], %s::timestamptz[])
           AS filling (citizen_id, enrolment_id, kind, code, id, amount, due_at)
"""
DUE_NEXT: Final = """
    UPDATE subsidies_enrolment place SET next_due_at = done.next_due_at, looked_at = %s
      FROM unnest(%s::uuid[], %s::timestamptz[]) AS done (id, next_due_at) WHERE place.id = done.id
"""


class _Place(NamedTuple):
    """One row of RIGHTS, in the order of its columns."""

    id: UUID
    citizen_id: UUID
    scheme_id: UUID
    version_id: UUID
    tier: str
    person: dict[str, Any]
    enrolled_at: dt.datetime
    due_at: dt.datetime
    left: Satang
    stopped_at: dt.datetime | None
    next_version_at: dt.datetime | None


def do(*, at: dt.datetime, most_at_once: int = MOST_AT_ONCE) -> Iterator[int]:
    """Do all that has fallen due by this instant, batch by batch; yield how many rights each batch was for.

    Each batch is a durable transaction. Rights of citizens who pay at this moment are passed over: they are still due.
    """
    after: tuple[dt.datetime, UUID] = (dt.datetime.min.replace(tzinfo=dt.UTC), NIL)
    while True:
        waiting = _rows(WAITING, at=at, after_at=after[0], after_id=after[1], most=most_at_once)
        if not waiting:
            return
        after = waiting[-1][:2]
        yield _do([enrolment for _, enrolment, _ in waiting], [citizen for _, _, citizen in waiting], at=at)


def _do(enrolments: list[UUID], citizens: list[UUID], *, at: dt.datetime) -> int:
    with ledger.posting_for_the_free(citizens=citizens) as (business_date, free):
        places = [_Place._make(row) for row in _rows(RIGHTS, enrolments=enrolments, citizens=free, at=at)]
        done = [(place, *falls_due(right, until=at)) for place, right in zip(places, _rights(places), strict=True)]
        if not done:
            return 0
        fillings: list[tuple[Any, ...]] = []
        moves: list[ledger.Move] = []
        for place, dues, _ in done:
            for due in dues:
                cause = place.id
                if due.code:
                    cause = uuid7()
                    fillings.append((place.citizen_id, place.id, due.kind.value, due.code, cause, due.amount, due.at))
                moves.append(_move(place, due, cause))
        with connection.cursor() as cursor:
            if fillings:
                columns = (list(column) for column in zip(*fillings, strict=True))
                cursor.execute(WRITE_FILLINGS, [at, business_date, *columns])
            due_next = [_next(place, next_at) for place, _, next_at in done]
            cursor.execute(DUE_NEXT, [at, [place.id for place, _, _ in done], due_next])
        if moves:
            ledger.post(moves=moves, business_date=business_date, at=at)
        return len(done)


def _next(place: _Place, next_at: dt.datetime) -> dt.datetime:
    """Return when a right is looked at again: by the next version, if nothing is due before; never once it is over."""
    if place.next_version_at is None or next_at == LIFETIME:
        return next_at
    return min(next_at, place.next_version_at)


def _rights(places: Sequence[_Place]) -> Iterator[Right]:
    """Yield each place with what its scheme has a use for: most need nothing but the balance of their purse."""
    rules = {place.id: schemes.compiled(place.version_id) for place in places}
    with_history = [place for place in places if needs_history(rules[place.id])]
    with_pending = [place for place in places if rules[place.id].pays_back or rules[place.id].earning]
    moved: dict[UUID, list[Moved]] = defaultdict(list)
    used: dict[UUID, dict[tuple[str, dt.datetime], int]] = defaultdict(dict)
    filled: dict[UUID, set[str]] = defaultdict(set)
    earned: dict[UUID, Satang] = defaultdict(int)
    counted: dict[UUID, list[Counted]] = defaultdict(list)
    aside: dict[UUID, list[Aside]] = defaultdict(list)
    own: dict[UUID, Satang] = dict(_of(BOUGHT, with_history))
    for place_id, *row in _of(MOVED, with_history):
        moved[place_id].append(Moved._make(row))
    for place_id, cap, ends_at, amount in _of(USED, with_history):
        used[place_id][cap, ends_at] = amount
    for place_id, kind, code, amount in _of(FILLED, [*with_history, *with_pending]):
        if kind == TransferKind.GRANT:
            filled[place_id].add(code)
        else:
            earned[place_id] += amount
    for place_id, pending_id, pays_at, ends_at, amount, held in _of(PENDING, with_pending):
        if ends_at is None:
            aside[place_id].append(Aside(pending_id, pays_at, held))
        else:
            counted[place_id].append(Counted(pays_at, ends_at, amount))
    for place in places:
        yield Right(
            scheme=rules[place.id],
            tier=place.tier,
            person=place.person,
            enrolled_at=place.enrolled_at,
            due_at=place.due_at,
            left=place.left,
            moved=moved[place.id],
            used=used[place.id],
            filled=frozenset(filled[place.id]),
            earned=earned[place.id],
            counted=counted[place.id],
            aside=aside[place.id],
            own=own.get(place.id, 0),
            stopped_at=place.stopped_at,
        )


def _move(place: _Place, due: Due, cause: UUID) -> ledger.Move:
    """Return the transfer that does what is due."""
    own = cash(place.citizen_id) if due.to_cash else None
    match due.kind:
        case TransferKind.GRANT | TransferKind.EARNED:
            source, target = fund(place.scheme_id), own or purse(place.id)
        case TransferKind.PAID_BACK:
            source, target = hold(due.hold_id or NIL), cash(place.citizen_id)
        case _:
            source, target = purse(place.id), own or fund(place.scheme_id)
    return ledger.Move(
        source=source,
        target=target,
        amount=due.amount,
        kind=due.kind,
        cause=cause,
        owner_id=place.citizen_id,
        scheme_id=place.scheme_id,
    )


def _of(sql: str, places: Sequence[_Place]) -> list[tuple[Any, ...]]:
    if not places:
        return []
    return _rows(
        sql,
        citizens=[place.citizen_id for place in places],
        enrolments=[place.id for place in places],
        due_at=[place.due_at for place in places],
    )


def _rows(sql: str, **asked: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(cursor.fetchall())
