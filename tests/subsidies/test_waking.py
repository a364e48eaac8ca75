"""A scheme is stopped, or its next version ends or pays earlier: its rights are looked at from that instant on."""

import datetime as dt
from collections.abc import Callable

import psycopg2
import pytest
from django.db import connection

from subsidies import dues, publishing, stops, tasks, waking
from subsidies.models import Enrolment, Filling, Waking
from subsidies.rules.calendar import LIFETIME
from tests.cast import STAGE_HAND, Stage
from tests.settlement.office import Office
from tests.subsidies.programmes import HALF_EACH, buy, half_each, join, run, thai
from wallet import clock
from wallet.accounts import AccountKind

pytestmark = pytest.mark.django_db

GRANTS = """
[[grants]]
code = "first"
amount_satang = 500_00

[[grants]]
code = "more"
amount_satang = 100_00
pays_at = 2026-01-10T06:00:00+07:00
"""
PURSE = "purse:somchai's half-each"
JOINED = thai(2025, 10, 20)
CHANGED = thai(2025, 12, 1, 0)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def market(stage: Stage) -> Stage:
    half_each(stage, GRANTS)
    return stage


def second_version(**words: str) -> None:
    """Publish a version that holds from 1 December; `words` are instants of the first one, and what they become."""
    text = f"{HALF_EACH}\n{GRANTS}".replace("version = 1\n", "version = 2\n", 1)
    text = text.replace("effective_at = 2025-10-01", "effective_at = 2025-12-01")
    for old, new in words.items():
        text = text.replace(old, new)
    publishing.publish(document=text, actor=STAGE_HAND, at=thai(2025, 11, 15))


def ends_early() -> None:
    second_version(**{"ends_at = 2026-02-01T00": "ends_at = 2025-12-20T00"})


def pays_early() -> None:
    second_version(**{"pays_at = 2026-01-10T06": "pays_at = 2025-12-05T06"})


def stop(at: dt.datetime) -> None:
    """Let Ploy ask, and Anan agree."""
    office = Office()
    stops.ask_to_stop(code="half-each", reason="it is enough", actor=office.ploy.actor, at=at)
    stops.stop(code="half-each", second_factor=office.anan.code(), actor=office.anan.actor, at=at)


def people(stage: Stage, number: int) -> None:
    for one in range(number):
        join(stage, stage.citizen(f"citizen {one}"), "half-each", at=JOINED)


def test_once_a_scheme_is_stopped_its_purses_go_back_on_the_next_run_and_somchais_cash_stays(
    stage: Stage, settings: object
) -> None:
    settings.DEMO_CLOCK = True  # type: ignore[attr-defined]
    somchai = stage.citizen("somchai", cash_satang=1_000_00)
    join(stage, somchai, "half-each", at=JOINED)
    run(JOINED)
    buy(somchai, stage.stall("malee"), 200_00, at=thai(2025, 11, 10))
    funds = stage.books(AccountKind.FUND)
    stop(CHANGED)
    clock.stand_at(CHANGED + MINUTE)
    for _ in range(2):  # the message came twice
        tasks.do_what_is_due()
        assert stage.books() == {"cash:somchai": 900_00, "payable:malee": 200_00}
        assert stage.books(AccountKind.FUND) == {**funds, "fund:half-each": funds["fund:half-each"] + 400_00}
        assert Enrolment.objects.get().next_due_at == LIFETIME


@pytest.mark.parametrize("known", ["before the first look", "after it"])
def test_a_version_that_ends_a_scheme_earlier_ends_its_rights_on_its_day(stage: Stage, known: str) -> None:
    join(stage, stage.citizen("somchai"), "half-each", at=JOINED)
    if known == "after it":
        run(JOINED)
    ends_early()
    if known == "before the first look":
        run(thai(2025, 11, 20))
        assert Enrolment.objects.get().next_due_at == CHANGED, "the version is the next thing that is due"
    assert sum(waking.wake(at=CHANGED - MINUTE)) == 0
    assert sum(waking.wake(at=CHANGED)) == (1 if known == "after it" else 0)
    assert run(CHANGED) == 1
    assert stage.books(AccountKind.PURSE) == {PURSE: 500_00}
    assert run(thai(2025, 12, 19, 23)) == 0
    assert run(thai(2025, 12, 20, 0)) == 1
    assert stage.books(AccountKind.PURSE) == {}


