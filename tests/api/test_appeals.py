"""Appeals over the API: Nok is told which rule refused her, asks, and reads the answer."""

import pytest

from tests.api.doors import as_citizen, as_officer
from tests.cast import NOON, PLUS, Citizen, Stage, thai_id
from tests.settlement.office import Office
from tests.subsidies.test_appeals import BY_LISTS, CARD
from tests.subsidies.test_lists import in_force
from wallet import clock

pytestmark = pytest.mark.django_db

JOIN = {"scheme": PLUS, "accepts_terms": True}
ASK = {"scheme": PLUS, "statement": "my card ended in march"}
REGISTRATION = NOON.replace(day=21)


@pytest.fixture
def stage() -> Stage:
    market = Stage()
    market.open_books()
    market.scheme(document=BY_LISTS, funded=100_000_000_000_00)
    return market


@pytest.fixture
def office(noon: None) -> Office:
    clock.stand_at(REGISTRATION)
    return Office()


@pytest.fixture
def nok(stage: Stage, office: Office) -> Citizen:
    nok = stage.citizen("nok")
    in_force(office, thai_id(0).encode(), code=CARD)
    return nok


def test_she_is_told_the_rule_asks_for_another_look_and_enrols(nok: Citizen, office: Office) -> None:
    phone, anan = as_citizen(nok), as_officer(office.anan)
    no = phone.post("enrolments/", JOIN).json()
    assert (no["code"], no["facts"]["rule"], no["facts"]["appeal"]) == ("not_eligible", "no_welfare_card", True)
    assert no["facts"]["appeal_until_at"] is None

    asked = phone.post("appeals/", ASK, key="appeal")
    assert asked.status_code == 201
    assert (asked.json()["rule"], asked.json()["granted"]) == ("no_welfare_card", None)
    assert phone.post("appeals/", ASK, key="appeal").json() == asked.json()
    twice = phone.post("appeals/", ASK)
    assert (twice.status_code, twice.json()["code"]) == (409, "appeal_open")

    (waiting,) = anan.get("appeals/").json()["results"]
    assert (waiting["statement"], waiting["citizen_id"]) == ("my card ended in march", str(nok.id))
    yes = {"granted": True, "reason": "the registry confirms it"}
    decided = anan.post(f"appeals/{waiting['id']}/decision/", yes)
    assert (decided.status_code, decided.json()["decided_by"]) == (201, "anan")
    assert anan.post(f"appeals/{waiting['id']}/decision/", yes).json()["code"] == "appeal_decided"
    assert anan.get("appeals/").json() == {"results": [], "next": None}

    (mine,) = phone.get("me/appeals/").json()["results"]
    assert (mine["granted"], mine["reason"]) == (True, "the registry confirms it")
    assert "decided_by" not in mine
    assert phone.post("enrolments/", JOIN).json()["granted_satang"] == 2_000_00


def test_nobody_reads_what_another_wrote(stage: Stage, nok: Citizen, office: Office) -> None:
    as_citizen(nok).post("appeals/", ASK)
    assert as_citizen(stage.citizen("somchai")).get("me/appeals/").json() == {"results": [], "next": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scheme": PLUS}, "statement"),
        ({"scheme": PLUS, "statement": ""}, "statement"),
        ({"scheme": PLUS, "statement": "x" * 2_001}, "statement"),
        ({"scheme": PLUS, "statement": "nul\x00"}, "statement"),
        ({"statement": "look again"}, "scheme"),
    ],
)
def test_an_appeal_says_something(nok: Citizen, body: dict[str, str], field: str) -> None:
    answer = as_citizen(nok).post("appeals/", body)
    assert (answer.status_code, list(answer.json()["facts"]["fields"])) == (400, [field])
