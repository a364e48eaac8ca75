"""The system of Malee's shop calls with a key, which is for named uses and a time."""

import datetime as dt
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from config import api, rehearsals
from config.environment import ROOT
from config.limits import WINDOW_SECONDS
from merchants import integrators, staff
from merchants.integrators import OVERLAP, SCOPES
from merchants.models import ApiKey, Charge, Role, Staff
from tests.api.doors import Knock, as_citizen, as_till, knock_as, terms_of
from tests.cast import STAGE_HAND, Citizen, Stall, ask, buy
from wallet.ids import uuid7
from wallet.models import AuditEntry
from wallet.tokens import Caller, TokenRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def work_for(merchant_id: UUID, role: str) -> Knock:
    """Let somebody work at a shop, and knock as them."""
    user = get_user_model().objects.create(username=f"{role} {uuid4()}")
    member = Staff.objects.create(id=uuid7(), user=user, merchant_id=merchant_id, role=role)
    return knock_as(Caller("staff", member.id, merchant_id=merchant_id, staff_role=staff.role_of(member)))


@pytest.fixture
def owner(malee: Stall) -> Knock:
    return work_for(malee.merchant.id, Role.OWNER)


def issue(owner: Knock, *scopes: str, **asked: Any) -> Any:
    answer = owner.post("api-keys/", {"name": "cash register", "scopes": list(scopes), **asked})
    assert answer.status_code == 201, answer.json()
    return answer.json()


def system(key: Any) -> Knock:
    return Knock(key["key"])


def test_a_key_is_shown_once_and_kept_as_a_digest(owner: Knock) -> None:
    key = issue(owner, "charges:write")
    assert key["key"].startswith(key["prefix"])
    assert len(key["key"]) == 47
    (listed,) = owner.get("api-keys/").json()["results"]
    assert listed == {name: value for name, value in key.items() if name != "key"}
    assert key["key"] not in str(ApiKey.objects.values())


def test_a_shops_system_asks_for_money_as_a_till_of_its_own(owner: Knock, somchai: Citizen, malee: Stall) -> None:
    register = system(issue(owner, "charges:write", "payments:read"))
    charge = register.post("charges/", {"amount_satang": 100_00}).json()
    paid = as_citizen(somchai).post("payments/", terms_of(Charge.objects.get(id=charge["id"]), own_part=50_00))
    assert paid.status_code == 201
    assert register.get(f"charges/{charge['id']}/").json()["state"] == "paid"
    assert [each["charge_id"] for each in register.get("till/payments/").json()["results"]] == [charge["id"]]
    assert as_till(malee).get("till/payments/").json()["results"] == []


def test_a_key_is_good_for_what_it_was_issued_for_and_nothing_else(owner: Knock, malee: Stall) -> None:
    reader = system(issue(owner, "payments:read"))
    assert reader.get("till/tally/").status_code == 200
    refused = reader.post("charges/", {"amount_satang": 100_00})
    assert (refused.status_code, refused.json()["code"], refused.json()["facts"]) == (
        403,
        "scope_missing",
        {"scope": "charges:write"},
    )
    for path in ("me/", "settlement/days/", "api-keys/", "till/events/"):
        assert (reader.get(path).status_code, reader.get(path).json()["code"]) == (403, "not_your_role")


def test_a_key_sees_its_own_shop_alone(owner: Knock, somchai: Citizen, malee: Stall, prasert: Stall) -> None:
    buy(somchai, prasert, 40_00)
    theirs = ask(prasert, 50_00)
    register = system(issue(owner, "charges:write", "payments:read"))
    assert register.get("till/payments/").json()["results"] == []
    assert register.get(f"charges/{theirs.id}/").json()["code"] == "charge_unknown"


def test_a_cashier_hands_out_no_keys(malee: Stall, owner: Knock) -> None:
    key = issue(owner, "charges:write")
    cashier, manager = work_for(malee.merchant.id, Role.CASHIER), work_for(malee.merchant.id, Role.MANAGER)
    asked = {"name": "mine", "scopes": ["charges:write"]}
    for answer in (
        cashier.post("api-keys/", asked),
        cashier.get("api-keys/"),
        cashier.delete(f"api-keys/{key['id']}/"),
        cashier.post(f"api-keys/{key['id']}/rotation/"),
    ):
        assert answer.status_code == 403
    assert manager.post("api-keys/", asked).status_code == 201


def test_a_revoked_key_opens_nothing_from_that_instant(owner: Knock) -> None:
    key = issue(owner, "payments:read")
    assert system(key).get("till/tally/").status_code == 200
    assert owner.delete(f"api-keys/{key['id']}/").status_code == 204
    refused = system(key).get("till/tally/")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_refused")
    assert owner.delete(f"api-keys/{key['id']}/").json()["code"] == "api_key_unknown"
    assert list(AuditEntry.objects.filter(act__startswith="api_key").order_by("id").values_list("act", flat=True)) == [
        "api_key.issue",
        "api_key.revoke",
    ]


