"""A ministry's list names Somchai: the timetable enrols him, and nobody has to ask."""

import datetime as dt
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from structlog.testing import capture_logs

from subsidies import appeals, called, dues, funding, prospects, roll_calls, schemes, standing, stops, tasks
from subsidies.called import Answered
from subsidies.enrolment import enrol as ask_to_enrol
from subsidies.models import OPEN_TO_ALL, Called, Enrolment, NewWallet, PassedOver, RollCall, Scheme, Ticket
from subsidies.rules.registration import EnrolledByList
from tests.cast import NOON, OPENING, STAGE_HAND, Citizen, Stage
from tests.races.at_once import at_once
from tests.settlement.office import Office
from tests.subsidies.places import give
from tests.subsidies.programmes import LIBRARY, begin, buy
from tests.subsidies.test_lists import approve, csv_of, in_force, upload
from wallet import clock

pytestmark = pytest.mark.django_db

CARD = "state-welfare-card"
HOLDERS = "state-welfare-card-2566"
NOVEMBER = dt.datetime(2025, 11, 1, 12, 0, tzinfo=NOON.tzinfo)
SEPTEMBER_30 = dt.date(2025, 9, 30)
LARGEST_GRANT = 33 * 300_00
QUOTA = '[[grants]]\ncode = "goods"'


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def card(stage: Stage) -> Scheme:
    return begin(stage, CARD)


@pytest.fixture
def somchai(stage: Stage, card: Scheme) -> Citizen:
    """Return Somchai, the person of number 0."""
    return holder(stage, "somchai")


@pytest.fixture
def nok(stage: Stage, somchai: Citizen) -> Citizen:
    return holder(stage, "nok")


def holder(stage: Stage, name: str) -> Citizen:
    """Let somebody join who proved their identity at a state bank in October."""
    return stage.citizen(name, verified_on="2025-10-20")


def document() -> str:
    return (LIBRARY / f"{CARD}.toml").read_text(encoding="utf-8")


def next_version(text: str) -> str:
    return text.replace("version = 1\n", "version = 2\n", 1).replace(
        "effective_at = 2023-04-01T00:00:00+07:00", "effective_at = 2025-11-01T00:00:00+07:00", 1
    )


def enrolled(scheme: Scheme) -> set:
    return set(Enrolment.objects.filter(scheme_id=scheme.id).values_list("citizen_id", flat=True))


def test_who_is_on_the_card_s_list_pays_at_malees_and_who_is_not_has_no_purse(
    stage: Stage, office: Office, card: Scheme, somchai: Citizen, nok: Citizen
) -> None:
    found = upload(office, csv_of(0, 5), code=HOLDERS)
    assert called.enrol(at=NOON) == Answered(), "nobody has approved the list"
    approve(office, found)

    assert called.enrol(at=NOON) == Answered(enrolled=1)

    assert enrolled(card) == {somchai.id}
    (place,) = Enrolment.objects.filter(scheme_id=card.id)
    assert (place.place, place.pool, place.enrolled_at) == (1, OPEN_TO_ALL, NOON)
    stage.names[place.id] = "somchai"
    sum(dues.do(at=NOVEMBER))  # 300 for November, and three of the months before his identity was proven
    malee = stage.stall("malee", **{"class": "blue_flag"})
    buy(somchai, malee, 250_00, at=NOVEMBER, facts={"token": "app"}, schemes_chosen=(CARD,))
    assert stage.books() == {"purse:somchai": 950_00, "payable:malee": 250_00}
    with pytest.raises(EnrolledByList):
        ask_to_enrol(citizen_id=nok.id, code=CARD, key="k", at=NOON)


def test_a_second_and_a_late_run_do_nothing_more(office: Office, card: Scheme, somchai: Citizen, nok: Citizen) -> None:
    in_force(office, csv_of(0), code=HOLDERS)
    answers = [called.enrol(at=at) for at in (NOON, NOON, NOVEMBER)]
    assert answers == [Answered(enrolled=1), Answered(), Answered()]
    assert (Ticket.objects.filter(scheme_id=card.id).count(), Called.objects.count()) == (1, 0)
    assert not NewWallet.objects.exists()


def test_the_office_sees_how_far_it_is(office: Office, card: Scheme, somchai: Citizen, nok: Citizen) -> None:
    assert roll_calls.progress(scheme_id=card.id) == (False, None, 0)
    in_force(office, csv_of(0, 1), code=HOLDERS)
    roll_calls.go_on(at=NOON)
    assert roll_calls.progress(scheme_id=card.id) == (True, NOON, 2)
    called.enrol(at=NOON)
    assert roll_calls.progress(scheme_id=card.id) == (True, NOON, 0)


