"""Every door of the API is tried by everybody: who may knock where is one table, and no door is missing from it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern

from config import api
from merchants import bank_accounts, branches, posters, tills
from merchants.models import Role
from settlement import bankfiles, batches
from settlement.models import Discrepancy, DiscrepancyKind
from subsidies import drafts
from subsidies.models import Enrolment
from tests.api.doors import Knock, as_citizen, as_officer, as_staff, as_till
from tests.cast import NOON, PLUS, STAGE_HAND, Citizen, Stage, Stall, ask, buy
from tests.counter import hold
from tests.settlement.market import TWO, end_of_day
from tests.settlement.office import Office
from tests.shopkeepers import keeper
from tests.subsidies.test_lists import csv_of, upload
from wallet import clock
from wallet.ids import uuid7
from wallet.models import TopUp

pytestmark = pytest.mark.django_db

# Somchai made the payments, top-ups, proposals and applications here, on his phone; the charges are of Malee's till,
# and `staff` owns her stall (what managers and cashiers may not do is in test_shops.py).
# Nok and Prasert's till are the others who see nothing of it. Each column is the answer's status; the rows are tried in
# this order, so the shop that is suspended is then let go on.
DOORS = """
                                                   nobody nok somchai prasert malee staff officer
POST   citizens/                                      400 400     400     400   400   400     400
POST   tokens/                                        400 400     400     400   400   400     400
DELETE tokens/                                        401 204     204     204   204   204     204
POST   tokens/refresh/                                400 400     400     400   400   400     400
POST   tills/                                         404 404     404     404   404   404     404
POST   staff/                                         404 404     404     404   404   404     404
GET    schemes/                                       200 200     200     200   200   200     200
GET    schemes/khon-la-khrueng-plus/                  200 200     200     200   200   200     200
POST   stripe/webhook/                                400 400     400     400   400   400     400
GET    receipts/keys/                                 200 200     200     200   200   200     200
POST   receipts/verification/                         422 422     422     422   422   422     422
GET    receipts/{payment}/                            400 400     400     400   400   400     400

GET    me/                                            401 200     200     403   403   403     403
POST   me/pin/                                        401 422     422     403   403   403     403
GET    me/devices/                                    401 200     200     403   403   403     403
DELETE me/devices/{device}/                           401 403     204     403   403   403     403
GET    enrolments/                                    401 200     200     403   403   403     403
POST   enrolments/                                    401 409     409     403   403   403     403
POST   enrolments/{enrolment}/changes/                401 404     403     403   403   403     403
POST   appeals/                                       401 409     409     403   403   403     403
GET    me/appeals/                                    401 200     200     403   403   403     403
POST   enrolments/{enrolment}/buy-ins/                401 404     403     403   403   403     403
POST   enrolments/{enrolment}/withdrawals/            401 404     403     403   403   403     403
GET    top-ups/                                       401 200     200     403   403   403     403
POST   top-ups/                                       401 400     400     403   403   403     403
GET    top-ups/{top_up}/                              401 404     200     403   403   403     403
POST   scans/                                         401 200     200     403   403   403     403
POST   quotes/                                        401 200     200     403   403   403     403
GET    payments/                                      401 200     200     403   403   403     403
POST   payments/                                      401 403     403     403   403   403     403
GET    payments/{payment}/                            401 404     200     403   403   403     403
GET    payments/{payment}/refunds/                    401 404     200     404   200   200     403
POST   payments/{payment}/refunds/                    401 403     403     404   201   201     403
GET    holds/                                         401 200     200     403   403   403     403
GET    holds/{hold}/                                  401 404     200     404   200   200     403
POST   holds/{hold}/captures/                         401 403     403     404   201   201     403
POST   holds/{hold}/release/                          401 403     403     404   201   201     403
GET    refusals/                                      401 200     200     403   403   403     403
GET    me/code/                                       401 200     200     403   403   403     403
GET    me/code/qr.svg                                 401 200     200     403   403   403     403
GET    me/charges/                                    401 200     200     403   403   403     403
POST   me/charges/{charge}/offer/                     401 200     200     403   403   403     403
GET    me/notices/                                    401 200     200     403   403   403     403
POST   proposals/                                     401 201     201     403   403   403     403
GET    proposals/{proposal}/                          401 404     200     403   403   403     403
GET    applications/                                  401 200     200     403   403   403     403
POST   applications/                                  401 201     201     403   403   403     403
POST   applications/{application}/correction/         401 404     201     403   403   403     403
POST   applications/{application}/owner-invitation/   401 404     409     403   403   403     403

