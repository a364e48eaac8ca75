"""Ploy and Anan publish, suspend and stop a scheme over the API, each with what they were shown."""

from typing import Any

import pytest

from subsidies import drafts
from tests.api.doors import Knock, as_citizen, as_officer
from tests.cast import PLUS, Citizen, Stage, buy
from tests.properties.stalls import SMALL_HALF
from tests.settlement.office import Office
from tests.subsidies.small_half import ALL_SAINTS, CODE, MORE_GENEROUS, next_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

SECOND = next_version(from_=ALL_SAINTS, saying=MORE_GENEROUS)


@pytest.fixture
def office(stage: Stage) -> Office:
    stage.scheme(document=SMALL_HALF)
    return Office()


@pytest.fixture
def ploy(office: Office) -> Knock:
    return as_officer(office.ploy)


@pytest.fixture
def anan(office: Office) -> Knock:
    return as_officer(office.anan)


def told(answer: Any) -> tuple[int, Any]:
    """Return the status, and the code of a problem or the answer itself."""
    body = answer.json()
    return answer.status_code, body["code"] if answer.status_code >= 400 else body


def test_a_version_on_its_way_from_draft_to_published(office: Office, ploy: Knock, anan: Knock) -> None:
    draft = ploy.post("schemes/drafts/", {"document": "[scheme]\n"}).json()
    assert (draft["author"], draft["state"]) == ("ploy", "drafted")
    where = f"schemes/drafts/{draft['id']}/"

    wrong = ploy.get(f"{where}check/").json()
    assert (wrong["publishable"], wrong["refusal"]["code"], wrong["examples"]) == (False, "document_invalid", [])
    assert {"line": 1, "field": "spend", "found": "nothing"}.items() <= next(
        mistake for mistake in wrong["mistakes"] if mistake["field"] == "spend"
    ).items()
    assert told(ploy.post(f"{where}submission/", {"seen": draft["seen"]})) == (422, "document_invalid")

    assert told(anan.put(where, {"document": SECOND})) == (403, "draft_not_yours")
    draft = ploy.put(where, {"document": SECOND}).json()
    right = ploy.get(f"{where}check/").json()
    assert (right["publishable"], right["refusal"], right["mistakes"]) == (True, None, [])
    line = SECOND.splitlines().index("[[examples]]") + 1
    assert [(row["line"], row["is_right"]) for row in right["examples"]] == [(line, True), (line, True)]

    submitted = ploy.post(f"{where}submission/", {"seen": draft["seen"]})
    assert (submitted.status_code, submitted.json()["state"]) == (201, "submitted")
    approval = {"seen": draft["seen"], "totp": office.ploy.code()}
    assert told(ploy.post(f"{where}approval/", approval)) == (403, "approver_drafted")
    published = anan.post(f"{where}approval/", {"seen": draft["seen"], "totp": office.anan.code()}).json()
    assert (published["state"], published["scheme"], published["version"]) == ("published", CODE, 2)
    assert (published["submitted_by"], published["decided_by"]) == ("ploy", "anan")


def test_a_rejection_says_why(office: Office, ploy: Knock, anan: Knock) -> None:
    draft = ploy.post("schemes/drafts/", {"document": SECOND}).json()
    where = f"schemes/drafts/{draft['id']}/"
    ploy.post(f"{where}submission/", {"seen": draft["seen"]})
    rejected = anan.post(f"{where}rejection/", {"reason": "the cabinet said half"}).json()
    assert (rejected["state"], rejected["reason"]) == ("rejected", "the cabinet said half")


def test_drafts_are_listed_newest_first_without_their_texts(ploy: Knock, django_assert_num_queries: Any) -> None:
    ids = [ploy.post("schemes/drafts/", {"document": f"# {number}"}).json()["id"] for number in range(3)]
    for limit in (1, 3):
        with django_assert_num_queries(2):  # the drafts, their submissions
            listed = ploy.get("schemes/drafts/", limit=limit).json()
        assert [row["id"] for row in listed["results"]] == ids[::-1][:limit]
        assert "document" not in listed["results"][0]


