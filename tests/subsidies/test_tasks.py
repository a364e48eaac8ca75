"""The timetable gives places and takes rights back; each task may be lost or run twice."""

import datetime as dt

import pytest
from structlog.testing import capture_logs

from subsidies import tasks
from subsidies.models import Enrolment, Forfeit
from tests.cast import NOON, Stage
from tests.subsidies.places import ask, small_half
from wallet import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]

DEADLINE = NOON + dt.timedelta(days=2)


@pytest.fixture(autouse=True)
def _demo_clock(settings) -> None:
    settings.DEMO_CLOCK = True


def test_an_unused_right_goes_back_and_its_place_to_the_queue_with_every_task_delivered_twice(stage: Stage) -> None:
    reopened = small_half('places = 1\nforfeited_places = "reopened"', first_use="within_days = 2")
    stage.scheme(document=reopened)
    somchai, nok = stage.citizen("somchai"), stage.citizen("nok")
    for one in (somchai, nok):
        ask(one)
    said = []
    for at in (DEADLINE - dt.timedelta(seconds=1), DEADLINE):
        clock.stand_at(at)
        with capture_logs() as lines:
            for task in (tasks.take_back_unused_rights, tasks.give_free_places):
                task()
                task()
        said.append([line["event"] for line in lines])
    assert said == [[], ["rights_forfeited", "places_given"]]
    assert Forfeit.objects.get().citizen_id == somchai.id
    assert Enrolment.objects.get(place=1).citizen_id == nok.id
