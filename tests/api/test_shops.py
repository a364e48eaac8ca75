"""A shop over the API: from an application to a till, its people, its posters, its books, and who looked at them."""

import csv
import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pytest_django.fixtures import Settings

from merchants.models import Role
from tests.api.doors import Knock, as_citizen, as_officer, as_staff, as_till, knock_as
from tests.cast import PLUS, Citizen, Stage, Stall, ask, buy, give
from tests.settlement.market import sell
from tests.settlement.office import hire
from tests.shopkeepers import keeper
from wallet.tokens import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

PASSWORD = "khao-mok-gai-on-friday"
PLACE = {
    "province": "กรุงเทพมหานคร", "district": "พระนคร", "latitude_e6": 13_756_331, "longitude_e6": 100_501_762,
}  # fmt: skip
FACTS = {
    "legal_form": "natural_person",
    "class": "food",
    "turnover_satang": 1_200_000_00,
    "is_franchise": False,
    **PLACE,
}
SHOP = {
    "name": "ข้าวแกงประเสริฐ",
    "name_en": "Prasert's rice",
    "facts": FACTS,
    "bank_code": "KRTHTHBK",
    "bank_account": "9876543210",
}
MALEES = {"name": "ก๋วยเตี๋ยวมาลี", "name_en": "Malee", "facts": FACTS, "reason": "a new name"}


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_from_an_application_to_the_first_bowl_sold(nok: Citizen, somchai: Citizen) -> None:
    phone, officer = as_citizen(nok), hire("ploy")
    ploy = as_officer(officer)
    applied = phone.post("applications/", SHOP).json()
    assert (applied["state"], applied["facts"], applied["bank_account_masked"]) == ("waiting", FACTS, "••••••3210")
    (waiting,) = ploy.get("merchants/applications/").json()["results"]
    assert waiting == applied
    approval = f"merchants/applications/{applied['id']}/approval/"
    assert said(ploy.post(approval, {"seen": applied["version_id"]})) == (400, "fields_wrong")
    taken = ploy.post(approval, {"seen": applied["version_id"], "totp": officer.code()})
    assert (taken.status_code, taken.json()) == (201, {"merchant_id": applied["id"]})
    (mine,) = phone.get("applications/").json()["results"]
    assert mine["state"] == "approved"
    (notice,) = phone.get("me/notices/").json()["results"]
    assert notice["en"].startswith("The shop ข้าวแกงประเสริฐ was taken in.")

    invited = phone.post(f"applications/{applied['id']}/owner-invitation/").json()
    assert invited["qr_svg"].startswith("<svg")
    body = {"invitation": invited["payload"], "username": "nok", "password": PASSWORD}
    joined = Knock().post("staff/", body).json()
    assert (joined["role"], joined["totp_url"].partition("?")[0]) == ("owner", "otpauth://totp/G-Wallet%3Anok")
    owner = knock_as(Caller("staff", joined["staff_id"], merchant_id=applied["id"], staff_role="owner"))
    invitation = owner.post("shop/till-invitations/", {"name": "phone"}).json()["payload"]
    till = Knock().post("tills/", {"invitation": invitation}).json()
    assert (till["name"], till["merchant_name"]) == ("phone", "ข้าวแกงประเสริฐ")
    signed_in = Knock().post("tokens/", {"grant": "till", "till_id": till["till_id"], "secret": till["secret"]})
    charge = Knock(signed_in.json()["access"]).post("charges/", {"amount_satang": 60_00}).json()
    offer = as_citizen(somchai).post("scans/", {"qr_payload": charge["qr_payload"]}).json()
    assert (offer["merchant_name"], offer["own_part_satang"]) == ("ข้าวแกงประเสริฐ", 30_00)


