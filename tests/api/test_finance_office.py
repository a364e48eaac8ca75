"""The finance office over the API: Ploy submits, Anan approves, the bank answers, and the picture adds up."""

from typing import Any
from uuid import UUID

import pytest

from settlement import bankfiles, batches
from settlement.models import BankFileDownload, Batch
from tests.api.doors import Knock, as_citizen, as_officer, as_till, terms_of
from tests.api.test_roles import DESCRIBED
from tests.cast import PLUS, Citizen, Stage, Stall, ask
from tests.settlement.market import TWO, end_of_day, sell
from tests.settlement.office import Bank, Office, payout_to
from wallet import clock

NOBODYS = UUID("0199f6a2-0000-7000-8000-000000000001")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def batch(stage: Stage, malee: Stall, prasert: Stall) -> Batch:
    """Return a batch that waits: 100 baht to Malee, 20 baht to Prasert."""
    nok = stage.citizen("nok", cash_satang=500_00)
    sell(nok, malee, 100_00)
    sell(nok, prasert, 20_00)
    end_of_day()
    clock.stand_at(TWO)
    return batches.build(at=TWO)


def shown(knock: Knock, batch: Batch) -> Any:
    return knock.get(f"settlement/batches/{batch.id}/").json()


def test_two_officers_send_a_batch_and_the_bank_answers(
    stage: Stage, office: Office, batch: Batch, malee: Stall, prasert: Stall
) -> None:
    ploy, anan = as_officer(office.ploy), as_officer(office.anan)
    here = f"settlement/batches/{batch.id}"
    seen = shown(ploy, batch)
    assert (seen["payouts"], seen["total_satang"], seen["state"]) == (2, 120_00, "waiting")
    names = {line["merchant_name"]: line["amount_satang"] for line in ploy.get(f"{here}/payouts/").json()["results"]}
    assert names == {"ร้าน malee": 100_00, "ร้าน prasert": 20_00}

    submitted = ploy.post(f"{here}/submission/", {"seen": seen["seen"]}, key="submit")
    assert (submitted.status_code, submitted.json()["submitted_by"]) == (201, "ploy")
    assert ploy.post(f"{here}/submission/", {"seen": seen["seen"]}, key="submit").json() == submitted.json()

    alone = ploy.post(f"{here}/approval/", {"seen": seen["seen"], "totp": office.ploy.code()})
    assert (alone.status_code, alone.json()["code"]) == (403, "approver_submitted")
    wrong = anan.post(f"{here}/approval/", {"seen": seen["seen"], "totp": "000000"}, key="approve")
    assert (wrong.status_code, wrong.json()["code"]) == (403, "second_factor_wrong")
    yes = {"seen": seen["seen"], "totp": office.anan.code()}
    approved = anan.post(f"{here}/approval/", yes, key="approve")
    assert (approved.status_code, approved.json()["state"], approved.json()["decided_by"]) == (201, "approved", "anan")
    assert anan.post(f"{here}/approval/", yes, key="approve").json() == approved.json()
    decided = anan.post(f"{here}/rejection/", {"reason": "too late"})
    assert (decided.status_code, decided.json()["code"]) == (409, "batch_decided")

    bankfiles.write_all(batch=batch, at=TWO)
    (file,) = ploy.get("settlement/bank-files/").json()["results"]
    content = ploy.get(f"settlement/bank-files/{file['id']}/content/")
    assert (content["Content-Type"], content.content[:5]) == ("application/xml", b"<?xml")
    assert [download.officer_id for download in BankFileDownload.objects.all()] == [office.ploy.officer.id]

    bank = Bank()
    bank.pay(payout_to(malee, batch=batch))
    bank.pay(payout_to(prasert, batch=batch))
    bank.give_back(payout_to(prasert, batch=batch))
    bank.book(7_00, None)
    statement = bank.statement()
    told = ploy.post("settlement/bank-statements/", statement, content_type="application/xml", key="statement")
    assert told.status_code == 201
    assert told.json() | {"id": ""} == {
        "id": "",
        "bank_id": "S-2025-11-01-0",
        "lines": 4,
        "closing_date": "2025-11-01",
        "confirmed": 2,
        "returned": 1,
        "discrepancies": 1,
    }
    again = ploy.post("settlement/bank-statements/", statement, content_type="application/xml", key="statement")
    assert again.json() == told.json()
    twice = ploy.post("settlement/bank-statements/", statement, content_type="application/xml")
    assert (twice.status_code, twice.json()["code"]) == (409, "statement_known")

    (amiss,) = ploy.get("settlement/discrepancies/").json()["results"]
    assert (amiss["kind"], amiss["amount_satang"]) == ("line_unknown", 7_00)
    settled = ploy.post(f"settlement/discrepancies/{amiss['id']}/resolution/", {"reason": "interest"}, key="interest")
    assert (settled.status_code, settled.json()["reason"]) == (201, "interest")
    assert ploy.get("settlement/discrepancies/").json() == {"results": [], "next": None}

    assert ploy.get("settlement/summary/").json() == {
        "payments": 2,
        "refusals": 0,
        "price_satang": 120_00,
        "citizen_satang": 120_00,
        "state_satang": 0,
        "refunded_satang": 0,
        "payouts": 2,
        "paid_out_satang": 100_00,
        "carried_forward_satang": 20_00,
        "discrepancies": 0,
    }


