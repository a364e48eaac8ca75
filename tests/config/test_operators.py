"""Operators look at rows behind a second factor and touch none; who a person is costs a reason that is kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from subsidies import stops
from tests.api.doors import as_officer
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, buy
from tests.settlement.market import TWO, end_of_day
from tests.settlement.office import FinanceOfficer, Office
from wallet.admin import ReadOnly
from wallet.models import AuditEntry, Officer, Transfer

pytestmark = pytest.mark.django_db

PASSWORD = "mango-sticky-rice"
SIGN_IN = "/admin/login/"
OURS = ("wallet", "subsidies", "merchants", "settlement")


@dataclass
class Operator:
    """Who keeps the service running: staff, a superuser even, with a device."""

    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.user = get_user_model().objects.create_superuser("the-night-shift", password=PASSWORD)
        device = TOTPDevice.objects.create(user=self.user, name="phone", confirmed=True)
        self.phone = FinanceOfficer("the-night-shift", Officer(user=self.user), device)

    def sign_in(self, **said: str) -> Any:
        entered = {"username": "the-night-shift", "password": PASSWORD, "code": self.phone.code(), **said}
        return self.client.post(f"{SIGN_IN}?next=/admin/", entered)

    def sees(self, path: str, **query: str) -> str:
        answer = self.client.get(f"/admin/{path}", query)
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.content, "utf-8")


@pytest.fixture
def operator() -> Operator:
    someone = Operator()
    assert someone.sign_in().status_code == 302
    return someone


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.mark.parametrize("said", [{"code": ""}, {"code": "000000"}, {"password": "sticky-mango-rice"}])
def test_nobody_comes_in_without_both(said: dict[str, str]) -> None:
    someone = Operator()
    assert someone.sign_in(**said).status_code == 200  # the form again
    assert someone.client.get("/admin/").status_code == 302


def test_a_session_without_a_second_factor_is_nobodys(operator: Operator) -> None:
    by_password_alone = Client()
    by_password_alone.force_login(operator.user)
    assert by_password_alone.get("/admin/").status_code == 302
    assert by_password_alone.get("/admin/wallet/auditentry/").status_code == 302


def test_a_shops_staff_and_an_officers_token_do_not_open_it(stage: Stage) -> None:
    user = get_user_model().objects.create_user("malees-helper", password=PASSWORD)
    device = TOTPDevice.objects.create(user=user, name="phone", confirmed=True)
    code = FinanceOfficer("malees-helper", Officer(user=user), device).code()
    client = Client()
    entered = {"username": "malees-helper", "password": PASSWORD, "code": code}
    assert client.post(SIGN_IN, entered).status_code == 200
    assert client.get("/admin/").status_code == 302
    knock = as_officer(Office().ploy)
    bearer = {"Authorization": f"Bearer {knock.access}"}
    assert knock.client.get("/admin/wallet/auditentry/", headers=bearer).status_code == 302


def test_guesses_are_counted_by_name(operator: Operator) -> None:
    for _ in range(10):
        operator.sign_in(password="wrong")
    right = operator.sign_in()
    assert right.status_code == 200
    assert "หลายครั้งเกินไป" in str(right.content, "utf-8")


def test_nothing_foreign_is_part_of_a_page_and_an_idle_desk_is_signed_out(operator: Operator) -> None:
    for path in (SIGN_IN, "/admin/", "/admin/wallet/transfer/"):
        answer = Client().get(path) if path == SIGN_IN else operator.client.get(path)
        assert answer["Content-Security-Policy"].startswith("default-src 'self';")
        assert "no-store" in answer["Cache-Control"]
    assert operator.client.session.get_expiry_age() <= 1_800


@pytest.fixture
def a_day(stage: Stage, somchai: Citizen, malee: Stall) -> Office:
    """Somchai has bought at Malee's, the day is paid out, and a scheme was suspended."""
    office = Office()
    buy(somchai, malee, 100_00)
    end_of_day()
    office.pay(at=TWO)
    stops.suspend(code=PLUS, reason="cash for rights", actor=office.ploy.actor, at=NOON)
    return office