def test_what_an_officer_has_not_seen_is_not_approved_and_a_rejection_is_answered(nok: Citizen) -> None:
    phone, ploy = as_citizen(nok), as_officer(hire("ploy"))
    first = phone.post("applications/", SHOP).json()
    where = f"merchants/applications/{first['id']}/"
    rejected = ploy.post(f"{where}rejection/", {"seen": first["version_id"], "reason": "the photo shows no shop"})
    assert (rejected.json()["state"], rejected.json()["reason"]) == ("rejected", "the photo shows no shop")
    second = phone.post(f"applications/{first['id']}/correction/", SHOP).json()
    assert (second["number"], second["state"]) == (2, "waiting")
    old = {"seen": first["version_id"], "totp": "000000"}
    assert said(ploy.post(f"{where}approval/", old)) == (409, "application_changed")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "ร้าน\n"},
        {"name_en": "ร้าน"},
        {"bank_code": "krungthai"},
        {"bank_account": "12-3456-7890"},
        {"bank_account": 1234567890},
        {"facts": {**FACTS, "legal_form": "foundation"}},
        {"facts": {**FACTS, "turnover_satang": -1}},
        {"facts": {**FACTS, "turnover_satang": 1.5}},
        {"facts": {**FACTS, "is_vat_registered": "yes"}},
        {"facts": {**FACTS, "latitude_e6": 100_501_762}},
        {"facts": {**FACTS, "lists": ["blue-flag"]}},
        {"facts": {**FACTS, "accepted_schemes": [PLUS]}},
        {"facts": {"class": "food"}},
        {"owner": "nok"},
    ],
)
def test_nobody_applies_with_what_cannot_be(nok: Citizen, change: dict[str, Any]) -> None:
    assert said(as_citizen(nok).post("applications/", SHOP | change)) == (400, "fields_wrong")


MANAGERS_TOO = [
    ("POST", "shop/till-invitations/", {"name": "phone"}, 201),
    ("POST", "shop/staff-invitations/", {"role": "cashier", "name": "nephew"}, 201),
    ("GET", "shop/staff/", None, 200),
    ("GET", "shop/posters/", None, 200),
    ("POST", "shop/posters/", {}, 201),
    ("GET", "shop/notices/", None, 200),
]
OWNERS_ONLY = [
    ("GET", "shop/bank-account-changes/", None, 200),
    ("POST", "shop/branches/", {"name": "สาขา 2", "place": PLACE}, 201),
    ("POST", "shop/accepted-terms/", {"scheme": PLUS, "version": 1}, 204),
    ("POST", "shop/applications/", MALEES, 201),
    ("GET", "shop/looks/", None, 200),
]
ALL_STAFF = [
    ("GET", "shop/", None, 200),
    ("GET", "shop/tills/", None, 200),
    ("GET", "shop/branches/", None, 200),
    ("GET", "shop/day/", None, 200),
    ("GET", "shop/statement/?since=2025-10-31&until=2025-10-31", None, 200),
    ("GET", "shop/statement.csv?since=2025-10-31&until=2025-10-31", None, 200),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), [*MANAGERS_TOO, *OWNERS_ONLY, *ALL_STAFF])
def test_what_cashiers_managers_and_owners_may(malee: Stall, method: str, path: str, body: Any, status: int) -> None:
    door = (method, path, body, status)
    may = {Role.CASHIER: door in ALL_STAFF, Role.MANAGER: door not in OWNERS_ONLY, Role.OWNER: True}
    for role, allowed in may.items():
        knock = as_staff(malee, role)
        answer = knock.get(path) if method == "GET" else knock.post(path, body)
        if allowed:
            assert answer.status_code == status, role
        else:
            assert said(answer) == (403, "not_your_role"), role


# What outlives a token: a key that gives money back, and an address that is told of every payment.
SYSTEMS = [
    ("api-keys/", {"name": "mine", "scopes": ["refunds:write"]}),
    ("webhooks/", {"url": "https://thief.example/hook"}),
]


