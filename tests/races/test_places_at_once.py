"""Everybody asks for the last places at once, and some of the processes die: the places are exactly given."""

import datetime as dt
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event as EventType
from typing import Any, Final, TypeAlias
from uuid import UUID

import psycopg2
import pytest
from django.db import connection, connections

from subsidies import enrolment, queues, schemes, tickets
from subsidies.models import Enrolment, FreePlace, Queue, Scheme, Ticket
from subsidies.queues import Given
from tests.cast import NOON, Stage, thai_id
from tests.races.at_once import at_once
from tests.subsidies.places import CODE, SENIORS, give, small_half
from wallet import ledger, privacy
from wallet.ids import uuid7
from wallet.models import Citizen, Person

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES: Final = 8
KILLED: Final = 3
THREADS: Final = 4
CONNECTIONS: Final = PROCESSES * THREADS
PLACES: Final = 1_000
PEOPLE: Final = 1_100
SENIOR_PLACES: Final = 40
OLD_PEOPLE: Final = 60
PATIENCE_SECONDS: Final = 300  # far more than on any machine that is only busy

BORN_IN_1988 = dt.date(1988, 2, 9)
BORN_IN_1950 = dt.date(1950, 1, 1)

fork = multiprocessing.get_context("fork")
Start: TypeAlias = Callable[..., BaseProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return how a process of its own does something, on connections of its own; all are gone in the end."""
    begun: list[BaseProcess] = []

    def run(act: Callable[..., None], *given: Any) -> BaseProcess:
        schemes.compiled(schemes.in_force(code=CODE, at=NOON).id)  # read once, for all of them
        connections.close_all()  # or the child would end ours
        begun.append(fork.Process(target=alone, args=(act, *given)))
        begun[-1].start()
        return begun[-1]

    yield run
    for process in begun:
        kill(process)


@pytest.fixture
def scheme(stage: Stage) -> Scheme:
    quota = f"places = {PLACES + SENIOR_PLACES}"
    return stage.scheme(document=small_half(quota, more=SENIORS.format(places=SENIOR_PLACES)))


@pytest.fixture
def young(scheme: Scheme) -> list[UUID]:
    return crowd(PEOPLE, born_on=BORN_IN_1988)


@pytest.fixture
def old(young: list[UUID]) -> list[UUID]:
    return crowd(OLD_PEOPLE, born_on=BORN_IN_1950, first=len(young))


def test_thirty_two_connections_leave_a_thousand_in_and_the_rest_in_order(
    scheme: Scheme, young: list[UUID], old: list[UUID]
) -> None:
    many_ask(mixed(young, old), lines=CONNECTIONS)
    assert numbers(scheme, "") == list(range(1, PEOPLE + 1)), "a number each, and none was lost"
    assert numbers(scheme, "seniors") == list(range(1, OLD_PEOPLE + 1))
    must_be_exact(scheme, pool="", places=PLACES)
    must_be_exact(scheme, pool="seniors", places=SENIOR_PLACES)


def test_places_are_exact_when_processes_are_killed_in_the_middle(
    scheme: Scheme, young: list[UUID], old: list[UUID], start: Start
) -> None:
    # Some die with a number that they have not written yet, the others wherever they happen to be.
    dying = (("", young[-1]), ("", young[-2]), ("seniors", old[-1]))
    stuck = [start(draw_and_stop, scheme.id, pool, citizen_id) for pool, citizen_id in dying]
    wait_until(lambda: has_drawn(scheme, 2) and has_drawn(scheme, 1, pool="seniors"))
    others = mixed(young[:-2], old[:-1])
    go = fork.Event()
    workers = [start(wait_and_ask, others[one::PROCESSES], go) for one in range(PROCESSES)]
    go.set()
    for part, worker in enumerate(workers[:KILLED], start=1):
        wait_until(partial(has_drawn, scheme, part * PLACES // 10))
        kill(worker)
    for one in stuck:
        kill(one)
    for worker in workers[KILLED:]:
        worker.join(PATIENCE_SECONDS)
        assert worker.exitcode == 0

    # Phones that lost the line ask again with the same key, and nobody is in twice.
    cut_off = [one for part in range(KILLED) for one in others[part::PROCESSES]]
    many_ask([*cut_off, *young[-2:], old[-1]], lines=THREADS)
    assert tickets.highest(scheme_id=scheme.id, pool="") - len(numbers(scheme, "")) >= 2
    assert tickets.highest(scheme_id=scheme.id, pool="seniors") - len(numbers(scheme, "seniors")) >= 1
    in_at_first = set(Enrolment.objects.values_list("citizen_id", flat=True))
    waiting = [[ticket.citizen_id for ticket in who_waits(scheme, pool)] for pool in ("", "seniors")]

    given = give()
    moved_up = set(Enrolment.objects.values_list("citizen_id", flat=True)) - in_at_first
    assert len(moved_up) == given >= 3
    for queue in waiting:
        up = [citizen_id for citizen_id in queue if citizen_id in moved_up]
        assert up == queue[: len(up)], "in order"
    must_be_exact(scheme, pool="", places=PLACES)
    must_be_exact(scheme, pool="seniors", places=SENIOR_PLACES)


def test_four_workers_at_once_and_one_that_is_killed_give_each_place_once_and_in_order(
    scheme: Scheme, young: list[UUID], start: Start
) -> None:
    # Numbers up to 950 are lost before anybody comes, so that a hundred people wait for them.
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(%s, 950)", [tickets.sequence(scheme.id, "")])
    all_ask(young[:150])
    queue = [ticket.citizen_id for ticket in who_waits(scheme, "")]
    assert len(queue) == 100
    doomed = start(give_on_and_on)
    wait_until(lambda: Enrolment.objects.count() > 60)
    kill(doomed)
    at_once([partial(queues.give_free_places, at=NOON)] * 4)
    give()
    places = dict(Enrolment.objects.values_list("citizen_id", "place"))
    assert [places[citizen_id] for citizen_id in queue] == list(range(1, 101))
    assert not Ticket.objects.filter(waits=True).exists()


def test_a_second_worker_does_not_wait_for_a_queue_that_another_serves(scheme: Scheme, superuser: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(%s, 5)", [tickets.sequence(scheme.id, "")])
    with closing(psycopg2.connect(superuser)) as other, other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM subsidies_queue FOR UPDATE")
        assert queues.give_free_places(at=NOON) == Given(0, 0), "it would have waited until its lock_timeout"
        assert Queue.objects.get(scheme_id=scheme.id, pool="").drawn == 0
        other.rollback()
    give()
    assert list(FreePlace.objects.filter(pool="").values_list("place", flat=True)) == [1, 2, 3, 4, 5]


# Who asks, and how it ends


def crowd(count: int, *, born_on: dt.date, first: int = 0) -> list[UUID]:
    """Let so many people have wallets, with what a scheme asks about them, and no more."""
    ids = [uuid7() for _ in range(count)]
    Citizen.objects.bulk_create(Citizen(id=id_, joined_at=NOON) for id_ in ids)
    known = {"name": "คนหนึ่ง ใจดี", "born_on": born_on.isoformat(), "facts": {"nationality": "TH"}}
    Person.objects.bulk_create(
        Person(
            citizen_id=id_,
            national_id_index=privacy.index_of("national_id", thai_id(first + number)),
            phone_index=privacy.index_of("phone", f"08{first + number:08d}"),
            sealed=privacy.seal({**known, "phone": f"08{first + number:08d}"}, subject_id=id_),
        )
        for number, id_ in enumerate(ids)
    )
    return ids


def mixed(young: Sequence[UUID], old: Sequence[UUID]) -> list[UUID]:
    """Return everybody, with the old people among the first of the others."""
    return [one for pair in zip(young, old, strict=False) for one in pair] + list(young[len(old) :])


def all_ask(people: Sequence[UUID]) -> None:
    """Let people ask for a place, one after another, on a connection of their own."""
    try:
        for citizen_id in people:
            enrolment.enrol(citizen_id=citizen_id, code=CODE, key="enrol", at=NOON)
    finally:
        connections.close_all()


def many_ask(people: Sequence[UUID], *, lines: int) -> None:
    """Let people ask on so many connections at once."""
    with ThreadPoolExecutor(lines) as pool:
        asked = [pool.submit(all_ask, people[one::lines]) for one in range(lines)]
        for each in asked:
            each.result(PATIENCE_SECONDS)


def wait_and_ask(people: Sequence[UUID], go: EventType) -> None:
    """Let people ask on several connections of one process, once it is said to go."""
    assert go.wait(PATIENCE_SECONDS)
    many_ask(people, lines=THREADS)


def draw_and_stop(scheme_id: UUID, pool: str, citizen_id: UUID) -> None:
    """Draw a number, and live no longer."""
    with ledger.posting(citizens=[citizen_id]):
        tickets.draw(ticket_id=uuid7(), scheme_id=scheme_id, pool=pool, places=1, citizen_id=citizen_id, at=NOON)
        time.sleep(PATIENCE_SECONDS)


def alone(act: Callable[..., None], *given: Any) -> None:
    """Do it on a connection of this process's own.

    A browser's loop runs beside the tests, and connections are kept apart by loop: what was open before the browser
    came is out of our sight there, and would be taken for its own by a child, which has no loop.
    """
    connections.close_all()
    act(*given)


def give_on_and_on() -> None:
    """Give free places until killed."""
    while True:
        queues.give_free_places(at=NOON)


def kill(process: BaseProcess) -> None:
    """End a process wherever it is."""
    process.kill()
    process.join(PATIENCE_SECONDS)


def wait_until(happens: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.005)


def has_drawn(scheme: Scheme, number: int, *, pool: str = "") -> bool:
    return tickets.highest(scheme_id=scheme.id, pool=pool) >= number


def numbers(scheme: Scheme, pool: str) -> list[int]:
    """Return every number that somebody has."""
    return sorted(Ticket.objects.filter(scheme_id=scheme.id, pool=pool).values_list("number", flat=True))


def who_waits(scheme: Scheme, pool: str) -> list[Ticket]:
    """Return the queue."""
    return list(Ticket.objects.filter(scheme_id=scheme.id, pool=pool, waits=True).order_by("number"))


def must_be_exact(scheme: Scheme, *, pool: str, places: int) -> None:
    """Each place is held once, and who came after waits in order."""
    held = Enrolment.objects.filter(scheme_id=scheme.id, pool=pool).order_by("place")
    assert list(held.values_list("place", flat=True)) == list(range(1, places + 1))
    waiting = who_waits(scheme, pool)
    assert [tickets.ahead(ticket) for ticket in waiting] == list(range(len(waiting)))
    assert len(waiting) == len(numbers(scheme, pool)) - places > 0
    served = Ticket.objects.filter(scheme_id=scheme.id, pool=pool, waits=False)
    assert max(served.values_list("number", flat=True)) < waiting[0].number
    assert not FreePlace.objects.filter(scheme_id=scheme.id, pool=pool).exists()