def test_a_version_whose_end_is_past_when_the_timetable_comes_ends_what_is_left(stage: Stage) -> None:
    join(stage, stage.citizen("somchai"), "half-each", at=JOINED)
    run(JOINED)
    second_version(**{"ends_at = 2026-02-01T00": "ends_at = 2025-11-25T00"})
    assert list(waking.wake(at=CHANGED)) == [1]
    assert run(CHANGED) == 1
    assert stage.books(AccountKind.PURSE) == {}


def test_an_instalment_comes_earlier_once_though_the_timetable_looked_before_anybody_was_woken(stage: Stage) -> None:
    somchai = stage.citizen("somchai")
    join(stage, somchai, "half-each", at=JOINED)
    run(JOINED)
    pays_early()
    late = thai(2026, 1, 10, 6)
    assert run(late) == 1, "the old day of the instalment"
    assert stage.books(AccountKind.PURSE) == {PURSE: 600_00}
    assert list(waking.wake(at=late)) == [0], "it was looked at under the version already"
    assert run(late) == 0
    assert list(Filling.objects.values_list("code", "due_at")) == [("more", thai(2025, 12, 5, 6))]


def test_who_joins_after_the_version_or_has_ended_is_left_as_they_are(stage: Stage) -> None:
    pays_early()
    join(stage, stage.citizen("nok"), "half-each", at=CHANGED + MINUTE)
    ended = join(stage, stage.citizen("somchai"), "half-each", at=JOINED)
    Enrolment.objects.filter(id=ended.id).update(next_due_at=LIFETIME)
    assert list(waking.wake(at=CHANGED + 2 * MINUTE)) == [0]
    assert list(waking.wake(at=CHANGED + 2 * MINUTE)) == []
    assert set(Enrolment.objects.values_list("next_due_at", flat=True)) == {LIFETIME, None}


class KilledError(Exception):
    """The worker's machine is gone."""


@pytest.mark.parametrize("change", [ends_early, lambda: stop(CHANGED)], ids=["a version", "a stop"])
def test_killed_in_its_second_batch_it_goes_on_with_that(stage: Stage, change: Callable[[], None]) -> None:
    people(stage, 5)
    run(JOINED)
    change()
    batches = waking.wake(at=CHANGED + MINUTE, most_at_once=2)
    assert next(batches) == 2

    def die(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql == waking.WAKE:
            raise KilledError
        return result

    with pytest.raises(KilledError), connection.execute_wrapper(die):
        next(batches)
    assert Enrolment.objects.filter(next_due_at=CHANGED).count() == 2
    assert Waking.objects.values_list("place", "ended_at").get() == (2, None)
    assert list(waking.wake(at=CHANGED + MINUTE, most_at_once=2)) == [2, 1]
    assert Enrolment.objects.filter(next_due_at=CHANGED).count() == 5
    assert sum(dues.do(at=CHANGED + MINUTE)) == 5
    assert list(waking.wake(at=CHANGED + 2 * MINUTE)) == []
    assert Waking.objects.get().ended_at == CHANGED + MINUTE


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_nobody_who_pays_and_wakes_them_the_next_time(stage: Stage, superuser: str) -> None:
    people(stage, 3)
    run(JOINED)
    ends_early()
    payer = Enrolment.objects.get(place=2)
    other = psycopg2.connect(superuser)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM wallet_citizen WHERE id = %s FOR NO KEY UPDATE", [str(payer.citizen_id)])
        assert list(waking.wake(at=CHANGED)) == [1]
    other.rollback()
    other.close()
    assert list(waking.wake(at=CHANGED)) == [2]