def test_who_has_left_does_nothing_with_the_token_that_is_still_good(malee: Stall) -> None:
    manager, owner = as_staff(malee, Role.MANAGER), as_staff(malee)
    assert owner.delete(f"shop/staff/{keeper(malee, Role.MANAGER).member.id}/").status_code == 204
    for path, body in (
        ("shop/till-invitations/", {"name": "phone"}),
        ("shop/staff-invitations/", {"role": "cashier", "name": "friend"}),
        ("shop/posters/", {}),
        *SYSTEMS,
    ):
        assert said(manager.post(path, body)) == (403, "not_at_work")


def test_a_manager_who_became_a_cashier_leaves_no_key_and_no_listener_behind(malee: Stall) -> None:
    manager, owner = as_staff(malee, Role.MANAGER), as_staff(malee)
    key = manager.post(*SYSTEMS[0]).json()
    made = owner.post(f"shop/staff/{keeper(malee, Role.MANAGER).member.id}/role/", {"role": "cashier"})
    assert made.json()["role"] == "cashier"
    for answer in (
        *(manager.post(path, body) for path, body in (*SYSTEMS, ("shop/posters/", {}))),
        manager.post(f"api-keys/{key['id']}/rotation/"),
        manager.delete(f"api-keys/{key['id']}/"),
        manager.delete(f"shop/tills/{malee.till.id}/"),
    ):
        assert said(answer) == (403, "not_at_work")
    assert [one["id"] for one in owner.get("api-keys/").json()["results"]] == [key["id"]]


def test_another_role_is_given_by_the_owner_and_shown(malee: Stall) -> None:
    cashier, owner = keeper(malee, Role.CASHIER).member, as_staff(malee)
    changed = owner.post(f"shop/staff/{cashier.id}/role/", {"role": "manager"}).json()
    assert changed == {"id": str(cashier.id), "username": "malee cashier", "role": "manager"}
    assert [member["role"] for member in owner.get("shop/staff/").json()["results"]] == ["manager", "owner"]
    assert said(owner.post(f"shop/staff/{cashier.id}/role/", {"role": "owner"})) == (403, "not_at_work")


def test_a_poster_is_made_printed_and_taken_down(malee: Stall, somchai: Citizen) -> None:
    manager = as_staff(malee, Role.MANAGER)
    made = manager.post("shop/posters/", {}).json()
    assert (made["version"], made["revoked_at"]) == (1, None)
    where = f"shop/posters/{made['id']}/"
    kinds = {name: manager.get(where + name) for name in ("poster.pdf", "stickers.pdf", "poster.svg", "poster.png")}
    assert {name: answer["Content-Type"] for name, answer in kinds.items()} == {
        "poster.pdf": "application/pdf",
        "stickers.pdf": "application/pdf",
        "poster.svg": "image/svg+xml",
        "poster.png": "image/png",
    }
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(kinds["poster.png"].content)))
    assert as_citizen(somchai).post("scans/", {"qr_payload": code.text}).json()["code"] == "amount_needed"
    body = {"qr_payload": code.text, "amount_satang": 60_00}
    assert as_citizen(somchai).post("proposals/", body).status_code == 201
    assert manager.delete(where).status_code == 204
    assert said(as_citizen(somchai).post("proposals/", body)) == (409, "poster_revoked")
    assert said(manager.get(where + "poster.pdf")) == (409, "poster_revoked")