def test_who_opens_a_wallet_later_is_enrolled_in_the_next_round(
    stage: Stage, office: Office, card: Scheme, somchai: Citizen
) -> None:
    in_force(office, csv_of(0, 1), code=HOLDERS)
    assert called.enrol(at=NOON) == Answered(enrolled=1)
    assert RollCall.objects.get().ended_at == NOON

    nok = holder(stage, "nok")
    holder(stage, "somebody who is on no list")

    assert called.enrol(at=NOON) == Answered(enrolled=1)
    assert enrolled(card) == {somchai.id, nok.id}


def test_all_are_looked_for_a_piece_at_a_time(stage: Stage, office: Office, card: Scheme) -> None:
    for number in range(7):
        holder(stage, f"citizen {number}")
    in_force(office, csv_of(0, 2, 4, 6), code=HOLDERS)
    roll_calls.go_on(at=NOON, most_at_once=2)
    roll_calls.go_on(at=NOON, most_at_once=2)
    assert (Called.objects.count(), NewWallet.objects.count()) == (4, 0)
    assert called.enrol(at=NOON, most_batches=1) == Answered(enrolled=4)


def test_a_run_that_had_to_stop_leaves_the_others_called(stage: Stage, office: Office, card: Scheme) -> None:
    for number in range(12):
        holder(stage, f"citizen {number}")
    in_force(office, csv_of(*range(12)), code=HOLDERS)
    assert called.enrol(at=NOON, most_batches=1) == Answered(enrolled=10)
    assert Called.objects.count() == 2
    assert called.enrol(at=NOON, most_batches=1) == Answered(enrolled=2)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_give_each_one_place(stage: Stage, office: Office, card: Scheme) -> None:
    people = [holder(stage, f"citizen {number}") for number in range(25)]
    in_force(office, csv_of(*range(25)), code=HOLDERS)
    at_once([partial(called.enrol, at=NOON)] * 4)
    called.enrol(at=NOON)
    assert enrolled(card) == {one.id for one in people}
    numbers = Enrolment.objects.filter(scheme_id=card.id).order_by("place").values_list("place", flat=True)
    assert list(numbers) == list(range(1, 26))


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_dies_in_the_middle_has_not_happened(office: Office, card: Scheme, somchai: Citizen) -> None:
    in_force(office, csv_of(0), code=HOLDERS)
    roll_calls.go_on(at=NOON)

    class Killed(BaseException):
        """The process is gone."""

    def die(execute, sql, params, many, context):
        if "subsidies_called" in sql and sql.startswith("DELETE"):
            raise Killed
        return execute(sql, params, many, context)

    with pytest.raises(Killed), connection.execute_wrapper(die):
        called.enrol(at=NOON)
    assert (enrolled(card), Called.objects.count()) == (set(), 1)
    assert called.enrol(at=NOON) == Answered(enrolled=1)
    assert enrolled(card) == {somchai.id}


def test_who_is_on_the_list_and_not_eligible_is_passed_over_once_and_looked_at_when_a_list_is_newer(
    office: Office, card: Scheme, somchai: Citizen, nok: Citizen
) -> None:
    in_force(office, csv_of(0, 1), code=HOLDERS)
    in_force(office, csv_of(0), code=HOLDERS, as_of=SEPTEMBER_30)

    assert [called.enrol(at=NOON) for _ in range(2)] == [Answered(enrolled=1, passed_over=1), Answered()]

    (passed,) = PassedOver.objects.all()
    assert (passed.citizen_id, passed.ticket_id, passed.code) == (nok.id, None, "not_eligible")
    assert passed.facts["rules"] == ["card_holder"]
    (told,) = standing.of_citizen(citizen_id=nok.id)
    assert (told.scheme.code, told.passed_over, told.ticket, told.enrolment) == (CARD, passed, None, None)
    assert prospects.of(citizen_id=nok.id, code=CARD, at=NOON).why == passed
    in_force(office, csv_of(0, 1), code=HOLDERS, as_of=SEPTEMBER_30 + dt.timedelta(days=1))
    assert called.enrol(at=NOON) == Answered(enrolled=1)
    assert enrolled(card) == {somchai.id, nok.id}
    (told,) = standing.of_citizen(citizen_id=nok.id)
    assert (told.passed_over, told.enrolment is None) == (None, False)


def test_a_new_version_looks_again_at_who_was_passed_over(
    stage: Stage, office: Office, card: Scheme, somchai: Citizen
) -> None:
    in_force(office, csv_of(0), code=HOLDERS)
    in_force(office, csv_of(1), code=HOLDERS, as_of=SEPTEMBER_30)
    assert called.enrol(at=NOON) == Answered(passed_over=1)
    # The State goes by an earlier day again.
    snapshot = document().replace(f'has = "{HOLDERS}"\n', f'has = "{HOLDERS}"\non = 2025-06-30\n', 1)
    lists = f'lists_as_of = {{ "{HOLDERS}" = {{ "2025-06-30" = true }} }}, '
    snapshot = snapshot.replace("person = { lists", f"person = {{ {lists}lists", 1)
    snapshot = snapshot.replace("person = { lists = [] }", "person = { lists = [], lists_as_of = {} }")
    stage.scheme(document=next_version(snapshot), funded=0)
    assert called.enrol(at=NOON) == Answered()
    assert called.enrol(at=NOVEMBER) == Answered(enrolled=1)


