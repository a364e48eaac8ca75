"""Places are exact: numbers for all, places for the first, and the free ones for whoever waits longest."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from threading import Event
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections

from subsidies import queues, tickets
from subsidies.enrolment import AlreadyEnrolled, Joined
from subsidies.models import Enrolment, FreePlace, PassedOver, Queue, Scheme, Ticket
from subsidies.queues import Given
from subsidies.rules.eligibility import NotEligible
from tests.cast import NOON, PLUS, Citizen, Stage
from tests.properties.interleaving import interleaved
from tests.properties.orders import Order, in_many_orders, kinds
from tests.subsidies.places import (
    CODE,
    PATIENCE_SECONDS,
    SENIORS,
    ask,
    give,
    lose_a_number,
    next_version,
    small_half,
)
from wallet import ledger
from wallet.accounts import AccountKind
from wallet.ids import uuid7

pytestmark = pytest.mark.django_db

BORN_IN_1950 = dt.date(1950, 1, 1)
LATER = dt.datetime(2025, 11, 3, 12, 0, tzinfo=NOON.tzinfo)


@pytest.fixture
def small(stage: Stage) -> Scheme:
    return stage.scheme(document=small_half())


@pytest.fixture
def four(stage: Stage) -> list[Citizen]:
    return [stage.citizen(name) for name in ("somchai", "nok", "a third citizen", "a fourth citizen")]


def places_of(*people: Citizen) -> list[int | None]:
    small = Enrolment.objects.filter(scheme_id__in=Scheme.objects.filter(code=CODE).values("id"))
    held = dict(small.values_list("citizen_id", "place"))
    return [held.get(one.id) for one in people]


def test_the_first_two_have_places_and_the_others_their_numbers(small: Scheme, four: list[Citizen]) -> None:
    joined = [ask(one) for one in four]
    assert [one.ticket and one.ticket.number for one in joined] == [1, 2, 3, 4]
    assert places_of(*four) == [1, 2, None, None]
    assert [one.granted for one in joined] == [500_00, 500_00, 0, 0]
    assert [one.ahead for one in joined] == [0, 0, 0, 1]


def test_whoever_asks_again_with_the_same_key_is_told_how_it_stands_now(small: Scheme, four: list[Citizen]) -> None:
    lost = lose_a_number(four[0], small)
    _, nok, third, fourth = four
    for one in (nok, third, fourth):
        ask(one)
    assert (lost, ask(fourth).ahead) == (1, 1)
    assert give() == 1
    again = ask(third)
    assert (again.enrolment and again.enrolment.place, again.granted, again.ahead) == (1, 500_00, 0)
    assert (ask(fourth).enrolment, ask(fourth).ahead) == (None, 0)


def test_nobody_has_two_places_or_numbers(small: Scheme, four: list[Citizen]) -> None:
    somchai, nok, third, _ = four
    for one in (somchai, nok, third):
        ask(one)
        with pytest.raises(AlreadyEnrolled):
            ask(one, key="another phone")
    assert tickets.highest(scheme_id=small.id, pool="") == 3, "no number is drawn for a no"


def test_taking_a_place_is_thirteen_statements(
    small: Scheme, four: list[Citizen], django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    somchai, nok, *_ = four
    ask(somchai)
    with django_assert_num_queries(13):
        ask(nok)


@pytest.mark.django_db(transaction=True)
def test_the_database_lets_no_two_people_hold_one_place(small: Scheme, four: list[Citizen]) -> None:
    somchai, nok, *_ = four
    ask(somchai)
    ask(nok)
    with pytest.raises(IntegrityError, match="one_citizen_holds_a_place"):
        Enrolment.objects.filter(citizen_id=nok.id).update(place=1)


def test_far_back_in_the_queue_at_most_so_many_are_ahead(small: Scheme) -> None:
    # Number 700 was lost; who is close enough has everybody counted, who is not is told the numbers between.
    waiting = [
        Ticket(scheme_id=small.id, number=number, citizen_id=uuid4(), drawn_at=NOON, waits=True)
        for number in range(3, 2_000)
        if number != 700
    ]
    Ticket.objects.bulk_create(waiting)
    by_number = {ticket.number: ticket for ticket in waiting}
    assert [tickets.ahead(by_number[number]) for number in (3, 4, 699, 701, 1_000)] == [0, 1, 696, 697, 996]
    assert tickets.ahead(by_number[1_999]) == 1_996


# Pools


def test_places_kept_for_seniors_are_theirs_and_no_others(stage: Stage) -> None:
    stage.scheme(document=small_half("places = 2", more=SENIORS.format(places=1)))
    seniors = [stage.citizen(name, born_on=BORN_IN_1950) for name in ("an old man", "an old woman")]
    somchai, nok = stage.citizen("somchai"), stage.citizen("nok")
    joined = [ask(one) for one in (*seniors, somchai, nok)]
    tickets_drawn = [(one.ticket.pool, one.ticket.number) for one in joined if one.ticket]
    assert tickets_drawn == [("seniors", 1), ("seniors", 2), ("", 1), ("", 2)]
    assert places_of(*seniors, somchai, nok) == [1, None, 1, None]
    assert [one.ahead for one in joined] == [0, 0, 0, 0]


def test_a_lost_number_goes_to_the_queue_of_its_own_pool(stage: Stage) -> None:
    small = stage.scheme(document=small_half("places = 3", more=SENIORS.format(places=2)))
    lose_a_number(stage.citizen("a man whose phone died", born_on=BORN_IN_1950), small, pool="seniors")
    seniors = [stage.citizen(name, born_on=BORN_IN_1950) for name in ("an old man", "an old woman")]
    somchai, nok = stage.citizen("somchai"), stage.citizen("nok")
    for one in (*seniors, somchai, nok):
        ask(one)
    assert give() == 1
    assert places_of(*seniors, somchai, nok) == [2, 1, 1, None]


def test_a_new_version_may_keep_places_for_new_groups(stage: Stage) -> None:
    stage.scheme(document=small_half("places = 2"))
    somchai, nok = stage.citizen("somchai"), stage.citizen("nok")
    old = stage.citizen("an old man", born_on=BORN_IN_1950)
    for one in (somchai, nok):
        ask(one)
    stage.scheme(document=next_version(small_half("places = 3", more=SENIORS.format(places=1))), funded=0)
    assert ask(old, at=LATER).granted == 500_00
    assert places_of(somchai, nok, old) == [1, 2, 1]


# Lost numbers


def test_a_number_that_was_lost_goes_to_the_first_in_the_queue(
    stage: Stage, small: Scheme, four: list[Citizen]
) -> None:
    somchai, nok, third, fourth = four
    assert lose_a_number(somchai, small) == 1
    for one in (nok, somchai, third, fourth):
        ask(one)
    assert places_of(nok, somchai, third, fourth) == [2, None, None, None]
    assert give() == 1
    assert places_of(nok, somchai, third, fourth) == [2, 1, None, None]
    purse = Enrolment.objects.get(citizen_id=somchai.id).id
    stage.names[purse] = "somchai"
    assert stage.books(AccountKind.PURSE)["purse:somchai"] == 500_00
    assert ask(third, key="enrol").ahead == 0
    assert give() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ends_well", [True, False])
def test_a_number_is_not_lost_while_somebody_may_still_write_it(
    small: Scheme, four: list[Citizen], *, ends_well: bool
) -> None:
    somchai, nok, third, _ = four
    drawn, go_on = Event(), Event()

    def slowly() -> None:
        try:
            with ledger.posting(citizens=[somchai.id]):
                ticket = tickets.draw(
                    ticket_id=uuid7(), scheme_id=small.id, pool="", places=2, citizen_id=somchai.id, at=NOON
                )
                assert ticket is not None
                Ticket.objects.filter(id=ticket.id).update(waits=True)  # the books are checked, and he has no purse
                drawn.set()
                assert go_on.wait(PATIENCE_SECONDS)
                if not ends_well:
                    raise InterruptedError
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as aside:
        slow = aside.submit(slowly)
        assert drawn.wait(PATIENCE_SECONDS)
        for one in (nok, third):
            ask(one)
        for _ in range(5):
            assert queues.give_free_places(at=NOON) == Given(places=0, passed_over=0)
        go_on.set()
        assert isinstance(slow.exception(), InterruptedError) is not ends_well
    # Number 1 is free now, and the first in the queue is given it: Somchai himself, or the third citizen.
    assert give() == 1
    assert places_of(somchai, nok, third) == ([1, 2, None] if ends_well else [None, 2, 1])


# A raised quota


def test_when_there_are_more_places_the_queue_moves_up_first(stage: Stage, four: list[Citizen]) -> None:
    document = small_half()
    stage.scheme(document=document)
    somchai, nok, third, fourth = four
    for one in (somchai, nok, third):
        ask(one)
    stage.scheme(document=next_version(document.replace("places = 2", "places = 3")), funded=0)
    assert give() == 0, "the new version is not in force yet"
    joined = ask(fourth, at=LATER)
    assert (joined.enrolment, joined.ahead) == (None, 1)
    assert give(at=LATER) == 1
    assert places_of(*four) == [1, 2, 3, None]
    assert Enrolment.objects.get(citizen_id=third.id).enrolled_at == LATER


def test_new_places_wait_for_their_money(stage: Stage, four: list[Citizen]) -> None:
    document = small_half()
    stage.scheme(document=document, funded=1_000_00)
    for one in four:
        ask(one)
    stage.scheme(document=next_version(document.replace("places = 2", "places = 4")), funded=0)
    assert queues.give_free_places(at=LATER) == Given(0, 0)
    assert places_of(*four) == [1, 2, None, None]


# Whose turn it was


NOT_BOTH = """
[[eligibility]]
code = "one_programme"
fact = "person.enrolled_in"
has_none_of = ["{other}"]
says = {{ th = "อยู่ในโครงการอื่นแล้ว", en = "You are in another programme." }}
"""
ONLY_HERE = NOT_BOTH.format(other=PLUS)


@pytest.fixture
def choosy(stage: Stage) -> str:
    """Return the document of a published programme that is for those who are in no other."""
    document = small_half("places = 1", more=ONLY_HERE)
    stage.scheme(document=document)
    return document


def test_who_is_no_longer_eligible_is_passed_over_and_told_why(stage: Stage, choosy: str, four: list[Citizen]) -> None:
    somchai, _, third, fourth = four
    lose_a_number(somchai, Scheme.objects.get(code=CODE))
    for one in (third, fourth):
        ask(one)
    ask(third, code=PLUS, key="plus", at=NOON.replace(day=25))
    assert give() == 1
    assert places_of(third, fourth) == [None, 1]
    (passed,) = PassedOver.objects.all()
    assert (passed.citizen_id, passed.code, passed.facts["rules"]) == (third.id, "not_eligible", ["one_programme"])
    assert not Ticket.objects.filter(waits=True).exists()
    with pytest.raises(NotEligible):
        ask(third, key="once more")


def test_who_was_passed_over_and_is_eligible_again_stands_where_they_stood(
    stage: Stage, choosy: str, four: list[Citizen]
) -> None:
    somchai, nok, third, fourth = four
    lose_a_number(somchai, Scheme.objects.get(code=CODE))
    ask(third)
    ask(third, code=PLUS, key="plus", at=NOON.replace(day=25))
    give()
    lenient = choosy.replace(ONLY_HERE, "").replace("places = 1", "places = 3")
    stage.scheme(document=next_version(lenient), funded=0)
    for one in (fourth, nok):
        ask(one, at=LATER)
    again = ask(third, at=LATER, key="once more")
    assert again.ticket is not None
    assert (again.ticket.number, again.ahead) == (2, 0)
    assert give(at=LATER) == 2
    assert places_of(third, nok, fourth) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_two_programmes_that_exclude_each_other_never_both_take_somebody(stage: Stage) -> None:
    stage.scheme(document=small_half("places = 100", more=NOT_BOTH.format(other="other-half")))
    other = small_half("places = 100", more=NOT_BOTH.format(other=CODE)).replace(f'"{CODE}"', '"other-half"')
    stage.scheme(document=other.replace('has_none_of = ["other-half"]', f'has_none_of = ["{CODE}"]'))

    def once(order: Order) -> None:
        nok = stage.citizen(f"nok {uuid4()}")
        asks = [partial(ask, nok, code=code, key=code) for code in (CODE, "other-half")]
        assert kinds(interleaved(asks, order=order)) == {Joined: 1, NotEligible: 1}

    in_many_orders(once)


def test_nobody_is_given_a_right_that_is_lost_at_once(stage: Stage, small: Scheme, four: list[Citizen]) -> None:
    somchai, nok, third, _ = four
    lose_a_number(somchai, small)
    for one in (nok, third):
        ask(one)
    ninth = dt.datetime(2025, 11, 9, 12, 0, tzinfo=NOON.tzinfo)
    assert give(at=ninth) == 0
    assert PassedOver.objects.get().code == "first_use_missed"


def test_when_the_scheme_is_over_nobody_is_given_anything(small: Scheme, four: list[Citizen]) -> None:
    somchai, nok, third, _ = four
    lose_a_number(somchai, small)
    for one in (nok, third):
        ask(one)
    over = dt.datetime(2025, 11, 20, 23, 0, tzinfo=NOON.tzinfo)
    for _ in range(3):
        assert queues.give_free_places(at=over) == Given(0, 0)
    assert Queue.objects.get(scheme_id=small.id).settled == 0
    assert not FreePlace.objects.exists()
