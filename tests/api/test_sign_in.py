"""Everybody comes in by their own door, and a no never tells what was wrong."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from config.authentication import address_of
from merchants import tills
from merchants.models import Role, Staff
from tests.api.doors import Knock, as_citizen
from tests.cast import NOON, PIN, STAGE_HAND, Citizen, Stage, Stall, ask, thai_id
from tests.settlement.office import FinanceOfficer, hire
from wallet import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

PASSWORD = "khao-mok-gai-on-friday"


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ploy() -> FinanceOfficer:
    officer = hire("ploy")
    officer.officer.user.set_password(PASSWORD)
    officer.officer.user.save()
    return officer


def sign_in(**said: Any) -> Any:
    return Knock().post("tokens/", said)


def as_ploy(ploy: FinanceOfficer, **differently: Any) -> Any:
    grant = {"grant": "officer", "username": "ploy", "password": PASSWORD, "totp": ploy.code(), **differently}
    return sign_in(**grant)


def test_a_citizen_comes_back_on_the_same_phone(somchai: Citizen) -> None:
    answer = sign_in(grant="citizen", phone="0800000000", pin=PIN, device_id=str(somchai.device.id))
    assert answer.status_code == 201
    assert answer.json() | {"access": "", "refresh": ""} == {
        "access": "",
        "refresh": "",
        "expires_in_seconds": 900,
        "role": "citizen",
        "id": str(somchai.id),
        "device_id": str(somchai.device.id),
    }


def test_a_citizen_comes_on_a_new_phone_and_sees_both(somchai: Citizen) -> None:
    answer = sign_in(grant="citizen", phone="0800000000", pin=PIN, device_name="โทรศัพท์ใหม่")
    phones = Knock(answer.json()["access"]).get("me/devices/").json()["results"]
    assert [(phone["name"], phone["signs"]) for phone in phones] == [("โทรศัพท์ใหม่", False), ("phone", False)]


def test_a_wrong_phone_and_a_wrong_pin_get_the_same_answer(somchai: Citizen) -> None:
    wrong_pin = sign_in(grant="citizen", phone="0800000000", pin="135797")
    wrong_phone = sign_in(grant="citizen", phone="0899999999", pin=PIN)
    assert (wrong_pin.status_code, wrong_pin.json()["code"]) == (403, "sign_in_refused")
    assert wrong_pin.json() == wrong_phone.json()


def test_one_wallet_for_each_national_id_and_each_phone(vouch: Callable[..., str]) -> None:
    def join(**said: object) -> Any:
        return Knock().post("citizens/", {"assertion": vouch(**said), "pin": PIN, "device_name": "phone"})

    assert join().status_code == 201
    for again in (join(), join(national_id=thai_id(78)), join(phone="0812345679")):
        assert (again.status_code, again.json()["code"]) == (409, "already_joined")
    late = join(exp=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1))
    assert (late.status_code, late.json()["code"]) == (403, "identity_not_proven")
    easy = Knock().post("citizens/", {"assertion": vouch(), "pin": "123456", "device_name": "phone"})
    assert (easy.status_code, easy.json()["code"]) == (422, "pin_too_easy")


def test_a_phone_that_was_signed_out_gets_no_new_token_and_pays_nothing(somchai: Citizen, malee: Stall) -> None:
    given = sign_in(grant="citizen", phone="0800000000", pin=PIN).json()
    lost = Knock(given["access"])
    assert as_citizen(somchai).delete(f"me/devices/{given['device_id']}/").status_code == 204
    refreshed = Knock().post("tokens/refresh/", {"refresh": given["refresh"]})
    assert (refreshed.status_code, refreshed.json()["code"]) == (401, "token_refused")
    changed = lost.post("me/pin/", {"old_pin": PIN, "new_pin": "864202"})
    assert (changed.status_code, changed.json()["code"]) == (403, "device_revoked")


def test_a_pin_is_changed_by_who_knows_the_old_one(somchai: Citizen) -> None:
    phone = as_citizen(somchai)
    wrong = phone.post("me/pin/", {"old_pin": "135797", "new_pin": "864202"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "pin_wrong")
    assert phone.post("me/pin/", {"old_pin": PIN, "new_pin": "864202"}).status_code == 204
    assert sign_in(grant="citizen", phone="0800000000", pin=PIN).status_code == 403
    assert sign_in(grant="citizen", phone="0800000000", pin="864202").status_code == 201


def test_a_refresh_token_is_traded_once_and_signing_out_ends_it(somchai: Citizen) -> None:
    first = sign_in(grant="citizen", phone="0800000000", pin=PIN).json()
    second = Knock().post("tokens/refresh/", {"refresh": first["refresh"]})
    assert second.status_code == 201
    assert {name: second.json()[name] for name in ("role", "id", "device_id")} == {
        name: first[name] for name in ("role", "id", "device_id")
    }
    assert Knock(second.json()["access"]).delete("tokens/").status_code == 204
    assert Knock().post("tokens/refresh/", {"refresh": second.json()["refresh"]}).status_code == 401


def test_an_old_access_token_does_not_keep_anyone_from_refreshing(somchai: Citizen) -> None:
    given = sign_in(grant="citizen", phone="0800000000", pin=PIN).json()
    assert Knock("stale.access.token").post("tokens/refresh/", {"refresh": given["refresh"]}).status_code == 201


def test_a_till_comes_in_by_its_secret_until_it_is_signed_out(malee: Stall) -> None:
    grant = {"grant": "till", "till_id": str(malee.till.id), "secret": malee.secret}
    given = sign_in(**grant).json()
    assert (given["role"], given["id"], given["device_id"]) == ("till", str(malee.till.id), None)
    till = Knock(given["access"])
    assert till.post("charges/", {"amount_satang": 50_00}).status_code == 201
    wrong = sign_in(**grant | {"secret": "x" * 43})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "till_secret_wrong")
    tills.revoke(till=malee.till, actor=STAGE_HAND, at=NOON)
    assert sign_in(**grant).status_code == 403
    assert Knock().post("tokens/refresh/", {"refresh": given["refresh"]}).status_code == 401
    assert till.post("charges/", {"amount_satang": 50_00}).json()["code"] == "till_secret_wrong"


def test_an_officer_comes_in_by_password_and_second_factor(ploy: FinanceOfficer) -> None:
    given = as_ploy(ploy)
    assert given.status_code == 201
    assert (given.json()["role"], given.json()["id"]) == ("officer", str(ploy.officer.id))
    assert Knock(given.json()["access"]).get("settlement/days/").status_code == 200


def test_what_was_wrong_with_an_officers_sign_in_is_not_told(ploy: FinanceOfficer) -> None:
    get_user_model().objects.create_user("prasert", password=PASSWORD)  # no officer
    used = ploy.code()
    assert as_ploy(ploy, totp=used).status_code == 201
    answers = [
        as_ploy(ploy, username="nobody"),
        as_ploy(ploy, password="wrong"),
        as_ploy(ploy, totp="000000"),
        as_ploy(ploy, username="prasert"),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert all(answer.json() == answers[0].json() for answer in answers)


def test_a_code_is_used_once(ploy: FinanceOfficer) -> None:
    code = ploy.code()
    assert [sign_in(grant="officer", username="ploy", password=PASSWORD, totp=code).status_code for _ in "12"] == [
        201,
        403,
    ]


def test_an_officer_who_has_left_stays_out(ploy: FinanceOfficer) -> None:
    ploy.officer.user.is_active = False
    ploy.officer.user.save()
    assert as_ploy(ploy).status_code == 403


def test_ten_wrong_guesses_at_one_name_and_everybody_waits(ploy: FinanceOfficer) -> None:
    codes = [as_ploy(ploy, password="guess").json()["code"] for _ in range(10)]
    assert codes == ["sign_in_refused"] * 10
    waits = as_ploy(ploy)
    assert (waits.status_code, waits.json()["code"], waits["Retry-After"]) == (429, "too_many_tries", "601")
    clock.stand_at(NOON + dt.timedelta(minutes=10))
    assert as_ploy(ploy).status_code == 201


def test_an_owner_needs_a_second_factor_and_a_cashier_does_not(stage: Stage, malee: Stall) -> None:
    for name, role in (("malee", Role.OWNER), ("nok", Role.CASHIER)):
        user = get_user_model().objects.create_user(name, password=PASSWORD)
        Staff.objects.create(user=user, merchant=malee.merchant, role=role)
    assert sign_in(grant="staff", username="malee", password=PASSWORD).status_code == 403
    cashier = sign_in(grant="staff", username="nok", password=PASSWORD)
    assert cashier.json()["role"] == "staff"
    ask(malee, 50_00)
    assert Knock(cashier.json()["access"]).get("till/tally/").json()["payments"] == 0
    Staff.objects.filter(user__username="nok").update(left_at=NOON)
    assert sign_in(grant="staff", username="nok", password=PASSWORD).status_code == 403


def test_behind_our_proxies_the_address_is_the_one_that_they_saw(somchai: Citizen, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1

    def guess(pretended: str, seen: str) -> int:
        headers = {"X-Forwarded-For": f"{pretended}, {seen}"}
        said = {"grant": "citizen", "phone": "0899999999", "pin": "135797"}
        return int(Knock().post("tokens/", said, **headers).status_code)

    assert {guess(f"192.0.2.{n}", "198.51.100.7") for n in range(50)} == {403}
    assert guess("192.0.2.99", "198.51.100.7") == 429
    assert guess("198.51.100.7", "192.0.2.99") == 403


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::2", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
    ],
)
def test_a_network_of_ipv6_counts_as_one_address(written: str, counted: str) -> None:
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=written)) == counted
