"""Changes after enrolling, over the API: Somchai moves house, and comes over to another scheme."""

from typing import Any

import pytest

from subsidies.models import Enrolment
from tests.api.doors import Knock, as_citizen
from tests.cast import NOON, Citizen, Stage
from tests.subsidies.places import CODE, small_half
from tests.subsidies.test_changes import AT_HOME
from tests.subsidies.test_coming_over import OTHER, OTHERS
from wallet import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def nok(stage: Stage) -> Citizen:
    clock.stand_at(NOON)
    return stage.citizen("nok")


def enrolled(phone: Knock) -> str:
    joined = phone.post("enrolments/", {"scheme": CODE, "accepts_terms": True})
    assert joined.status_code == 201
    return f"enrolments/{joined.json()['enrolment_id']}/changes/"


def test_a_fact_is_changed(stage: Stage, nok: Citizen) -> None:
    stage.scheme(document=AT_HOME)
    phone = as_citizen(nok)
    here = enrolled(phone)

    moved = phone.post(here, {"change": "moved", "value": "น่าน"}, key="move")

    assert moved.status_code == 201
    assert moved.json() | {"enrolment_id": "", "at": ""} == {
        "enrolment_id": "",
        "change": "moved",
        "fact": "province",
        "was": "กรุงเทพมหานคร",
        "value": "น่าน",
        "given_up_satang": None,
        "at": "",
    }
    assert phone.post(here, {"change": "moved", "value": "น่าน"}, key="move").json() == moved.json()
    again = phone.post(here, {"change": "moved", "value": "น่าน"})
    assert (again.status_code, again.json()["code"]) == (409, "nothing_changed")
    assert Enrolment.objects.get(citizen_id=nok.id).person["province"] == "น่าน"


def test_she_comes_over_to_another_scheme(stage: Stage, nok: Citizen) -> None:
    stage.scheme(document=small_half())
    stage.scheme(document=OTHERS)
    phone = as_citizen(nok)
    here = enrolled(phone)

    came = phone.post(here, {"change": "from-small-half", "scheme": OTHER}, key="over")

    assert (came.status_code, came.json()["given_up_satang"], came.json()["fact"]) == (201, 500_00, None)
    assert phone.post(here, {"change": "from-small-half", "scheme": OTHER}, key="over").json() == came.json()
    (right,) = phone.get("me/").json()["schemes"]
    assert (right["code"], right["left_satang"]) == (OTHER, 700_00)
    assert right["enrolment_id"] == came.json()["enrolment_id"]
    back = phone.post("enrolments/", {"scheme": CODE, "accepts_terms": True})
    assert (back.status_code, back.json()["code"]) == (409, "right_given_up")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"change": "moved"}, ""),
        ({"change": "moved", "value": "น่าน", "scheme": OTHER}, ""),
        ({"value": "น่าน"}, "change"),
        ({"change": "moved", "value": ""}, "value"),
        ({"change": "moved", "value": "x" * 61}, "value"),
        ({"change": "moved", "value": ["น่าน"]}, "value"),
    ],
)
def test_one_thing_is_changed_at_a_time(stage: Stage, nok: Citizen, body: dict[str, Any], field: str) -> None:
    stage.scheme(document=small_half())
    phone = as_citizen(nok)
    answer = phone.post(enrolled(phone), body)
    assert (answer.status_code, list(answer.json()["facts"]["fields"])) == (400, [field])