POST   charges/                                       401 403     403     201   201   403     403
GET    charges/{charge}/                              401 403     403     404   200   403     403
GET    charges/{charge}/qr.png                        401 403     403     404   200   403     403
GET    charges/{charge}/qr.svg                        401 403     403     404   200   403     403
POST   charges/{charge}/cancellation/                 401 403     403     404   201   403     403
POST   charges/presented/                             401 403     403     409   409   403     403
GET    till/proposals/                                401 403     403     200   200   403     403
POST   till/proposals/{proposal}/acceptance/          401 403     403     404   201   403     403
POST   till/proposals/{proposal}/rejection/           401 403     403     404   409   403     403
GET    till/payments/                                 401 403     403     200   200   200     403
GET    till/tally/                                    401 403     403     200   200   200     403
GET    till/events/                                   401 403     403     421   421   421     403
GET    shop/                                          401 403     403     200   200   200     403
POST   shop/accepted-terms/                           401 403     403     403   403   204     403
GET    shop/applications/                             401 403     403     403   403   200     403
POST   shop/applications/                             401 403     403     403   403   201     403
GET    shop/bank-account-changes/                     401 403     403     403   403   200     403
POST   shop/bank-account-changes/                     401 403     403     403   403   403     403
DELETE shop/bank-account-changes/{change}/            401 403     403     403   403   204     403
GET    shop/branches/                                 401 403     403     403   403   200     403
POST   shop/branches/                                 401 403     403     403   403   201     403
DELETE shop/branches/{branch}/                        401 403     403     403   403   204     403
GET    shop/tills/                                    401 403     403     403   403   200     403
DELETE shop/tills/{other_till}/                       401 403     403     403   403   204     403
POST   shop/till-invitations/                         401 403     403     403   403   201     403
GET    shop/staff/                                    401 403     403     403   403   200     403
DELETE shop/staff/{member}/                           401 403     403     403   403   204     403
POST   shop/staff/{member}/role/                      401 403     403     403   403   404     403
POST   shop/staff-invitations/                        401 403     403     403   403   201     403
GET    shop/posters/                                  401 403     403     403   403   200     403
POST   shop/posters/                                  401 403     403     403   403   201     403
GET    shop/posters/{poster}/poster.pdf               401 403     403     403   403   200     403
GET    shop/posters/{poster}/poster.svg               401 403     403     403   403   200     403
GET    shop/posters/{poster}/poster.png               401 403     403     403   403   200     403
GET    shop/posters/{poster}/stickers.pdf             401 403     403     403   403   200     403
DELETE shop/posters/{poster}/                         401 403     403     403   403   204     403
GET    shop/statement/                                401 403     403     403   403   400     403
GET    shop/statement.csv                             401 403     403     403   403   400     403
GET    shop/day/                                      401 403     403     403   403   200     403
GET    shop/notices/                                  401 403     403     403   403   200     403
GET    shop/looks/                                    401 403     403     403   403   200     403

GET    api-keys/                                      401 403     403     403   403   200     403
POST   api-keys/                                      401 403     403     403   403   201     403
DELETE api-keys/{key}/                                401 403     403     403   403   404     403
POST   api-keys/{key}/rotation/                       401 403     403     403   403   404     403
GET    webhooks/                                      401 403     403     403   403   200     403
POST   webhooks/                                      401 403     403     403   403   201     403
DELETE webhooks/{endpoint}/                           401 403     403     403   403   404     403
POST   webhooks/{endpoint}/secrets/                   401 403     403     403   403   404     403
GET    webhooks/{endpoint}/messages/                  401 403     403     403   403   404     403
POST   webhooks/messages/{message}/redelivery/        401 403     403     403   403   404     403