def test_a_batch_that_is_not_what_was_shown_is_not_submitted(office: Office, batch: Batch) -> None:
    answer = as_officer(office.ploy).post(f"settlement/batches/{batch.id}/submission/", {"seen": "0" * 64})
    assert (answer.status_code, answer.json()["code"]) == (409, "batch_changed")
    assert answer.json()["facts"]["total_satang"] == 120_00
    assert shown(as_officer(office.ploy), batch)["state"] == "waiting"


def test_a_rejected_batch_says_why(office: Office, batch: Batch) -> None:
    ploy = as_officer(office.ploy)
    answer = ploy.post(f"settlement/batches/{batch.id}/rejection/", {"reason": "a stall is under suspicion"})
    assert (answer.status_code, answer.json()["state"]) == (201, "rejected")
    assert answer.json()["reason"] == "a stall is under suspicion"


def test_days_are_listed_newest_first(office: Office, batch: Batch) -> None:
    days = as_officer(office.ploy).get("settlement/days/").json()["results"]
    assert [(day["business_date"], day["closed_at"] is None) for day in days] == [
        ("2025-11-01", True),
        ("2025-10-31", False),
    ]


def test_an_officer_who_has_left_does_nothing_with_the_token_that_is_still_good(
    stage: Stage, office: Office, batch: Batch, malee: Stall
) -> None:
    ploy, anan, nok = as_officer(office.ploy), as_officer(office.anan), stage.citizen("somchai", enrolled=PLUS)
    here, freeze = f"merchants/{malee.merchant.id}", f"citizens/{nok.id}/freeze/"
    assert anan.post(freeze, {"reason": "a limit was passed"}).status_code == 201
    assert anan.post(f"{here}/suspension/", {"reason": "cash for rights"}).status_code == 201
    office.ploy.officer.user.is_active = False
    office.ploy.officer.user.save()
    seen = {"seen": shown(anan, batch)["seen"]}
    for answer in (
        ploy.post(f"settlement/batches/{batch.id}/submission/", seen),
        ploy.post(f"schemes/{PLUS}/hand-back/", {"reason": "it is over"}),
        ploy.post(f"{here}/restoration/", {"reason": "a friend"}),
        ploy.post(f"{here}/suspension/", {"reason": "no friend"}),
        ploy.post(f"{here}/particulars/", {**DESCRIBED, "reason": "a friend"}),
        ploy.delete(freeze),
        ploy.post(freeze, {"reason": "no friend"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_an_officer")


def test_a_suspended_shop_takes_nothing_until_it_is_restored(office: Office, somchai: Citizen, malee: Stall) -> None:
    ploy, charge = as_officer(office.ploy), ask(malee, 50_00)
    here = f"merchants/{malee.merchant.id}/suspension/"
    suspended = ploy.post(here, {"reason": "cash for rights"})
    assert (suspended.status_code, suspended.json()["by"]) == (201, f"officer:{office.ploy.officer.id}")
    assert ploy.post(here, {"reason": "again"}).json()["code"] == "already_suspended"
    refused = as_citizen(somchai).post("payments/", terms_of(charge, own_part=25_00))
    assert (refused.status_code, refused.json()["code"]) == (409, "merchant_suspended")
    assert as_till(malee).post("charges/", {"amount_satang": 50_00}).json()["code"] == "merchant_suspended"
    restoration = f"merchants/{malee.merchant.id}/restoration/"
    assert ploy.post(restoration, {"reason": "it was another stall"}).status_code == 204
    assert as_citizen(somchai).post("payments/", terms_of(charge, own_part=25_00)).status_code == 201
    nowhere = ploy.post(f"merchants/{UUID(int=0)}/suspension/", {"reason": "nobody"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "merchant_unknown")


def test_officers_read_lists_in_pages(office: Office, batch: Batch) -> None:
    ploy = as_officer(office.ploy)
    here = f"settlement/batches/{batch.id}/payouts/"
    first = ploy.get(here, limit=1).json()
    second = ploy.get(here, limit=1, after=first["next"]).json()
    assert len(first["results"]) == len(second["results"]) == 1
    assert (first["results"] != second["results"], second["next"]) == (True, None)
    assert [found["id"] for found in ploy.get("settlement/batches/").json()["results"]] == [str(batch.id)]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("settlement/batches/{}/", "batch_unknown"),
        ("settlement/bank-files/{}/content/", "bank_file_unknown"),
    ],
)
def test_what_does_not_exist_is_said_by_name(office: Office, path: str, code: str) -> None:
    answer = as_officer(office.ploy).get(path.format(NOBODYS))
    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_nobody_resolves_a_discrepancy_that_does_not_exist(office: Office) -> None:
    path = f"settlement/discrepancies/{NOBODYS}/resolution/"
    answer = as_officer(office.ploy).post(path, {"reason": "the bank explained it"}, key="resolve")
    assert (answer.status_code, answer.json()["code"]) == (404, "discrepancy_unknown")