def test_who_is_not_on_the_list_and_appeals_with_success_is_enrolled(
    office: Office, card: Scheme, somchai: Citizen, nok: Citizen
) -> None:
    in_force(office, csv_of(0), code=HOLDERS)
    called.enrol(at=NOON)
    told = appeals.ask(citizen_id=nok.id, code=CARD, statement="ฉันมีบัตร", key="k", at=NOON)
    appeals.decide(appeal_id=told.appeal.id, actor=office.anan.actor, granted=True, reason="she has it", at=NOON)
    assert called.enrol(at=NOON) == Answered(enrolled=1)
    assert enrolled(card) == {somchai.id, nok.id}


def test_no_more_are_enrolled_than_there_is_money_for_and_the_next_when_more_comes(
    stage: Stage, office: Office
) -> None:
    card = stage.scheme(document=document(), funded=LARGEST_GRANT)
    somchai, nok = holder(stage, "somchai"), holder(stage, "nok")
    in_force(office, csv_of(0, 1), code=HOLDERS)

    assert called.enrol(at=NOON) == Answered(enrolled=1, waiting=1)
    assert (enrolled(card), give()) == ({somchai.id}, 0)

    funding.remit(amount=LARGEST_GRANT, cause=uuid4(), actor=STAGE_HAND, at=OPENING)
    funding.allot(scheme=card, amount=LARGEST_GRANT, cause=uuid4(), actor=STAGE_HAND, at=OPENING)
    assert give() == 1
    assert enrolled(card) == {somchai.id, nok.id}
    assert called.enrol(at=NOON) == Answered()


def test_a_quota_is_kept_and_without_its_money_nobody_is_enrolled(stage: Stage, office: Office) -> None:
    card = stage.scheme(document=document().replace(QUOTA, f"[quota]\nplaces = 1\n\n{QUOTA}"), funded=0)
    holder(stage, "somchai")
    holder(stage, "nok")
    in_force(office, csv_of(0, 1), code=HOLDERS)
    assert called.enrol(at=NOON) == Answered()
    funding.remit(amount=LARGEST_GRANT, cause=uuid4(), actor=STAGE_HAND, at=OPENING)
    funding.allot(scheme=card, amount=LARGEST_GRANT, cause=uuid4(), actor=STAGE_HAND, at=OPENING)
    assert called.enrol(at=NOON) == Answered(enrolled=1, waiting=1)


def test_nobody_is_called_to_a_scheme_that_is_over(office: Office, card: Scheme, somchai: Citizen) -> None:
    in_force(office, csv_of(0), code=HOLDERS)
    roll_calls.go_on(at=NOON)
    assert Called.objects.count() == 1
    assert called.enrol(at=dt.datetime(2026, 1, 1, tzinfo=NOON.tzinfo)) == Answered()
    assert (enrolled(card), Called.objects.count(), RollCall.objects.count()) == (set(), 0, 0)


def test_a_suspended_scheme_enrols_nobody_until_it_goes_on(office: Office, card: Scheme, somchai: Citizen) -> None:
    in_force(office, csv_of(0), code=HOLDERS)
    stops.suspend(code=CARD, reason="a wrong list", actor=office.ploy.actor, at=NOON)
    assert (called.enrol(at=NOON), Called.objects.count()) == (Answered(), 1)
    stops.restore(code=CARD, reason="it is right", second_factor=office.anan.code(), actor=office.anan.actor, at=NOON)
    assert called.enrol(at=NOON) == Answered(enrolled=1)


def test_who_was_called_twice_is_enrolled_once(office: Office, card: Scheme, somchai: Citizen) -> None:
    in_force(office, csv_of(0), code=HOLDERS)
    called.enrol(at=NOON)
    Called.objects.create(scheme_id=card.id, citizen_id=somchai.id)
    assert called.enrol(at=NOON) == Answered()
    assert not Called.objects.exists()


def test_where_people_ask_or_no_list_is_named_nobody_is_called(stage: Stage) -> None:
    eat_out = begin(stage, "eat-out-to-help-out")
    versions = [schemes.in_force(code=code, at=NOON) for code in ("khon-la-khrueng-plus", eat_out.code)]
    assert [schemes.compiled(version.id).called_from for version in versions] == [None, None]
    assert roll_calls.versions(at=NOON) == []


def test_the_timetable_says_whom_it_enrolled(office: Office, card: Scheme, somchai: Citizen, settings) -> None:
    settings.DEMO_CLOCK = True
    clock.stand_at(NOON)
    in_force(office, csv_of(0), code=HOLDERS)
    with capture_logs() as lines:
        tasks.enrol_by_list()
        tasks.enrol_by_list()
    assert [(line["event"], line["enrolled"]) for line in lines] == [("enrolled_by_list", 1)]