def test_a_statement_says_when_each_part_comes_as_json_and_as_csv(malee: Stall, somchai: Citizen, nok: Citizen) -> None:
    paid = buy(somchai, malee, 99_01)
    give(nok, 100_00)
    sell(nok, malee, 10_00)
    owner, days = as_staff(malee), {"since": "2025-10-31", "until": "2025-10-31"}
    page = owner.get("shop/statement/", **days, limit=1).json()
    assert page["results"] == [
        {
            "id": str(paid.id),
            "kind": "payment",
            "payment_id": str(paid.id),
            "till_id": str(malee.till.id),
            "at": "2025-10-31T05:00:00Z",
            "business_date": "2025-10-31",
            "channel": "shop",
            "price_satang": 99_01,
            "citizen_satang": 49_51,
            "citizen_due_at": "2025-10-31T19:00:00Z",
            "state_satang": 49_50,
            "state_due_at": "2025-11-01T10:30:00Z",
        }
    ]
    (second,) = owner.get("shop/statement/", **days, after=page["next"]).json()["results"]
    assert (second["price_satang"], second["state_due_at"]) == (10_00, None)

    file = owner.get("shop/statement.csv", **days)
    assert file["Content-Disposition"] == 'attachment; filename="statement-2025-10-31-2025-10-31.csv"'
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    header, first, *_ = csv.reader(io.StringIO(text))
    assert dict(zip(header, first, strict=True)) == {
        "at": "2025-10-31 12:00:00+07:00",
        "kind": "payment",
        "business_date": "2025-10-31",
        "channel": "shop",
        "price_baht": "99.01",
        "citizen_baht": "49.51",
        "citizen_due_at": "2025-11-01 02:00:00+07:00",
        "state_baht": "49.50",
        "state_due_at": "2025-11-01 17:30:00+07:00",
        "payment_id": str(paid.id),
        "till_id": str(malee.till.id),
    }
    assert len(text.splitlines()) == 3
    assert said(owner.get("shop/statement/", since="2024-01-01", until="2025-10-31")) == (422, "statement_too_long")


def test_a_day_says_where_the_money_is_and_prasert_sees_nothing_of_it(
    malee: Stall, prasert: Stall, somchai: Citizen
) -> None:
    buy(somchai, malee, 100_00)
    day = as_staff(malee, Role.CASHIER).get("shop/day/").json()
    assert (day["citizens_part_satang"], day["states_part_satang"], day["to_come_satang"]) == (50_00, 50_00, 100_00)
    assert [(line["part"], line["due_at"], line["state"]) for line in day["lines"]] == [
        ("citizen", "2025-10-31T19:00:00Z", "open"),
        ("state", "2025-11-01T10:30:00Z", "open"),
    ]
    days = {"since": "2025-10-31", "until": "2025-10-31"}
    assert as_staff(prasert).get("shop/day/").json()["to_come_satang"] == 0
    assert as_staff(prasert).get("shop/statement/", **days).json() == {"results": [], "next": None}


def test_an_officer_who_looks_says_why_and_the_owner_reads_it(malee: Stall, stage: Stage) -> None:
    ploy = as_officer(hire("ploy"))
    assert said(ploy.get(f"merchants/{malee.merchant.id}/")) == (400, "fields_wrong")
    found = ploy.get(f"merchants/{malee.merchant.id}/", reason="a complaint about prices")
    shown = found.json()
    assert (shown["name"], shown["bank_account_masked"], shown["tills"]) == ("ร้าน malee", "••••••7890", ["till 1"])
    assert "1234567890" not in found.content.decode()
    (look,) = as_staff(malee).get("shop/looks/").json()["results"]
    assert (look["officer"], look["what"], look["reason"]) == ("ploy", "dossier", "a complaint about prices")
    assert as_staff(stage.stall("prasert")).get("shop/looks/").json()["results"] == []


def test_an_officer_corrects_a_shops_particulars_and_the_shop_sees_them(malee: Stall) -> None:
    ploy = as_officer(hire("ploy"))
    body = {**MALEES, "facts": {**FACTS, "place_class": "main_city", "lists": ["blue-flag"]}}
    changed = ploy.post(f"merchants/{malee.merchant.id}/particulars/", body)
    assert (changed.status_code, changed.json()["facts"]["lists"]) == (201, ["blue-flag"])
    shop = as_till(malee).get("shop/").json()
    assert (shop["name"], shop["facts"]["place_class"], shop["is_suspended"]) == ("ก๋วยเตี๋ยวมาลี", "main_city", False)