def test_after_a_rotation_both_keys_open_for_a_day_and_sell_as_the_same_till(owner: Knock) -> None:
    old = issue(owner, "charges:write", days=30)
    new = owner.post(f"api-keys/{old['id']}/rotation/").json()
    assert new["key"] != old["key"]
    assert (new["scopes"], new["name"]) == (old["scopes"], old["name"])
    # The same request with the same key, sent once with the old and once with the new: it is one charge.
    first, again = (system(key).post("charges/", {"amount_satang": 70_00}, key="sale-1").json() for key in (old, new))
    assert first["id"] == again["id"]
    read = integrators.read
    read(written=old["key"], at=timezone.now() + OVERLAP - dt.timedelta(minutes=1))
    with pytest.raises(TokenRefused):
        read(written=old["key"], at=timezone.now() + OVERLAP)
    read(written=new["key"], at=timezone.now() + dt.timedelta(days=29))
    assert owner.post(f"api-keys/{old['id']}/rotation/").json()["code"] == "api_key_replaced"


def test_keys_that_are_replaced_all_day_do_not_grow_without_end(owner: Knock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrators, "MOST_KEYS", 1)
    key = issue(owner, "charges:write")
    for status in (201, 409):
        answer = owner.post(f"api-keys/{key['id']}/rotation/")
        assert answer.status_code == status
        key = answer.json()
    assert key["code"] == "too_many_api_keys"


def test_a_key_runs_out(owner: Knock) -> None:
    key = issue(owner, "payments:read", days=1)
    ApiKey.objects.update(issued_at=timezone.now() - dt.timedelta(days=2), expires_at=timezone.now())
    assert system(key).get("till/tally/").json()["code"] == "token_refused"
    assert owner.get("api-keys/").json()["results"] == []