def test_what_a_version_says_and_what_it_changed(office: Office, ploy: Knock, anan: Knock) -> None:
    draft = ploy.post("schemes/drafts/", {"document": SECOND}).json()
    where, seen = f"schemes/drafts/{draft['id']}/", draft["seen"]
    ploy.post(f"{where}submission/", {"seen": seen})
    anan.post(f"{where}approval/", {"seen": seen, "totp": office.anan.code()})

    versions = ploy.get(f"schemes/{CODE}/versions/").json()["results"]
    assert [(row["version"], row["in_force"], row["digest"] == seen) for row in versions] == [
        (2, False, True),
        (1, True, False),
    ]
    assert ploy.get(f"schemes/{CODE}/versions/2/").json()["document"] == SECOND
    changed = ploy.get(f"schemes/{CODE}/versions/2/differences/").json()
    assert {"field": "caps[day].limit_satang", "was": 200_00, "now": 300_00} in changed["fields"]
    assert told(ploy.get(f"schemes/{CODE}/versions/1/differences/")) == (404, "version_unknown")
    said = ploy.get(f"schemes/{CODE}/versions/2/explanation/").json()["sections"]
    assert any("60%" in sentence["en"] for section in said for sentence in section["sentences"])


def test_a_scheme_is_suspended_shown_as_such_and_restored(
    office: Office, ploy: Knock, anan: Knock, somchai: Citizen
) -> None:
    why = {"reason": "cash for rights"}
    suspended = ploy.post(f"schemes/{PLUS}/suspension/", why)
    assert (suspended.status_code, suspended.json()["suspended_by"]) == (201, "ploy")
    assert told(anan.post(f"schemes/{PLUS}/suspension/", why)) == (409, "scheme_suspended_already")
    (right,) = as_citizen(somchai).get("me/").json()["schemes"]
    assert (right["suspended_at"], right["left_today_satang"]) == ("2025-10-31T05:00:00Z", 0)
    again = {"reason": "all is well", "totp": office.ploy.code()}
    assert told(ploy.post(f"schemes/{PLUS}/restoration/", again)) == (403, "second_officer_needed")
    restored = anan.post(f"schemes/{PLUS}/restoration/", again | {"totp": office.anan.code()})
    assert (restored.status_code, restored.json()["restored_by"]) == (201, "anan")


def test_a_scheme_is_stopped_by_two(office: Office, ploy: Knock, anan: Knock) -> None:
    assert ploy.post(f"schemes/{CODE}/stop/", {"reason": "the money is gone"}).json()["stopped_at"] is None
    stopped = anan.post(f"schemes/{CODE}/stop/approval/", {"totp": office.anan.code()}).json()
    assert (stopped["asked_by"], stopped["decided_by"], stopped["stopped_at"]) == (
        "ploy",
        "anan",
        "2025-10-31T05:00:00Z",
    )
    assert told(ploy.post(f"schemes/{CODE}/stop/rejection/", {"reason": "after all"})) == (409, "scheme_stopped")


def test_a_document_of_half_a_megabyte_is_taken_and_a_longer_one_is_not(ploy: Knock) -> None:
    long = "# " + "ก" * 150_000  # six bytes each in JSON
    assert ploy.post("schemes/drafts/", {"document": long}).json()["document"] == long
    assert drafts.of(draft_id=ploy.get("schemes/drafts/").json()["results"][0]["id"]).document == long
    assert told(ploy.post("schemes/drafts/", {"document": "#" * 1_000_001}))[0] == 400


def test_a_report_is_read_as_json_and_as_a_file(stage: Stage, ploy: Knock, somchai: Citizen) -> None:
    buy(somchai, stage.stall("malee"), 100_00)
    report = ploy.get(f"schemes/{PLUS}/report/", **{"by": "class", "from": "2025-10-31"}).json()
    assert (report["by"], report["foots"], report["differences"]) == (["shop_class"], True, {})
    assert [
        (row["group"], row["figures"]["state_satang"], row["figures"]["granted_satang"]) for row in report["rows"]
    ] == [
        ([""], 0, 2_000_00),
        (["food"], 50_00, 0),
    ]
    assert (report["total"]["price_satang"], report["total"]["left_satang"]) == (100_00, 1_950_00)
    file = ploy.get(f"schemes/{PLUS}/report/", by="class", format="csv")
    assert (file["Content-Type"], file.content.decode().splitlines()[2]) == (
        "text/csv; charset=utf-8",
        "food,1,10000,5000,5000,0,0,0,0,0,0,0,-5000",
    )
    assert file["Content-Disposition"].endswith('filename="khon-la-khrueng-plus-class-2025-10-31-2025-10-31.csv"')


@pytest.mark.parametrize(
    ("asked", "no"),
    [
        ({"by": "shoe_size"}, (400, "fields_wrong")),
        ({"from": "yesterday"}, (400, "fields_wrong")),
        ({"from": "2025-11-01"}, (422, "no_such_days")),
    ],
)
def test_a_report_of_nothing_is_refused(ploy: Knock, asked: dict[str, str], no: tuple[int, str]) -> None:
    assert told(ploy.get(f"schemes/{PLUS}/report/", **asked)) == no
