"""Free places are given to whoever waits: the lowest place to the first in the queue, a few people at a time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from subsidies import entitlements, funding, places, schemes, stops, tickets
from subsidies.compiled import Scheme
from subsidies.funding import SchemeNotFunded
from subsidies.models import OPEN_TO_ALL, FreePlace, PassedOver, Queue, SchemeVersion, Ticket
from subsidies.people_facts import facts_of
from subsidies.places import Newcomer
from subsidies.rules.windows import SchemeStopped, SchemeSuspended
from wallet import ledger
from wallet.refusals import Refusal

# These citizens are locked together, for some milliseconds each: whoever of them pays meanwhile waits less than 50 ms.
MOST_LOCKED_AT_ONCE: Final = 10

# What one run does of one queue, in seconds; the next run goes on.
MOST_BATCHES_AT_ONCE: Final = 100
MOST_SEARCHES_AT_ONCE: Final = 20


class LeftThePool(Refusal):
    """The places of this pool are kept for others than this person is by now."""

    code = "left_the_pool"


@dataclass(frozen=True, slots=True)
class Given:
    """What one run did, over all queues."""

    places: int
    passed_over: int


@dataclass(frozen=True, slots=True)
class _Line:
    """One queue, and the version whose places it waits for."""

    queue: Queue
    version: SchemeVersion
    rules: Scheme
    places: int


def give_free_places(*, at: dt.datetime) -> Given:
    """Find the free places of every scheme that still runs, and give them to those who wait.

    Free is a place that was given up, one whose number was lost with a process, and one that a new version added. The
    purse is filled as at enrolment. Whoever may no longer have the place is passed over, with a row that says why. May
    be run late, twice, and by several at once; each batch is whole or has not happened. Be in no transaction.
    """
    given = passed_over = 0
    for line in _lines(at):
        tickets.settle(line.queue)
        _find_free(line)
        for _ in range(MOST_BATCHES_AT_ONCE):
            batch = _give_some(line, at)
            given, passed_over = given + batch.places, passed_over + batch.passed_over
            if batch.places + batch.passed_over == 0:
                break
    return Given(given, passed_over)


def _lines(at: dt.datetime) -> Sequence[_Line]:
    """Return the queues of the schemes whose rights can still be used, and which have money for all their places."""
    lines = []
    for version in schemes.all_in_force(at=at):
        rules = schemes.compiled(version.id)
        if at >= rules.windows.ends_at:
            continue
        try:
            stops.must_go_on(scheme_id=version.scheme_id, at=at)
            places_in = funding.places(version=version)
        except (SchemeStopped, SchemeSuspended, SchemeNotFunded):
            continue  # they wait, for officers or for the money of new places, as do those who ask to enrol
        queues = Queue.objects.filter(scheme_id=version.scheme_id)
        lines += [_Line(queue, version, rules, places_in.get(queue.pool, 0)) for queue in queues]
    return lines


def _find_free(line: _Line) -> None:
    searched = -1
    for _ in range(MOST_SEARCHES_AT_ONCE):
        if (now := tickets.search(line.queue, places=line.places)) == searched:
            return
        searched = now


def _give_some(line: _Line, at: dt.datetime) -> Given:
    """Give the lowest free places to the first few who wait, in one transaction."""
    with transaction.atomic(durable=True):
        # One worker at a time gives the places of a queue, so that nobody is served before their turn. Another one
        # does not wait for it: it has other queues to see to.
        if not Queue.objects.select_for_update(skip_locked=True).filter(id=line.queue.id):
            return Given(0, 0)
        of_pool = {"scheme_id": line.queue.scheme_id, "pool": line.queue.pool}
        free = FreePlace.objects.filter(**of_pool, place__lte=line.places).order_by("place")
        numbers = list(free.values_list("place", flat=True)[:MOST_LOCKED_AT_ONCE])
        first = Ticket.objects.filter(**of_pool, waits=True).order_by("number")[: len(numbers)]
        waiting = list(first) if numbers else []
        if not waiting:
            return Given(0, 0)
        business_date = ledger.join(citizens=[ticket.citizen_id for ticket in waiting])
        newcomers: list[Newcomer] = []
        passed_over: list[PassedOver] = []
        for ticket in waiting:
            place = numbers[len(newcomers)]
            try:
                newcomers.append(_newcomer(ticket, place, line.rules, at))
            except Refusal as no:
                passed_over.append(_passed_over(ticket, no, at))
        places.let_in(newcomers=newcomers, version=line.version, business_date=business_date, at=at)
        PassedOver.objects.bulk_create(passed_over)
        FreePlace.objects.filter(**of_pool, place__in=[newcomer.place for newcomer in newcomers]).delete()
        Ticket.objects.filter(id__in=[ticket.id for ticket in waiting]).update(waits=False)
        return Given(len(newcomers), len(passed_over))


def _newcomer(ticket: Ticket, place: int, rules: Scheme, at: dt.datetime) -> Newcomer:
    """Judge somebody whose turn has come by the rules and facts of now; that registration is over does not matter.

    :raises Refusal: they may no longer have the place.
    """
    person = facts_of(citizen_id=ticket.citizen_id, at=at) | ticket.chosen
    grant = entitlements.grant_by_list(scheme=rules, person=person, at=at)
    if ticket.pool not in (OPEN_TO_ALL, grant.pool):
        raise LeftThePool(pool=ticket.pool)
    entitlements.must_be_of_use(scheme=rules, grant=grant, person=person, at=at)
    return Newcomer(
        id=ticket.id, citizen_id=ticket.citizen_id, pool=ticket.pool, place=place, grant=grant, person=person
    )


def _passed_over(ticket: Ticket, no: Refusal, at: dt.datetime) -> PassedOver:
    return PassedOver(
        ticket_id=ticket.id,
        citizen_id=ticket.citizen_id,
        scheme_id=ticket.scheme_id,
        code=no.code,
        facts=no.facts,
        at=at,
    )