GET    appeals/                                       401 403     403     403   403   403     200
POST   appeals/{appeal}/decision/                     401 403     403     403   403   403     404
GET    lists/                                         401 403     403     403   403   403     200
POST   lists/                                         401 403     403     403   403   403     400
GET    lists/{list}/                                  401 403     403     403   403   403     200
GET    lists/{list}/rejections/                       401 403     403     403   403   403     200
GET    lists/{list}/rejections.csv                    401 403     403     403   403   403     200
POST   lists/{list}/approval/                         401 403     403     403   403   403     403
GET    merchants/applications/                        401 403     403     403   403   403     200
POST   merchants/applications/{application}/approval/ 401 403     403     403   403   403     409
POST   merchants/applications/{application}/rejection/ 401 403    403     403   403   403     409
GET    merchants/bank-account-changes/                401 403     403     403   403   403     200
POST   merchants/bank-account-changes/{change}/approval/ 401 403  403     403   403   403     409
POST   merchants/bank-account-changes/{change}/vouching/ 401 403  403     403   403   403     409
POST   merchants/bank-account-changes/{change}/rejection/ 401 403 403     403   403   403     409
GET    merchants/{merchant}/                          401 403     403     403   403   403     400
POST   merchants/{merchant}/particulars/              401 403     403     403   403   403     201
POST   merchants/{merchant}/suspension/               401 403     403     403   403   403     201
GET    schemes/khon-la-khrueng-plus/budget/           401 403     403     403   403   403     200
POST   schemes/khon-la-khrueng-plus/hand-back/        401 403     403     403   403   403     409
POST   schemes/khon-la-khrueng-plus/hand-back/approval/ 401 403   403     403   403   403     409
POST   schemes/khon-la-khrueng-plus/hand-back/rejection/ 401 403  403     403   403   403     409
GET    limit-breaches/                                401 403     403     403   403   403     200
POST   citizens/{citizen}/freeze/                     401 403     403     403   403   403     201
DELETE citizens/{citizen}/freeze/                     401 403     403     403   403   403     204
POST   merchants/{merchant}/restoration/              401 403     403     403   403   403     204
GET    settlement/days/                               401 403     403     403   403   403     200
GET    settlement/summary/                            401 403     403     403   403   403     200
GET    settlement/batches/                            401 403     403     403   403   403     200
GET    settlement/batches/{batch}/                    401 403     403     403   403   403     200
GET    settlement/batches/{batch}/payouts/            401 403     403     403   403   403     200
POST   settlement/batches/{batch}/submission/         401 403     403     403   403   403     409
POST   settlement/batches/{batch}/approval/           401 403     403     403   403   403     409
POST   settlement/batches/{batch}/rejection/          401 403     403     403   403   403     409
GET    settlement/bank-files/                         401 403     403     403   403   403     200
GET    settlement/bank-files/{file}/content/          401 403     403     403   403   403     200
POST   settlement/bank-statements/                    401 403     403     403   403   403     400
GET    settlement/discrepancies/                      401 403     403     403   403   403     200
POST   settlement/discrepancies/{discrepancy}/resolution/ 401 403  403    403   403   403     201