@pytest.mark.usefixtures("a_day")
def test_every_list_opens_and_nothing_on_it_can_be_touched(operator: Operator) -> None:
    for model, shown in admin.site._registry.items():
        if model._meta.app_label not in OURS:
            continue
        assert isinstance(shown, ReadOnly)
        where = f"{model._meta.app_label}/{model._meta.model_name}/"
        operator.sees(where)
        if model is not Officer:
            assert operator.client.post(f"/admin/{where}add/").status_code == 403, where
        row = model._default_manager.first()
        if row is None or shown.list_display_links is None:
            continue
        operator.sees(f"{where}{row.pk}/change/")
        assert operator.client.post(f"/admin/{where}{row.pk}/change/", {}).status_code == 403, where
        assert operator.client.post(f"/admin/{where}{row.pk}/delete/", {"post": "yes"}).status_code == 403, where
        assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.usefixtures("a_day")
def test_what_is_as_large_as_the_nation_is_found_by_its_owner(operator: Operator, somchai: Citizen) -> None:
    transfer = Transfer.objects.filter(owner_id=somchai.id, kind="payment").first()
    assert transfer is not None
    assert str(transfer.id) not in operator.sees("wallet/transfer/")
    assert str(transfer.id) in operator.sees("wallet/transfer/", q=str(somchai.id))
    assert str(transfer.id) not in operator.sees("wallet/transfer/", q="somchai")
    assert operator.client.get(f"/admin/wallet/transfer/{transfer.id}/change/").status_code == 302


def test_lists_take_as_many_queries_for_three_rows_as_for_one(
    operator: Operator, stage: Stage, django_assert_num_queries: Callable[..., Any]
) -> None:
    for name in ("somchai", "nok", "a neighbour"):
        someone = stage.citizen(name)
        for path in ("wallet/citizen/", "wallet/auditentry/", "subsidies/schemeversion/"):
            # The session twice, to keep it alive; the user; the second factor; the rows counted, and read.
            with django_assert_num_queries(8):
                operator.sees(path)
        assert str(someone.id) in operator.sees("wallet/citizen/")


def test_people_are_ids_until_somebody_says_why(operator: Operator, somchai: Citizen) -> None:
    name, where = "somchai ใจดี", f"wallet/citizen/{somchai.id}/"
    for path in ("wallet/citizen/", f"{where}change/", "wallet/device/", f"{where}person/"):
        assert name not in operator.sees(path)
    short = operator.client.post(f"/admin/{where}person/", {"reason": "because"})
    assert name not in str(short.content, "utf-8")
    assert not AuditEntry.objects.filter(act="person.look").exists()
    shown = operator.client.post(f"/admin/{where}person/", {"reason": "ticket 4711: the bank asks whose it is"})
    assert name in str(shown.content, "utf-8")
    entry = AuditEntry.objects.get(act="person.look")
    assert (entry.actor_kind, entry.actor_id, entry.subject_id, entry.facts) == (
        "operator",
        "the-night-shift",
        somchai.id,
        {"reason": "ticket 4711: the bank asks whose it is"},
    )
    assert name not in operator.sees(f"{where}change/")


def test_an_operator_without_the_right_does_not_look_at_people(operator: Operator, somchai: Citizen) -> None:
    operator.user.is_superuser = False
    operator.user.save()
    answer = operator.client.post(f"/admin/wallet/citizen/{somchai.id}/person/", {"reason": "ticket 4711: the bank"})
    assert answer.status_code == 403
    assert not AuditEntry.objects.filter(act="person.look").exists()


@pytest.mark.usefixtures("a_day")
def test_no_page_shows_a_bank_account_or_a_secret(operator: Operator, malee: Stall) -> None:
    for path in (f"merchants/merchant/{malee.merchant.id}/change/", f"merchants/till/{malee.till.id}/change/"):
        page = operator.sees(path)
        assert "1234567890" not in page
        assert malee.secret not in page
        assert "digest" not in page
        assert "sealed" not in page


def test_an_officer_is_appointed_and_that_is_kept(operator: Operator) -> None:
    user = get_user_model().objects.create_user("ploy", password=PASSWORD)
    assert operator.client.post("/admin/wallet/officer/add/", {"user": user.pk}).status_code == 302
    officer = Officer.objects.get(user=user)
    entry = AuditEntry.objects.get(act="officer.appoint")
    assert (entry.actor_id, entry.subject_id) == ("the-night-shift", officer.id)
