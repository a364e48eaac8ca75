"""The ministry changes its mind: from its instant everybody pays by the new version; every payment keeps its own."""

import datetime as dt
from collections.abc import Mapping

import pytest

from merchants import audits
from merchants.payments import SplitChanged
from subsidies import enrolment, publishing, rights
from subsidies.models import Enrolment, SchemeVersion
from subsidies.rules.caps import DailyRightUsedUp
from tests.cast import NOON, OPENING, PLUS, STAGE_HAND, Citizen, Stage, Stall, ask, buy, confirm, terms_for
from tests.properties.stalls import SMALL_HALF
from tests.subsidies.small_half import ALL_SAINTS, CODE, MEANER, MORE_GENEROUS, SAME, next_version

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
MORNING = ALL_SAINTS + dt.timedelta(hours=6)


@pytest.fixture
def small(stage: Stage) -> Stage:
    stage.scheme(document=SMALL_HALF)
    return stage


@pytest.fixture
def somchai(small: Stage) -> Citizen:
    return small.citizen("somchai", cash_satang=1_000_00, enrolled=CODE)


@pytest.fixture
def malee(small: Stage) -> Stall:
    return small.stall("malee")


def publish(*, from_: dt.datetime, at: dt.datetime = NOON - MINUTE, saying: Mapping[str, str] = SAME) -> SchemeVersion:
    return publishing.publish(document=next_version(from_=from_, saying=saying), actor=STAGE_HAND, at=at)


def test_whoever_enrolled_before_pays_by_the_new_version_from_its_instant(
    small: Stage, somchai: Citizen, malee: Stall
) -> None:
    second = publish(from_=MORNING, saying=MORE_GENEROUS)
    payments = [buy(somchai, malee, 100_00, at=at) for at in (MORNING - dt.timedelta(hours=8), MORNING)]
    assert [payment.state_share for payment in payments] == [50_00, 60_00]
    assert [payment.shares[0]["version"] for payment in payments] == [
        str(SchemeVersion.objects.get(scheme=second.scheme, number=1).id),
        str(second.id),
    ]
    assert small.books() == {"cash:somchai": 910_00, "purse:somchai": 390_00, "payable:malee": 200_00}


def test_the_enrolment_keeps_the_version_that_it_was_made_under(somchai: Citizen) -> None:
    publish(from_=NOON + MINUTE, saying=MORE_GENEROUS)
    place = Enrolment.objects.get(citizen_id=somchai.id)
    assert SchemeVersion.objects.get(id=place.version_id).number == 1


def test_a_split_that_the_new_version_changes_is_shown_again_before_it_is_paid(
    small: Stage, somchai: Citizen, malee: Stall
) -> None:
    publish(from_=NOON + MINUTE, saying=MORE_GENEROUS)
    charge = ask(malee, 100_00)
    shown = terms_for(somchai, charge)
    with pytest.raises(SplitChanged) as refused:
        confirm(somchai, shown, at=NOON + MINUTE)
    assert refused.value.facts == {
        "price_satang": 100_00,
        "own_part_satang": 40_00,
        "state_satang": 60_00,
        "shown_own_part_satang": 50_00,
    }
    again = terms_for(somchai, charge, at=NOON + MINUTE)
    assert confirm(somchai, again, at=NOON + MINUTE).state_share == 60_00


def test_a_split_that_stays_the_same_is_paid_though_the_version_changed(somchai: Citizen, malee: Stall) -> None:
    second = publish(from_=NOON + MINUTE)
    shown = terms_for(somchai, ask(malee, 100_00))
    assert confirm(somchai, shown, at=NOON + MINUTE).shares[0]["version"] == str(second.id)


def test_what_was_used_of_todays_limit_counts_under_the_new_version(somchai: Citizen, malee: Stall) -> None:
    publish(from_=NOON + MINUTE, saying=MORE_GENEROUS)
    assert buy(somchai, malee, 400_00).state_share == 200_00
    assert buy(somchai, malee, 600_00, at=NOON + MINUTE).state_share == 100_00
    with pytest.raises(DailyRightUsedUp):
        buy(somchai, malee, 100_00, at=NOON + 2 * MINUTE)


def test_a_limit_that_was_lowered_in_the_middle_of_the_day_pays_no_more_that_day(
    somchai: Citizen, malee: Stall
) -> None:
    publish(from_=NOON + MINUTE, saying=MEANER)
    buy(somchai, malee, 400_00)
    with pytest.raises(DailyRightUsedUp):
        buy(somchai, malee, 100_00, at=NOON + MINUTE)
    assert buy(somchai, malee, 400_00, at=MORNING).state_share == 50_00


def test_the_home_screen_shows_the_version_in_force(somchai: Citizen) -> None:
    publish(from_=NOON + MINUTE, saying=MORE_GENEROUS)
    for at, number, today in ((NOON, 1, 200_00), (NOON + MINUTE, 2, 300_00)):
        (right,) = rights.home(citizen_id=somchai.id, at=at).rights
        assert (right.scheme.version, right.left.today) == (number, today)


def test_whatever_was_paid_on_both_sides_of_midnight_is_decided_again_by_its_own_version(
    small: Stage, somchai: Citizen, malee: Stall
) -> None:
    publish(from_=ALL_SAINTS, saying=MORE_GENEROUS)
    for at in (NOON, ALL_SAINTS - dt.timedelta(hours=2), MORNING, MORNING + MINUTE):
        buy(somchai, malee, 99_01, at=at)
    assert list(audits.of_people([somchai.id])) == []


def test_a_scheme_that_said_no_is_asked_again_by_the_version_that_was_in_force(somchai: Citizen, malee: Stall) -> None:
    enrolment.enrol(citizen_id=somchai.id, code=PLUS, key="plus", at=OPENING + MINUTE)
    publish(from_=NOON + MINUTE, saying=MORE_GENEROUS)
    buy(somchai, malee, 100_00, at=NOON)
    payment = buy(somchai, malee, 100_00, at=NOON + MINUTE)
    assert (payment.state_share, [reason["code"] for reason in payment.reasons]) == (
        60_00,
        ["rate_of_price", "not_with_other_schemes"],
    )
    assert list(audits.of_people([somchai.id])) == []
