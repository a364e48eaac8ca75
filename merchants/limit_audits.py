"""The audit of per-person limits: every person, every cap, every period, summed anew from what was paid.

The counters that payments are decided by are not trusted: they are compared with the sums. What the State paid is read
from transfers and put into the period that the rules give for its instant; what else a cap counts (payments, pieces,
spend) is what each payment says that it used. A person who has passed a limit, or whose counter is wrong, is written
down and frozen: rights only, never their own money.

People are read by ranges of their ids, a few hundred at a time, each range in one snapshot, so that nobody who pays
meanwhile is seen half; the memory does not grow with the nation and the time grows in proportion to the payments.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from subsidies import freezing, schemes
from subsidies.earning import EARNED
from subsidies.freezing import AlreadyFrozen
from subsidies.models import LimitAudit, LimitBreach, SchemeVersion
from subsidies.rules.calendar import LIFETIME
from subsidies.rules.caps import Cap, FactMissing
from subsidies.rules.conditions import Facts
from wallet.audit import Actor
from wallet.clock import BANGKOK, today
from wallet.ids import uuid7

AUDITOR: Final = Actor("timetable", "merchants.audit_limits")

# A season of somebody's payments is some hundred rows; so many people's are some megabytes.
PEOPLE_AT_ONCE: Final = 500

SNAPSHOT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
UP_TO: Final = """
    SELECT count(*), (array_agg(id ORDER BY id))[count(*)]
      FROM (SELECT id FROM wallet_citizen WHERE id > %s ORDER BY id LIMIT %s) next
"""
PLACES: Final = """
    SELECT id, citizen_id, tier, person::json FROM subsidies_enrolment
     WHERE citizen_id > %(after)s AND citizen_id <= %(up_to)s
"""
# Ids are made under the citizen's lock, so that one citizen's payments are in the order in which they were decided.
# What was captured of a hold was counted when it was held; what was given back says what came back of each cap.
SOLD: Final = """
    SELECT sale.id, sale.at, sale.shares::json, sale.is_back,
           CASE WHEN %(with_facts)s THEN (SELECT facts::json FROM merchants_charge WHERE id = sale.charge_id) END
      FROM (
        SELECT owner_id, id, paid_at AS at, shares, charge_id, false AS is_back FROM merchants_payment
         WHERE hold_id IS NULL
         UNION ALL SELECT owner_id, id, held_at, shares, charge_id, false FROM merchants_hold
         UNION ALL SELECT owner_id, id, refunded_at, shares, NULL, true FROM merchants_refund
         UNION ALL SELECT owner_id, id, released_at, shares, NULL, true FROM merchants_release
      ) sale
     WHERE sale.owner_id > %(after)s AND sale.owner_id <= %(up_to)s ORDER BY sale.owner_id, sale.id
"""
# What the State paid of each: to the shop, or into a hold, of an order or from which the citizen is paid back.
STATE: Final = """
    SELECT cause, from_id, sum(amount)::bigint FROM wallet_transfer
     WHERE owner_id > %(after)s AND owner_id <= %(up_to)s AND from_kind = 2 AND kind IN ('payment', 'hold', 'set_aside')
     GROUP BY owner_id, cause, from_id
"""
COUNTERS: Final = """
    SELECT enrolment_id, cap, ends_at, used FROM subsidies_capuse
     WHERE citizen_id > %(after)s AND citizen_id <= %(up_to)s
"""


class Breach(NamedTuple):
    """A limit that somebody has passed (`most`), or a counter (`stored`) that is not what they used."""

    citizen_id: UUID
    enrolment_id: UUID
    cap: str
    ends_at: dt.datetime
    used: int
    most: int | None
    stored: int


class Audited(NamedTuple):
    """What one range of people came to."""

    people: int
    payments: int
    breaches: list[Breach]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one version of a scheme limits.

    :ivar by_rule: caps on the State's money that hold for every sale: what counts, and when, needs no payment's word.
    :ivar limits: what limits each counter: a cap, or a number.
    :ivar need_facts: whether a limit is multiplied by a fact of the sale.
    """

    by_rule: dict[str, Cap]
    limits: dict[str, Cap | int]
    need_facts: bool


@dataclass
class _Place:
    """One enrolment while its payments are summed."""

    citizen_id: UUID
    tier: str
    person: Mapping[str, Any]
    used: dict[tuple[str, dt.datetime], int] = field(default_factory=lambda: defaultdict(int))
    passed: dict[tuple[str, dt.datetime], int] = field(default_factory=dict)


def audit(*, at: dt.datetime, people_at_once: int = PEOPLE_AT_ONCE) -> Iterator[Audited]:
    """Audit everybody, range by range; yield what each range came to, after its breaches were written and frozen.

    It goes on with the audit that is under way, or begins one. Killed, it goes on where it stopped: a breach is
    written once, and whom an officer has let go on is not frozen for the same breach again.
    """
    under_way, _ = LimitAudit.objects.get_or_create(ended_at=None, defaults={"id": uuid7(), "begun_at": at})
    while True:
        found, reached = _range(under_way.reached, people_at_once)
        for breach in found.breaches:
            _report(breach, at=at)
        ours = LimitAudit.objects.filter(id=under_way.id, reached=under_way.reached, ended_at=None)
        if not found.people:
            ours.update(ended_at=at)
            return
        moved_on = ours.update(
            reached=reached,
            people=F("people") + found.people,
            payments=F("payments") + found.payments,
            breaches=F("breaches") + len(found.breaches),
        )
        if not moved_on:
            return  # another process audits these people; it will come to the others too
        under_way.reached = reached
        yield found


