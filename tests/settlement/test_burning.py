"""Budgets, burned against plan: closed days and the open one together, whoever has summed what."""

import datetime as dt

import pytest

from settlement import burning, tallies
from settlement.burning import Burn
from subsidies import budgets
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, buy
from tests.settlement.market import MIDNIGHT, end_of_day
from wallet.clock import BANGKOK

pytestmark = pytest.mark.django_db

# From when to when คนละครึ่ง พลัส pays.
FIRST_DAY = dt.datetime(2025, 10, 29, 6, 0, tzinfo=BANGKOK)
LAST_DAY = dt.datetime(2025, 12, 31, 23, 0, tzinfo=BANGKOK)


def burn(at: dt.datetime) -> Burn:
    tallies.count(behind=dt.timedelta())
    (found,) = burning.all_schemes(at=at)
    return found


def test_what_is_spent_is_the_same_before_and_after_its_day_is_summed(
    stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 100_00)
    assert burn(NOON).spent == 50_00
    end_of_day()
    assert burn(MIDNIGHT).spent == 50_00
    budgets.sum_days(at=MIDNIGHT)
    assert burn(MIDNIGHT).spent == 50_00
    buy(somchai, malee, 20_00, at=NOON + dt.timedelta(days=1))
    found = burn(NOON + dt.timedelta(days=1))
    assert (found.code, found.spent, found.funded) == (PLUS, 60_00, 100_000_000_000_00)


def test_the_plan_is_nothing_before_the_first_day_and_all_after_the_last(stage: Stage) -> None:
    before, ended = burn(FIRST_DAY), burn(LAST_DAY)
    assert before.planned == 0
    assert ended.planned == ended.funded
    assert not ended.is_ahead
    assert ended.percent == 0


def test_half_of_the_days_are_half_of_the_money(stage: Stage) -> None:
    found = burn(FIRST_DAY + (LAST_DAY - FIRST_DAY) / 2)
    assert found.planned == 50_000_000_000_00


def test_who_spends_before_the_plan_is_ahead_of_it(somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 100_00)
    assert burn(FIRST_DAY).is_ahead
    assert not burn(NOON).is_ahead
