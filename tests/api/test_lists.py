"""Lists of people over the API: Ploy uploads, Anan approves, and nobody reads an ID out of what is answered."""

import csv
import io
from typing import Any

import pytest

from tests.api.doors import Knock, as_officer
from tests.cast import OPENING, PLUS, Stage, thai_id
from tests.settlement.office import Office
from tests.subsidies.test_lists import csv_of
from wallet import clock
from wallet.ids import uuid7

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

ABOUT = "lists/?code=tax-filers-2567&as_of=2025-06-30&source=Revenue+Department"


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office()


def send(caller: Knock, content: bytes, *, about: str = ABOUT, key: str = "k1", **headers: str) -> Any:
    return caller.post(about, content, key=key, content_type=headers.pop("content_type", "text/csv"), **headers)


def test_a_list_is_uploaded_looked_at_and_put_in_force(stage: Stage, office: Office) -> None:
    clock.stand_at(OPENING)
    ploy, anan = as_officer(office.ploy), as_officer(office.anan)
    content = b"national_id\r\n" + csv_of(0, 1, 1) + b"123\r\n"

    sent = send(ploy, content)

    assert sent.status_code == 201
    found = sent.json()
    assert {name: found[name] for name in ("state", "lines", "people", "rejected", "made_by", "approved_by")} == {
        "state": "waiting",
        "lines": 5,
        "people": 2,
        "rejected": 2,
        "made_by": "ploy",
        "approved_by": None,
    }
    assert found["read_bytes"] == found["size_bytes"] == len(content)
    here = f"lists/{found['id']}/"
    assert ploy.get(here).json() == found
    assert ploy.get("lists/").json() == {"results": [found], "next": None}

    first = ploy.get(f"{here}rejections/", limit=1).json()
    assert first["next"] == 4
    assert ploy.get(f"{here}rejections/", after=4).json()["results"] == [
        {
            "line": 5,
            "why": "not_13_digits",
            "th": "ไม่ใช่เลข 13 หลัก",
            "en": "it is not 13 digits",
            "masked": "",
        }
    ]
    told = b"".join(ploy.get(f"{here}rejections.csv").streaming_content).decode()
    assert [(row["line"], row["why"], row["masked"]) for row in csv.DictReader(io.StringIO(told))] == [
        ("4", "duplicate", "•••••••••" + thai_id(1)[-4:]),
        ("5", "not_13_digits", ""),
    ]
    assert thai_id(1) not in told + sent.content.decode()

    alone = ploy.post(f"{here}approval/", {"totp": office.ploy.code()})
    assert (alone.status_code, alone.json()["code"]) == (403, "list_maker_approves")
    approved = anan.post(f"{here}approval/", {"totp": office.anan.code()})
    assert (approved.status_code, approved.json()["state"], approved.json()["approved_by"]) == (201, "approved", "anan")
    stage.citizen("somchai", enrolled=PLUS)
    assert stage.books() == {"purse:somchai": 2_400_00}


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ("lists/?as_of=2025-06-30&source=Revenue", "code"),
        ("lists/?code=Tax+Filers&as_of=2025-06-30&source=Revenue", "code"),
        ("lists/?code=filers&source=Revenue", "as_of"),
        ("lists/?code=filers&as_of=30/06/2568&source=Revenue", "as_of"),
        ("lists/?code=filers&as_of=2025-06-30", "source"),
        ("lists/?code=filers&as_of=2025-06-30&source=Revenue&rows=7", "rows"),
    ],
)
def test_what_is_said_about_a_list_is_read_strictly(office: Office, about: str, field: str) -> None:
    answer = send(as_officer(office.ploy), csv_of(1), about=about)
    assert (answer.status_code, list(answer.json()["facts"]["fields"])) == (400, [field])


def test_what_is_no_list_is_refused(office: Office) -> None:
    ploy = as_officer(office.ploy)
    for content_type in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        assert send(ploy, csv_of(1), content_type=content_type).status_code == 415
    nobody = send(ploy, b"")
    assert (nobody.status_code, nobody.json()["code"]) == (422, "list_stopped")
    ahead = send(ploy, csv_of(1), about=ABOUT.replace("2025", "2568"), key="k2")
    assert (ahead.status_code, ahead.json()["code"]) == (422, "list_ahead_of_its_day")
    missing = ploy.get(f"lists/{uuid7()}/")
    assert (missing.status_code, missing.json()["code"]) == (404, "list_unknown")
    assert ploy.get(f"lists/{uuid7()}/rejections.csv").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_lists_are_listed_in_one_statement(office: Office, django_assert_num_queries: Any, count: int) -> None:
    ploy = as_officer(office.ploy)
    for number in range(count):
        assert send(ploy, csv_of(number), key=f"k{number}").status_code == 201
    with django_assert_num_queries(1):
        assert len(ploy.get("lists/").json()["results"]) == count