def is_due(*, at: dt.datetime) -> bool:
    """Return whether an audit is under way, or none was begun since midnight in Bangkok."""
    midnight = dt.datetime.combine(today(at), dt.time.min, tzinfo=BANGKOK)
    return not LimitAudit.objects.filter(begun_at__gte=midnight, ended_at__isnull=False).exists()


def _range(after: UUID, at_most: int) -> tuple[Audited, UUID]:
    """Audit the next people in one snapshot; return what came of it, and the last of them."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(SNAPSHOT)
        ((people, up_to),) = _rows(UP_TO, [after, at_most])
        if not people:
            return Audited(0, 0, []), after
        theirs: dict[str, Any] = {"after": after, "up_to": up_to}
        places = {
            place_id: _Place(citizen_id, tier, person) for place_id, citizen_id, tier, person in _rows(PLACES, theirs)
        }
        state = {(cause, place_id): amount for cause, place_id, amount in _rows(STATE, theirs)}
        with_facts = any(_rules(id_).need_facts for id_ in SchemeVersion.objects.values_list("id", flat=True))
        payments = 0
        for sale_id, sold_at, shares, is_back, facts in _rows(SOLD, theirs | {"with_facts": with_facts}):
            payments += not is_back
            for share in shares:
                place_id = UUID(share["enrolment"])
                if is_back:
                    _take(places[place_id], share)
                else:
                    _add(places[place_id], share, state.get((sale_id, place_id), 0), sold_at, facts or {})
        counters: dict[UUID, dict[tuple[str, dt.datetime], int]] = defaultdict(dict)
        for place_id, cap, ends_at, used in _rows(COUNTERS, theirs):
            counters[place_id][cap, ends_at] = used
    breaches = [one for place_id, place in places.items() for one in _breaches(place_id, place, counters[place_id])]
    return Audited(people, payments, breaches), up_to


def _add(place: _Place, share: Mapping[str, Any], paid: int, paid_at: dt.datetime, facts: Mapping[str, Any]) -> None:
    """Count one share, and look whether it passed a limit."""
    rules = _rules(UUID(share["version"]))  # a payment is held to the limits of its own version
    by_rule, limits = rules.by_rule, rules.limits
    uses = [
        (use["cap"], dt.datetime.fromisoformat(use["ends_at"]), use["amount"])
        for use in share["uses"]
        if use["cap"] not in by_rule
    ]
    if paid:
        uses += [(code, ends_at, paid) for code, cap in by_rule.items() if (ends_at := cap.ends_at(paid_at))]
    known = Facts(paid_at, place.tier, place.person, sale=facts)
    for code, ends_at, amount in uses:
        place.used[code, ends_at] += amount
        most = _most(limits.get(code), known)
        if most is not None and place.used[code, ends_at] > most:
            place.passed[code, ends_at] = most


def _take(place: _Place, share: Mapping[str, Any]) -> None:
    """Take back what came back of the caps."""
    for use in share["uses"]:
        place.used[use["cap"], dt.datetime.fromisoformat(use["ends_at"])] -= use["amount"]


def _breaches(place_id: UUID, place: _Place, counters: Mapping[tuple[str, dt.datetime], int]) -> Iterator[Breach]:
    for cap, ends_at in sorted(place.used.keys() | counters.keys()):
        used, stored = place.used.get((cap, ends_at), 0), counters.get((cap, ends_at), 0)
        most = place.passed.get((cap, ends_at))
        if most is not None or used != stored:
            yield Breach(place.citizen_id, place_id, cap, ends_at, used, most, stored)


@lru_cache(maxsize=512)
def _rules(version_id: UUID) -> _Rules:
    scheme = schemes.compiled(version_id)
    caps = (*scheme.caps.state, *scheme.caps.counted)
    limits: dict[str, Cap | int] = {cap.code: cap for cap in caps}
    if scheme.earning is not None:  # what it counts is limited where it is paid, but for what each sale earns
        limits |= {cap.code: cap for cap in scheme.earning.caps}
        if scheme.earning.period is None:
            limits[EARNED] = scheme.earning.at_most
    if scheme.notes is not None:
        limits |= {note.code: note.count for note in scheme.notes.notes}
    return _Rules(
        by_rule={cap.code: cap for cap in scheme.caps.state if cap.applies is None and cap.period is not None},
        limits=limits,
        need_facts=any(cap.times is not None and cap.times[0] == "sale" for cap in caps),
    )


def _most(limit: Cap | int | None, facts: Facts) -> int | None:
    if limit is None or isinstance(limit, int):
        return limit
    try:
        return limit.limit_at(facts)
    except FactMissing:
        return 0  # nothing could have been paid without it


def _report(breach: Breach, *, at: dt.datetime) -> None:
    """Write a breach down and freeze the citizen's rights, unless both were done before."""
    known = LimitBreach.objects.filter(
        citizen_id=breach.citizen_id, enrolment_id=breach.enrolment_id, cap=breach.cap, ends_at=breach.ends_at
    )
    if known.exists():
        return
    what = f"{breach.cap} until {'the end' if breach.ends_at == LIFETIME else breach.ends_at.isoformat()}"
    with suppress(AlreadyFrozen):  # by an earlier breach, or by an officer
        freezing.freeze(citizen_id=breach.citizen_id, reason=f"limit audit: {what}", actor=AUDITOR, at=at)
    # Written last: killed in between, the next audit finds no row and does both again.
    LimitBreach.objects.bulk_create([LimitBreach(id=uuid7(), found_at=at, **breach._asdict())], ignore_conflicts=True)


def _rows(sql: str, asked: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(cursor.fetchall())