GET    schemes/drafts/                                              401 403 403 403 403 403 200
POST   schemes/drafts/                                              401 403 403 403 403 403 201
GET    schemes/drafts/{draft}/                                      401 403 403 403 403 403 200
PUT    schemes/drafts/{draft}/                                      401 403 403 403 403 403 200
GET    schemes/drafts/{draft}/check/                                401 403 403 403 403 403 200
POST   schemes/drafts/{draft}/submission/                           401 403 403 403 403 403 409
POST   schemes/drafts/{draft}/approval/                             401 403 403 403 403 403 409
POST   schemes/drafts/{draft}/rejection/                            401 403 403 403 403 403 409
GET    schemes/khon-la-khrueng-plus/report/                         401 403 403 403 403 403 200
GET    schemes/khon-la-khrueng-plus/versions/                       401 403 403 403 403 403 200
GET    schemes/khon-la-khrueng-plus/versions/{version}/             401 403 403 403 403 403 200
GET    schemes/khon-la-khrueng-plus/versions/{version}/differences/ 401 403 403 403 403 403 404
GET    schemes/khon-la-khrueng-plus/versions/{version}/explanation/ 401 403 403 403 403 403 200
POST   schemes/khon-la-khrueng-plus/suspension/                     401 403 403 403 403 403 201
POST   schemes/khon-la-khrueng-plus/restoration/                    401 403 403 403 403 403 403
POST   schemes/khon-la-khrueng-plus/stop/                           401 403 403 403 403 403 201
POST   schemes/khon-la-khrueng-plus/stop/approval/                  401 403 403 403 403 403 403
POST   schemes/khon-la-khrueng-plus/stop/rejection/                 401 403 403 403 403 403 201
"""

ROWS = [line.split() for line in DOORS.strip().splitlines()[1:] if line.strip()]
ROLES = DOORS.split()[:7]


@dataclass
class Market:
    """What there is to knock for, by name, and who knocks."""

    names: dict[str, str]
    bodies: dict[str, Any]
    callers: dict[str, Knock]


class Shop:
    """What there is to knock for at Malee's stall, beside its charges."""

    def __init__(self, malee: Stall, somchai: Citizen) -> None:
        owner = keeper(malee)
        wall, sheet = (posters.make(by=owner.member, branch_id=None, at=NOON) for _ in range(2))
        other_till, _ = tills.add(merchant=malee.merchant, name="till 2", actor=STAGE_HAND, at=NOON)
        branch = branches.add(merchant=malee.merchant, name="สาขา 2", facts={}, actor=STAGE_HAND, at=NOON)
        change = bank_accounts.ask(
            staff_id=owner.member.id,
            bank_code="BKKBTHBK",
            bank_account="5556667778",
            second_factor=owner.code(),
            at=NOON,
        )
        scanned = {"qr_payload": posters.payload(wall), "amount_satang": 60_00}
        proposal = as_citizen(somchai).post("proposals/", scanned).json()
        application = as_citizen(somchai).post("applications/", NEW_SHOP).json()
        (code,) = as_citizen(somchai).get("me/code/").json()["results"]
        self.names = {
            "poster": str(sheet.id),
            "other_till": str(other_till.id),
            "branch": str(branch.id),
            "change": str(change.id),
            "proposal": proposal["id"],
            "application": application["id"],
            "member": str(keeper(malee, Role.CASHIER).member.id),
        }
        no_invitation = {"invitation": f"GWALLET:JOIN:1:{'0' * 32}:{'0' * 32}"}
        self.bodies = {
            "tills/": no_invitation,
            "staff/": {**no_invitation, "username": "nephew", "password": "khao-mok-gai-on-friday"},
            "me/charges/{charge}/offer/": {"schemes": []},
            "proposals/": scanned,
            "applications/": NEW_SHOP,
            "applications/{application}/correction/": NEW_SHOP,
            "charges/presented/": {"code": code["payload"], "amount_satang": 10_00},
            "shop/accepted-terms/": {"scheme": PLUS, "version": 1},
            "shop/applications/": {**DESCRIBED, "reason": "a new name"},
            "shop/bank-account-changes/": {"bank_code": "BKKBTHBK", "bank_account": "5556667779", "totp": "000000"},
            "shop/branches/": {"name": "สาขา 3", "place": PLACE},
            "shop/till-invitations/": {"name": "phone"},
            "shop/staff/{member}/role/": {"role": "manager"},
            "shop/staff-invitations/": {"role": "cashier", "name": "nephew"},
            "merchants/applications/{application}/approval/": {"seen": str(uuid7()), "totp": "000000"},
            "merchants/applications/{application}/rejection/": {"seen": str(uuid7()), "reason": "no photo"},
            "merchants/bank-account-changes/{change}/approval/": {"totp": "000000"},
            "merchants/bank-account-changes/{change}/vouching/": {"reason": "called her"},
            "merchants/bank-account-changes/{change}/rejection/": {"reason": "not the owner's"},
            "merchants/{merchant}/particulars/": {**DESCRIBED, "reason": "a visit"},
            "merchants/{merchant}/restoration/": {"reason": "it was another stall"},
        }


