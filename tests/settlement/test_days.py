"""A day closes at midnight in Bangkok: late perhaps, never early, and never with a payment between two days."""

import datetime as dt

import pytest

from settlement import days
from settlement.days import BooksBusy, BooksOpenAlready, DayNotOver
from tests.cast import NOON, PLUS, Stage, buy
from tests.races.at_once import at_once
from wallet import ledger
from wallet.clock import BANGKOK
from wallet.models import BusinessDay

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY, SUNDAY = (dt.date(2025, 10, 31) + dt.timedelta(days=n) for n in range(3))
MIDNIGHT = dt.datetime(2025, 11, 1, 0, 0, tzinfo=BANGKOK)
A_MOMENT = dt.timedelta(microseconds=1)


def the_days() -> list[tuple[dt.date, bool]]:
    """Return every day of the books and whether it is open."""
    return [(day.business_date, day.closed_at is None) for day in BusinessDay.objects.order_by("business_date")]


def test_the_books_are_opened_once() -> None:
    days.open_first(business_date=FRIDAY, at=NOON)
    with pytest.raises(BooksOpenAlready):
        days.open_first(business_date=FRIDAY, at=NOON)
    assert the_days() == [(FRIDAY, True)]


def test_a_moment_before_midnight_is_too_early(stage: Stage) -> None:
    with pytest.raises(DayNotOver) as refused:
        days.close(at=MIDNIGHT - A_MOMENT)
    assert refused.value.facts == {"business_date": "2025-10-31", "due_at": "2025-11-01T00:00:00+07:00"}
    assert the_days() == [(FRIDAY, True)]


def test_at_midnight_friday_closes_and_saturday_opens(stage: Stage) -> None:
    assert days.close(at=MIDNIGHT).business_date == FRIDAY
    assert the_days() == [(FRIDAY, False), (SATURDAY, True)]
    assert BusinessDay.objects.get(business_date=FRIDAY).closed_at == MIDNIGHT


def test_closing_twice_closes_one_day(stage: Stage) -> None:
    days.close(at=MIDNIGHT)
    with pytest.raises(DayNotOver):
        days.close(at=MIDNIGHT)
    assert the_days() == [(FRIDAY, False), (SATURDAY, True)]


def test_missed_days_are_closed_one_by_one_and_today_stays_open(stage: Stage) -> None:
    closed = days.close_due(at=dt.datetime(2025, 11, 2, 9, 30, tzinfo=BANGKOK))
    assert [day.business_date for day in closed] == [FRIDAY, SATURDAY]
    assert the_days() == [(FRIDAY, False), (SATURDAY, False), (SUNDAY, True)]


def test_after_months_of_silence_one_call_closes_a_month(stage: Stage) -> None:
    assert len(days.close_due(at=dt.datetime(2026, 3, 1, 9, 0, tzinfo=BANGKOK))) == 31


def test_what_somchai_pays_after_a_late_midnight_belongs_to_the_day_that_is_open(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")
    late = dt.datetime(2025, 11, 1, 6, 30, tzinfo=BANGKOK)
    assert buy(somchai, malee, 100_00, at=late).business_date == FRIDAY
    days.close(at=late)
    assert buy(somchai, malee, 100_00, at=late).business_date == SATURDAY


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_close_one_day(stage: Stage) -> None:
    answers = at_once([lambda: days.close(at=MIDNIGHT)] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["BusinessDay"] + ["DayNotOver"] * 3
    assert the_days() == [(FRIDAY, False), (SATURDAY, True)]


@pytest.mark.django_db(transaction=True)
def test_a_posting_that_never_ends_stops_the_close_and_nothing_else(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "MOST_TRIES", 2)
    monkeypatch.setattr(days, "LONGEST_REST_SECONDS", 0.1)
    with ledger.posting():
        (answer,) = at_once([lambda: days.close(at=MIDNIGHT)])
    assert isinstance(answer, BooksBusy)
    assert the_days() == [(FRIDAY, True)]
    assert days.close(at=MIDNIGHT).business_date == FRIDAY


@pytest.mark.django_db
def test_before_the_books_are_opened_there_is_nothing_to_close() -> None:
    assert days.close_due(at=NOON) == []
