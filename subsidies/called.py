"""Those whom a list calls are enrolled, a few at a time; nobody asks, so no terms are accepted and no day is theirs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from subsidies import entitlements, funding, places, roll_calls, schemes, stops, tickets
from subsidies.funding import SchemeNotFunded
from subsidies.models import OPEN_TO_ALL, Called, Enrolment, PassedOver, SchemeVersion
from subsidies.people_facts import facts_of
from subsidies.places import Newcomer
from subsidies.rules.windows import SchemeStopped, SchemeSuspended
from wallet import ledger
from wallet.accounts import NIL
from wallet.ids import uuid7
from wallet.refusals import Refusal

# These citizens are locked together: whoever of them pays meanwhile waits less than 50 ms.
MOST_LOCKED_AT_ONCE: Final = 10

# What one run does of one scheme, in seconds; the next run goes on.
MOST_BATCHES_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Answered:
    """What one run did: how many were enrolled, stand in a queue, and were passed over."""

    enrolled: int = 0
    waiting: int = 0
    passed_over: int = 0

    def __add__(self, other: "Answered") -> "Answered":
        """Return both together."""
        return Answered(
            self.enrolled + other.enrolled, self.waiting + other.waiting, self.passed_over + other.passed_over
        )


def enrol(*, at: dt.datetime, most_batches: int = MOST_BATCHES_AT_ONCE) -> Answered:
    """Find who is on the lists of the schemes that enrol by list, and enrol them; be in no transaction.

    Whoever comes after the last place that there is, or that the scheme's money pays for, has a number in its queue.
    Whoever may not be enrolled is passed over, with a row that says why, until a list or a version is newer or an
    appeal was granted. May be run late, twice, and by several at once; each batch is whole or has not happened.
    """
    roll_calls.go_on(at=at)
    done = Answered()
    for version in roll_calls.versions(at=at):
        try:
            stops.must_go_on(scheme_id=version.scheme_id, at=at)
            places_in = funding.places(version=version)
        except (SchemeStopped, SchemeSuspended, SchemeNotFunded):
            continue  # who was called stays called
        after = NIL
        for _ in range(most_batches):
            batch, after = _answer_some(version, places_in, after, at)
            done += batch
            if after == NIL:
                break
    return done


def _answer_some(
    version: SchemeVersion, places_in: Mapping[str, int], after: UUID, at: dt.datetime
) -> tuple[Answered, UUID]:
    """Enrol the next few who were called; return who was the last of them, or NIL when there were none."""
    with transaction.atomic(durable=True):
        # Whom another worker has in hand is left to it.
        called = Called.objects.select_for_update(skip_locked=True).filter(scheme_id=version.scheme_id)
        following = called.filter(citizen_id__gt=after).order_by("citizen_id").values_list("citizen_id", flat=True)
        people = list(following[:MOST_LOCKED_AT_ONCE])
        if not people:
            return Answered(), NIL
        business_date = ledger.join(citizens=people)
        newcomers: list[Newcomer] = []
        passed_over: list[PassedOver] = []
        waiting = 0
        # Two roll calls may call somebody one after the other: by then they have a place.
        held = Enrolment.objects.filter(scheme_id=version.scheme_id, citizen_id__in=people)
        for citizen_id in sorted(set(people) - set(held.values_list("citizen_id", flat=True))):
            try:
                newcomer = _newcomer(citizen_id, version, places_in, at)
            except Refusal as no:
                passed_over.append(_passed_over(citizen_id, version, no, at))
                continue
            if newcomer is None:
                waiting += 1
            else:
                newcomers.append(newcomer)
        places.let_in(newcomers=newcomers, version=version, business_date=business_date, at=at)
        PassedOver.objects.bulk_create(passed_over)
        Called.objects.filter(scheme_id=version.scheme_id, citizen_id__in=people).delete()
        return Answered(len(newcomers), waiting, len(passed_over)), people[-1]


def _newcomer(
    citizen_id: UUID, version: SchemeVersion, places_in: Mapping[str, int], at: dt.datetime
) -> Newcomer | None:
    """Judge somebody by the rules and facts of now, and draw their number; None when they have one and wait.

    :param places_in: each pool's places.
    :raises Refusal: they may not be enrolled; no number was drawn.
    """
    rules = schemes.compiled(version.id)
    person = facts_of(citizen_id=citizen_id, at=at)
    grant = entitlements.grant_by_list(scheme=rules, person=person, at=at)
    entitlements.must_be_of_use(scheme=rules, grant=grant, person=person, at=at)
    pool = grant.pool or OPEN_TO_ALL
    new_id, place = uuid7(), None
    if not rules.counted_at_payment:
        ticket = tickets.draw(
            ticket_id=new_id,
            scheme_id=version.scheme_id,
            pool=pool,
            places=places_in[pool],
            citizen_id=citizen_id,
            at=at,
        )
        if ticket is None:
            ticket = tickets.stand_again(citizen_id=citizen_id, scheme_id=version.scheme_id)
        if ticket is None or ticket.waits:
            return None
        place = ticket.number
    return Newcomer(id=new_id, citizen_id=citizen_id, pool=pool, place=place, grant=grant, person=person)


def _passed_over(citizen_id: UUID, version: SchemeVersion, no: Refusal, at: dt.datetime) -> PassedOver:
    return PassedOver(citizen_id=citizen_id, scheme_id=version.scheme_id, code=no.code, facts=no.facts, at=at)