PLACE = {"province": "กรุงเทพมหานคร", "district": "พระนคร"}
DESCRIBED = {
    "name": "ข้าวแกงประเสริฐ",
    "name_en": "Prasert's rice",
    "facts": {"legal_form": "natural_person", "class": "food", **PLACE},
}
NEW_SHOP = {**DESCRIBED, "bank_code": "KRTHTHBK", "bank_account": "9876543210"}


@pytest.fixture
def market(stage: Stage, settings: Any) -> Market:
    settings.DEMO_CLOCK = True
    clock.stand_at(NOON)
    somchai = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    nok = stage.citizen("nok", cash_satang=500_00, enrolled=PLUS)
    malee, prasert = stage.stall("malee"), stage.stall("prasert")
    office = Office()
    payment = buy(somchai, malee, 100_00)
    held = hold(somchai, malee, 80_00)
    charge = ask(malee, 50_00)
    qr_payload = as_till(malee).get(f"charges/{charge.id}/").json()["qr_payload"]
    end_of_day()
    batch = office.pay(at=TWO)
    assert batches.of(batch_id=batch.id).decision is not None
    (file,) = bankfiles.of_batch(batch=batch)
    discrepancy = Discrepancy.objects.create(
        id=uuid7(), kind=DiscrepancyKind.LINE_UNKNOWN, owner="treasury desk", amount=1, found_at=TWO
    )
    digest = "0" * 64
    shop = Shop(malee, somchai)
    return Market(
        names={
            **shop.names,
            "device": str(somchai.device.id),
            "top_up": str(TopUp.objects.get(citizen_id=somchai.id).id),
            "citizen": str(somchai.id),
            "payment": str(payment.id),
            "hold": str(held.id),
            "charge": str(charge.id),
            "merchant": str(malee.merchant.id),
            "batch": str(batch.id),
            "file": str(file.id),
            "discrepancy": str(discrepancy.id),
            "enrolment": str(Enrolment.objects.get(citizen_id=somchai.id).id),
            "appeal": str(uuid7()),
            "list": str(upload(office, csv_of(1)).id),
            **dict.fromkeys(("key", "endpoint", "message"), str(uuid7())),  # nobody has any of these
            "draft": str(drafts.begin(document="", actor=office.ploy.actor, at=NOON).id),
            "version": "1",
        },
        bodies={
            **shop.bodies,
            "me/pin/": {"old_pin": "246813", "new_pin": "111111"},
            "enrolments/": {"scheme": PLUS, "accepts_terms": True},
            "enrolments/{enrolment}/changes/": {"change": "moved", "value": "น่าน"},
            "appeals/": {"scheme": PLUS, "statement": "look again"},
            "appeals/{appeal}/decision/": {"granted": True, "reason": "as the registry says"},
            "lists/{list}/approval/": {"totp": "000000"},
            "enrolments/{enrolment}/withdrawals/": {"amount_satang": 1_00},
            "citizens/{citizen}/freeze/": {"reason": "a limit was passed"},
            "top-ups/": {"amount_satang": 1},
            "scans/": {"qr_payload": qr_payload},
            "quotes/": {"amount_satang": 50_00},
            "payments/": {
                "charge_id": str(charge.id),
                "price_satang": 50_00,
                "own_part_satang": 50_00,
                "schemes": [],
                "pays_all": True,
                "nonce": "0123456789abcdef",
                "pin": "135797",
            },
            "payments/{payment}/refunds/": {"refund_id": str(uuid7()), "whole": True, "reason": "cold soup"},
            "holds/{hold}/captures/": {"id": str(uuid7()), "amount_satang": 30_00},
            "charges/": {"amount_satang": 50_00},
            "receipts/verification/": {"signed": "forged"},
            "api-keys/": {"name": "register", "scopes": ["charges:write"]},
            "webhooks/": {"url": "https://shop.example/hook"},
            "merchants/{merchant}/suspension/": {"reason": "cash for rights"},
            "settlement/batches/{batch}/submission/": {"seen": digest},
            "settlement/batches/{batch}/approval/": {"seen": digest, "totp": "000000"},
            "settlement/batches/{batch}/rejection/": {"reason": "not today"},
            "settlement/discrepancies/{discrepancy}/resolution/": {"reason": "the bank explained it"},
            "schemes/drafts/": {"document": ""},
            "schemes/drafts/{draft}/": {"document": "[scheme]"},
            "schemes/drafts/{draft}/submission/": {"seen": digest},
            "schemes/drafts/{draft}/approval/": {"seen": digest, "totp": "000000"},
            "schemes/drafts/{draft}/rejection/": {"reason": "not today"},
            f"schemes/{PLUS}/suspension/": {"reason": "cash for rights"},
            f"schemes/{PLUS}/restoration/": {"reason": "all is well", "totp": "000000"},
            f"schemes/{PLUS}/stop/": {"reason": "cash for rights"},
            f"schemes/{PLUS}/stop/approval/": {"totp": "000000"},
            f"schemes/{PLUS}/stop/rejection/": {"reason": "not proven"},
            f"schemes/{PLUS}/hand-back/": {"reason": "it is over"},
            f"schemes/{PLUS}/hand-back/approval/": {"totp": "000000"},
            f"schemes/{PLUS}/hand-back/rejection/": {"reason": "not yet"},
        },
        callers={
            "nobody": Knock(),
            "nok": as_citizen(nok),
            "somchai": as_citizen(somchai),
            "prasert": as_till(prasert),
            "malee": as_till(malee),
            "staff": as_staff(malee),
            "officer": as_officer(office.ploy),
        },
    )


