"""A citizen sees the place that they have, or how many are ahead of them, and why their turn was passed."""

import datetime as dt

import pytest

from subsidies import called, forfeits
from subsidies.models import PassedOver, Ticket
from tests.api.doors import as_citizen
from tests.cast import NOON, PLUS, Stage
from tests.settlement.office import Office
from tests.subsidies.places import CODE, ask, give, lose_a_number, small_half
from tests.subsidies.programmes import begin
from tests.subsidies.test_enrolled_by_list import CARD, HOLDERS
from tests.subsidies.test_lists import csv_of, in_force
from wallet import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

NOT_ASKED = {
    "pool": None,
    "ahead_in_queue": None,
    "enrolment_id": None,
    "place": None,
    "enrolled_at": None,
    "turn_passed": None,
    "forfeited_at": None,
}
SMALL = {**NOT_ASKED, "scheme": CODE, "name_th": "ครึ่งเล็ก", "name_en": "Small half"}


def test_who_asked_for_nothing_sees_nothing(stage: Stage) -> None:
    stage.citizen("somchai", enrolled=PLUS)
    assert as_citizen(stage.citizen("nok")).get("enrolments/").json() == {"results": []}


def test_a_place_and_a_number_in_the_queue(stage: Stage) -> None:
    stage.scheme(document=small_half("places = 1"))
    somchai, nok, third = (stage.citizen(name) for name in ("somchai", "nok", "a third citizen"))
    place = ask(somchai).enrolment
    assert place is not None
    waits = as_citizen(nok).post("enrolments/", {"scheme": CODE, "accepts_terms": True})
    assert waits.json() == {"ticket_number": 2, "enrolment_id": None, "granted_satang": 0, "ahead_in_queue": 0}
    ask(third)
    assert as_citizen(somchai).get("enrolments/").json()["results"] == [
        {
            **SMALL,
            "ticket_number": 1,
            "enrolment_id": str(place.id),
            "place": 1,
            "enrolled_at": "2025-10-31T05:00:00Z",
        }
    ]
    assert as_citizen(third).get("enrolments/").json()["results"] == [
        {**SMALL, "ticket_number": 3, "ahead_in_queue": 1}
    ]


def test_a_place_that_came_later(stage: Stage) -> None:
    small = stage.scheme(document=small_half("places = 1"))
    somchai, nok = stage.citizen("somchai"), stage.citizen("nok")
    lose_a_number(somchai, small)
    ask(nok)
    give()
    (shown,) = as_citizen(nok).get("enrolments/").json()["results"]
    assert (shown["ticket_number"], shown["place"], shown["ahead_in_queue"]) == (2, 1, None)


def test_a_turn_that_was_passed_says_why_in_both_languages(stage: Stage) -> None:
    small = stage.scheme(document=small_half("places = 1"))
    somchai, nok = stage.citizen("somchai"), stage.citizen("nok")
    lose_a_number(somchai, small)
    ask(nok)
    give(at=dt.datetime(2025, 11, 9, 12, 0, tzinfo=NOON.tzinfo))
    (shown,) = as_citizen(nok).get("enrolments/").json()["results"]
    assert shown["turn_passed"] == {
        "at": "2025-11-09T05:00:00Z",
        "code": "first_use_missed",
        "detail_th": "สิทธินี้หมดไปแล้ว เพราะไม่ได้เริ่มใช้ภายใน 8 พ.ย. 2568 23:00 น. "
        "ท่านยังชำระด้วยเงินของท่านเองได้ และติดตามโครงการรอบใหม่ได้",
        "detail_en": "This right lapsed: it was not used before 8 Nov 2025 23:00. "
        "Pay with your own money; watch for the next round.",
        "facts": {"deadline_at": "2025-11-08T23:00:00+07:00"},
    }
    assert (PassedOver.objects.count(), Ticket.objects.filter(waits=True).count()) == (1, 0)


def test_who_is_on_a_list_and_was_passed_over_is_told_why_and_how_to_appeal(stage: Stage) -> None:
    begin(stage, CARD)
    nok, office = stage.citizen("nok", verified_on="2025-10-20"), Office()
    in_force(office, csv_of(0), code=HOLDERS)
    in_force(office, csv_of(1), code=HOLDERS, as_of=dt.date(2025, 9, 30))
    called.enrol(at=NOON)
    (shown,) = as_citizen(nok).get("enrolments/").json()["results"]
    turn = shown.pop("turn_passed")
    assert shown == {
        **{name: value for name, value in NOT_ASKED.items() if name != "turn_passed"},
        "scheme": CARD,
        "name_th": "บัตรสวัสดิการแห่งรัฐ (วงเงินซื้อสินค้า)",
        "name_en": "State welfare card: goods",
        "ticket_number": None,
    }
    assert (turn["at"], turn["code"]) == ("2025-10-31T05:00:00Z", "not_eligible")
    assert "Appeal at a state bank or the provincial treasury office." in turn["detail_en"]


def test_a_right_that_was_taken_back(stage: Stage) -> None:
    stage.scheme(document=small_half("places = 1", first_use="within_days = 2"))
    somchai = stage.citizen("somchai")
    ask(somchai)
    deadline = NOON + dt.timedelta(days=2)
    forfeits.take_back_unused(at=deadline)
    clock.stand_at(deadline)
    (shown,) = as_citizen(somchai).get("enrolments/").json()["results"]
    assert (shown["place"], shown["forfeited_at"]) == (1, "2025-11-02T05:00:00Z")
    again = as_citizen(somchai).post("enrolments/", {"scheme": CODE, "accepts_terms": True})
    assert (again.status_code, again.json()["code"]) == (409, "right_forfeited")


def test_who_is_counted_at_the_first_payment_has_no_number_before(stage: Stage) -> None:
    stage.scheme(document=small_half('places = 1\ncounted = "at_payment"'))
    somchai = as_citizen(stage.citizen("somchai"))
    joined = somchai.post("enrolments/", {"scheme": CODE, "accepts_terms": True}).json()
    assert (joined["ticket_number"], joined["granted_satang"], joined["ahead_in_queue"]) == (None, 0, 0)
    (shown,) = somchai.get("enrolments/").json()["results"]
    assert (shown["enrolment_id"], shown["ticket_number"], shown["place"]) == (joined["enrolment_id"], None, None)