def test_a_shop_that_is_stopped_sees_why(malee: Stall) -> None:
    ploy = as_officer(hire("ploy"))
    ploy.post(f"merchants/{malee.merchant.id}/suspension/", {"reason": "cash for rights"})
    assert as_till(malee).get("shop/").json()["is_suspended"] is True
    ploy.post(f"merchants/{malee.merchant.id}/restoration/", {"reason": "it was another stall"})
    told = as_staff(malee).get("shop/notices/").json()["results"]
    assert [notice["en"] for notice in told] == [
        "The shop may take payments again: it was another stall",
        "The shop may not take payments at present: cash for rights If that is wrong, please call us.",
    ]


def test_another_bank_account_takes_an_owner_a_day_and_two_officers(malee: Stall) -> None:
    owner, ploy, anan = keeper(malee), hire("ploy"), hire("anan")
    asked = as_staff(malee).post(
        "shop/bank-account-changes/",
        {"bank_code": "BKKBTHBK", "bank_account": "5556667778", "totp": owner.code()},
    )
    assert (asked.status_code, asked.json()["state"], asked.json()["bank_account_masked"]) == (
        201, "waiting", "••••••7778",
    )  # fmt: skip
    (waiting,) = as_officer(ploy).get("merchants/bank-account-changes/").json()["results"]
    where = f"merchants/bank-account-changes/{waiting['id']}/"
    assert said(as_officer(ploy).post(f"{where}approval/", {"totp": ploy.code()})) == (409, "not_vouched_for")
    vouched = as_officer(anan).post(f"{where}vouching/", {"reason": "called her on her old number"})
    assert (vouched.status_code, vouched.json()["vouched_at"]) == (201, waiting["asked_at"])
    assert said(as_officer(anan).post(f"{where}approval/", {"totp": anan.code()})) == (403, "approver_vouched")
    assert said(as_officer(ploy).post(f"{where}approval/", {"totp": ploy.code()})) == (409, "cooling_off")
    assert as_staff(malee).delete(f"shop/bank-account-changes/{waiting['id']}/").status_code == 204
    (mine,) = as_staff(malee).get("shop/bank-account-changes/").json()["results"]
    assert mine["state"] == "withdrawn"


def test_a_branch_closes_with_its_tills(malee: Stall) -> None:
    owner = as_staff(malee)
    branch = owner.post("shop/branches/", {"name": "สาขา 2", "place": PLACE}).json()
    invitation = owner.post("shop/till-invitations/", {"name": "phone", "branch_id": branch["id"]}).json()["payload"]
    Knock().post("tills/", {"invitation": invitation})
    assert [till["branch_id"] for till in owner.get("shop/tills/").json()["results"]] == [None, branch["id"]]
    assert owner.delete(f"shop/branches/{branch['id']}/").status_code == 204
    assert len(owner.get("shop/tills/").json()["results"]) == 1
    assert owner.delete(f"shop/tills/{malee.till.id}/").status_code == 204
    assert said(as_till(malee).post("charges/", {"amount_satang": 50_00})) == (403, "till_secret_wrong")


def test_somebody_elses_shop_is_nobodys_business(malee: Stall, prasert: Stall) -> None:
    owner, other = as_staff(malee), as_staff(prasert)
    branch = owner.post("shop/branches/", {"name": "สาขา 2", "place": PLACE}).json()
    poster = owner.post("shop/posters/", {}).json()
    ask(malee, 50_00)
    for answer in (
        other.delete(f"shop/branches/{branch['id']}/"),
        other.delete(f"shop/posters/{poster['id']}/"),
        other.get(f"shop/posters/{poster['id']}/poster.pdf"),
        other.delete(f"shop/staff/{keeper(malee).member.id}/"),
        other.post("shop/posters/", {"branch_id": branch["id"]}),
    ):
        assert answer.status_code == 404
    assert said(other.delete(f"shop/tills/{malee.till.id}/")) == (403, "till_secret_wrong")