def test_who_may_knock_where(market: Market) -> None:
    found = []
    for method, path, *_ in ROWS:
        answers = [_knock(market, market.callers[role], method, path) for role in ROLES]
        for answer in answers:
            _must_be_proper(answer)
        found.append([method, path, *(str(answer.status_code) for answer in answers)])
    assert found == ROWS


def test_no_door_is_missing_from_the_table() -> None:
    assert sorted(f"{row[0]} {re.sub('{.*?}', '*', row[1])}" for row in ROWS) == sorted(_doors())


def test_another_method_is_said_to_be_unknown(market: Market) -> None:
    for path in {row[1] for row in ROWS}:
        answer = market.callers["somchai"].client.patch(f"/api/v1/{path.format(**market.names)}")
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def _knock(market: Market, caller: Knock, method: str, path: str) -> Any:
    where = path.format(**market.names)
    if method == "GET":
        return caller.get(where)
    if method == "DELETE":
        return caller.delete(where)
    if method == "PUT":
        return caller.put(where, market.bodies[path])
    if path == "settlement/bank-statements/":
        return caller.post(where, b"<Document/>", content_type="application/xml")
    if path == "lists/":
        return caller.post(where, csv_of(1), content_type="text/csv")
    return caller.post(where, market.bodies.get(path))


def _must_be_proper(answer: Any) -> None:
    if answer.status_code < 400:
        return
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert problem["status"] == answer.status_code
    assert (answer.status_code == 401) == ("WWW-Authenticate" in answer)
    if answer.status_code == 401:
        assert problem["code"] == "token_refused"


def _doors() -> Iterator[str]:
    for pattern in api.urlpatterns:
        assert isinstance(pattern, URLPattern)
        if pattern.name == "schema":
            continue
        where = re.sub("<slug:code>", PLUS, str(pattern.pattern))
        for method in vars(pattern.callback)["view_class"].open_to:
            yield f"{method} {re.sub('<.*?>', '*', where)}"
