"""Where the State enrols people by list, the timetable finds those who are on it and have a wallet: it calls them.

A roll call reads all citizens once, a piece at a time, and begins anew when a list or a version is newer. Whoever opens
a wallet later leaves a row (`NewWallet`) and is looked for on the lists of every roll call; so nobody is read again and
again, and nobody slips between the two. Why so: docs/decisions/0022.
"""

import datetime as dt
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from subsidies import schemes
from subsidies.models import Called, ListApproval, RollCall, SchemeVersion
from wallet.accounts import NIL

# One statement looks for so many citizens, in some tenths of a second, and locks none of them.
MOST_LOOKED_FOR_AT_ONCE: Final = 10_000
# What one run does of one roll call, and of new wallets; the next run goes on.
MOST_PIECES_AT_ONCE: Final = 50

# An officer sees how many wait to be enrolled up to here, and beyond it that there are more.
MOST_COUNTED: Final = 10_000

# Whoever has a place, or had one and lost it, or has a number in the queue, is not called.
ON_THE_LISTS: Final = """
        EXISTS (SELECT FROM subsidies_listmember member
                 WHERE member.person_index = person.national_id_index AND member.list_id = ANY({lists}))
    AND NOT EXISTS (SELECT FROM subsidies_enrolment held
                     WHERE held.citizen_id = person.citizen_id AND held.scheme_id = {scheme})
    AND NOT EXISTS (SELECT FROM subsidies_ticket ticket
                     WHERE ticket.citizen_id = person.citizen_id AND ticket.scheme_id = {scheme} AND ticket.waits)
"""

LOOK: Final = f"""
    WITH piece AS MATERIALIZED (
        SELECT citizen_id, national_id_index FROM wallet_person
         WHERE citizen_id > %(after)s ORDER BY citizen_id LIMIT %(most)s
    ), called AS (
        INSERT INTO subsidies_called (scheme_id, citizen_id)
        SELECT %(scheme)s, person.citizen_id FROM piece person
         WHERE {ON_THE_LISTS.format(lists="%(lists)s::uuid[]", scheme="%(scheme)s")}
            ON CONFLICT DO NOTHING
    )
    SELECT citizen_id FROM piece ORDER BY citizen_id
"""  # noqa: S608  a constant of ours

# The roll calls are read by the same snapshot that sees the new wallet. One that is not seen here began, or begins,
# after that wallet was written, and reads it with all the others.
LOOK_FOR_THE_NEW: Final = f"""
    WITH piece AS MATERIALIZED (
        SELECT citizen_id FROM subsidies_newwallet ORDER BY citizen_id LIMIT %(most)s FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM subsidies_newwallet WHERE citizen_id IN (SELECT citizen_id FROM piece)
    ), called AS (
        INSERT INTO subsidies_called (scheme_id, citizen_id)
        SELECT roll.scheme_id, person.citizen_id
          FROM piece JOIN wallet_person person USING (citizen_id) CROSS JOIN subsidies_rollcall roll
         WHERE {ON_THE_LISTS.format(lists="roll.lists", scheme="roll.scheme_id")}
            ON CONFLICT DO NOTHING
    )
    SELECT citizen_id FROM piece
"""  # noqa: S608  a constant of ours


class Progress(NamedTuple):
    """How far a roll call is.

    :ivar ended_at: when all who had a wallet then had been looked for.
    :ivar called: how many were found and wait to be enrolled; `MOST_COUNTED` + 1 stands for more.
    """

    begun: bool
    ended_at: dt.datetime | None
    called: int

    @property
    def many(self) -> bool:
        """Whether there are more than were counted."""
        return self.called > MOST_COUNTED


def go_on(*, at: dt.datetime, most_at_once: int = MOST_LOOKED_FOR_AT_ONCE) -> None:
    """Begin the roll calls that a list or a version makes due, and go on with all; be in no transaction.

    May be run late, twice, and by several at once: each piece is one transaction that says how far it went.
    """
    running = versions(at=at)
    _end_others(running)
    for version in running:
        _begin(version, at=at)
    for _ in range(MOST_PIECES_AT_ONCE):
        if len(_found(LOOK_FOR_THE_NEW, most=most_at_once)) < most_at_once:
            break
    for version in running:
        for _ in range(MOST_PIECES_AT_ONCE):
            if not _look(version.scheme_id, at=at, most=most_at_once):
                break


def versions(*, at: dt.datetime) -> list[SchemeVersion]:
    """Return the versions in force that enrol by list, and whose rights can still be used."""
    in_force = ((version, schemes.compiled(version.id)) for version in schemes.all_in_force(at=at))
    return [version for version, rules in in_force if rules.called_from is not None and at < rules.windows.ends_at]


def progress(*, scheme_id: UUID) -> Progress:
    """Return how far the roll call of a scheme is."""
    roll = RollCall.objects.filter(scheme_id=scheme_id).first()
    called = Called.objects.filter(scheme_id=scheme_id)[: MOST_COUNTED + 1].count()
    return Progress(roll is not None, roll.ended_at if roll else None, called)


def call(*, citizen_id: UUID, version_id: UUID) -> None:
    """Call one citizen again, under their lock: something was decided for them alone. Nothing where people ask."""
    if schemes.compiled(version_id).called_from is not None:
        scheme_id = SchemeVersion.objects.values_list("scheme_id", flat=True).get(id=version_id)
        Called.objects.bulk_create([Called(scheme_id=scheme_id, citizen_id=citizen_id)], ignore_conflicts=True)


def _end_others(running: list[SchemeVersion]) -> None:
    """Forget whom schemes called that are over, or that people ask to join by now."""
    for scheme_id in RollCall.objects.exclude(scheme_id__in=[version.scheme_id for version in running]).values_list(
        "scheme_id", flat=True
    ):
        RollCall.objects.filter(scheme_id=scheme_id).delete()
        Called.objects.filter(scheme_id=scheme_id).delete()


def _begin(version: SchemeVersion, *, at: dt.datetime) -> None:
    code = schemes.compiled(version.id).called_from
    approved = ListApproval.objects.filter(list__code=code, at__lte=at).order_by("list_id")
    lists = list(approved.values_list("list_id", flat=True))
    if not lists or RollCall.objects.filter(scheme_id=version.scheme_id, version_id=version.id, lists=lists).exists():
        return
    with transaction.atomic(durable=True):
        new = {"version_id": version.id, "lists": lists, "looked_until": NIL}
        RollCall.objects.get_or_create(scheme_id=version.scheme_id, defaults=new)
        others = RollCall.objects.exclude(version_id=version.id, lists=lists)
        others.filter(scheme_id=version.scheme_id).update(**new, ended_at=None)


def _look(scheme_id: UUID, *, at: dt.datetime, most: int) -> bool:
    """Look for the next citizens on the lists; return whether there are more, and nobody else is looking."""
    with transaction.atomic(durable=True):
        going_on = RollCall.objects.select_for_update(skip_locked=True).filter(scheme_id=scheme_id, ended_at=None)
        roll = going_on.first()
        if roll is None:
            return False
        found = _found(LOOK, scheme=scheme_id, lists=roll.lists, after=roll.looked_until, most=most)
        if found:
            roll.looked_until = found[-1]
        if len(found) < most:
            roll.ended_at = at
        roll.save(update_fields=["looked_until", "ended_at"])
        return roll.ended_at is None


def _found(sql: str, **asked: Any) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return [citizen_id for (citizen_id,) in cursor.fetchall()]