def test_a_shop_has_twenty_keys_at_most(owner: Knock, malee: Stall) -> None:
    for number in range(integrators.MOST_KEYS):
        integrators.issue(
            merchant=malee.merchant,
            name=f"system {number}",
            scopes=frozenset({"payments:read"}),
            rehearses=False,
            life=dt.timedelta(days=1),
            actor=STAGE_HAND,
            at=timezone.now(),
        )
    refused = owner.post("api-keys/", {"name": "one more", "scopes": ["payments:read"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_api_keys")


@pytest.mark.parametrize(
    "wrong",
    [{"scopes": []}, {"scopes": ["everything"]}, {"days": 0}, {"days": 367}, {"name": ""}, {"test": 1}],
)
def test_a_key_is_asked_for_in_order(owner: Knock, wrong: dict[str, Any]) -> None:
    asked = {"name": "register", "scopes": ["charges:write"], **wrong}
    assert owner.post("api-keys/", asked).json()["code"] == "fields_wrong"


def test_nobody_comes_in_with_half_a_key(owner: Knock) -> None:
    key = issue(owner, "payments:read")
    for brought in (key["prefix"], key["key"][:-1], key["key"] + "a", "gwk_", "gwt_" + key["key"][4:]):
        assert Knock(brought).get("till/tally/").json()["code"] == "token_refused"


def test_when_a_key_was_last_used_is_known_to_the_hour(owner: Knock) -> None:
    key = issue(owner, "payments:read")
    system(key).get("till/tally/")
    (first,) = owner.get("api-keys/").json()["results"]
    system(key).get("till/tally/")
    (second,) = owner.get("api-keys/").json()["results"]
    assert first["used_at"] is not None
    assert second["used_at"] == first["used_at"]


def test_a_key_with_every_scope_is_let_in_here_and_nowhere_else() -> None:
    found = set()
    for pattern in api.urlpatterns:
        door: Any = getattr(pattern.callback, "view_class", None)
        for method, open_to in getattr(door, "open_to", {}).items():
            if "integrator" in open_to:
                found.add(f"{method} {re.sub('<.*?>', '*', str(pattern.pattern))} {door.scopes[method]}")
    assert found == {
        "POST charges/ charges:write",
        "GET charges/*/ charges:write",
        "GET charges/*/qr.png charges:write",
        "GET charges/*/qr.svg charges:write",
        "POST charges/*/cancellation/ charges:write",
        "GET holds/*/ payments:read",
        "POST holds/*/captures/ charges:write",
        "POST holds/*/release/ charges:write",
        "GET payments/*/refunds/ payments:read",
        "POST payments/*/refunds/ refunds:write",
        "GET till/payments/ payments:read",
        "GET till/tally/ payments:read",
        "GET webhooks/ webhooks:manage",
        "POST webhooks/ webhooks:manage",
        "DELETE webhooks/*/ webhooks:manage",
        "POST webhooks/*/secrets/ webhooks:manage",
        "GET webhooks/*/messages/ webhooks:manage",
        "POST webhooks/messages/*/redelivery/ webhooks:manage",
    }


# Rehearsing


def test_a_test_key_is_refused_as_it_asks_for(owner: Knock, malee: Stall) -> None:
    rehearsing = system(issue(owner, "charges:write", test=True))
    amount = rehearsals.amount_for("merchant_suspended")
    refused = rehearsing.post("charges/", {"amount_satang": amount})
    assert (refused.status_code, refused.json()["code"]) == (409, "merchant_suspended")
    short = rehearsing.post("charges/", {"amount_satang": rehearsals.amount_for("cash_short")}).json()
    assert short["facts"]["cash_satang"] == 50_00
    assert short["detail_en"].startswith("Your part is 50.00 baht")


def test_every_refusal_can_be_rehearsed_in_its_own_words(owner: Knock) -> None:
    rehearsing = system(issue(owner, "charges:write", test=True))
    by_amount = rehearsals._by_amount()
    assert len({kind.code for kind in rehearsals.rehearsed()}) == len(by_amount) > 100
    for amount, kind in by_amount.items():
        answer = rehearsing.post("charges/", {"amount_satang": amount})
        assert (answer.status_code, answer.json()["code"]) == (kind.status, kind.code)
        assert "…" not in answer.json()["detail_en"], kind.code


def test_a_test_key_moves_nothing_whatever_it_asks_for(owner: Knock, malee: Stall) -> None:
    rehearsing = system(issue(owner, "charges:write", "payments:read", "webhooks:manage", test=True))
    charge = ask(malee, 50_00)
    for answer in (
        rehearsing.post("charges/", {"amount_satang": 100_00}),
        rehearsing.post("charges/", "no json"),
        rehearsing.post("charges/", [1]),
        rehearsing.post(f"charges/{charge.id}/cancellation/"),
        rehearsing.post("webhooks/", {"url": "https://shop.example/"}),
        rehearsing.get("till/payments/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "rehearsal_unknown")
    assert as_till(malee).get(f"charges/{charge.id}/").json()["state"] == "open"


def test_the_guides_example_is_right() -> None:
    guide = (ROOT / "docs" / "integrators.md").read_text(encoding="utf-8")
    amount = rehearsals.amount_for("merchant_suspended")
    assert f'POST charges/ {{"amount_satang": {amount}}}      409 merchant_suspended' in guide


# Too often


def test_who_knocks_too_often_is_told_when_to_come_back(owner: Knock, settings: Any) -> None:
    settings.INTEGRATOR_REQUESTS_PER_MINUTE = 3
    busy, calm = (system(issue(owner, "payments:read")) for _ in range(2))
    answers = [busy.get("till/tally/") for _ in range(8)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert 0 < int(refused[0]["Retry-After"]) <= WINDOW_SECONDS
    assert refused[0].json()["code"] == "too_many_requests"
    assert calm.get("till/tally/").status_code == 200
    rehearsing = system(issue(owner, "payments:read", test=True))
    assert {rehearsing.get("till/tally/").status_code for _ in range(8)} == {422, 429}


def test_every_door_that_a_key_opens_says_when_to_come_back(owner: Knock, settings: Any) -> None:
    register = system(issue(owner, *SCOPES))
    settings.INTEGRATOR_REQUESTS_PER_MINUTE = 0
    answers: dict[str, Any] = {}
    for pattern in api.urlpatterns:
        open_to = getattr(getattr(pattern.callback, "view_class", None), "open_to", {})
        where = re.sub("<.*?>", str(uuid7()), str(pattern.pattern))
        knocks = {"GET": register.get, "POST": register.post, "DELETE": register.delete}
        answers |= {f"{method} {where}": knocks[method](where) for method in open_to if "integrator" in open_to[method]}
    assert len(answers) == 18
    for where, answer in answers.items():
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests"), where
        assert 0 < int(answer["Retry-After"]) <= WINDOW_SECONDS, where


def test_a_till_and_a_citizen_are_never_counted(owner: Knock, settings: Any, somchai: Citizen, malee: Stall) -> None:
    settings.INTEGRATOR_REQUESTS_PER_MINUTE = 1
    assert {as_till(malee).get("till/tally/").status_code for _ in range(5)} == {200}
    assert {as_citizen(somchai).get("payments/").status_code for _ in range(5)} == {200}
