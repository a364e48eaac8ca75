"""Screens let in whom they are for, ask strangers to sign in, and say every no in plain words."""

import time
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pydantic import TypeAdapter, ValidationError

from config import visits
from config.shapes import TypedBaht, TypedBahtOrNone
from merchants.web.verifying import VerifiedScreen
from tests.cast import PLUS, Citizen, Stage
from wallet import tokens
from wallet.tokens import Caller

pytestmark = pytest.mark.django_db


def at_browser(caller: Caller, *, enforce_csrf_checks: bool = False) -> Client:
    """Return a browser at which somebody is signed in."""
    client = Client(enforce_csrf_checks=enforce_csrf_checks, headers={"Accept-Language": "en"})
    client.cookies[visits.COOKIE] = tokens.issue(caller=caller, at=timezone.now()).refresh
    return client


def citizen(someone: Citizen) -> Caller:
    return Caller("citizen", someone.id, device_id=someone.device.id)


def test_a_stranger_is_asked_to_sign_in_and_comes_back() -> None:
    answer = Client().get("/payments/?month=2025-10")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fpayments%2F%3Fmonth%3D2025-10")


def test_a_stranger_who_asks_for_a_piece_is_led_there_whole() -> None:
    answer = Client().get("/home/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/")


def test_who_signs_in_is_sent_to_no_other_site(stage: Stage) -> None:
    stage.citizen("somchai")
    typed = {"phone": "080 000 0000", "pin": "246813"}
    for wanted, goes_to in (("/payments/", "/payments/"), ("//elsewhere.example/", "/home/"), ("", "/home/")):
        assert Client().post("/sign-in/", typed | {"next": wanted})["Location"] == goes_to


def test_an_officer_is_told_that_a_citizens_page_is_not_theirs() -> None:
    answer = at_browser(Caller("officer", uuid4())).get("/home/")
    assert answer.status_code == 403
    assert 'data-code="not_your_role"' in answer.content.decode()


def test_a_form_of_another_site_or_of_yesterday_does_nothing(stage: Stage) -> None:
    somchai = stage.citizen("somchai")
    answer = at_browser(citizen(somchai), enforce_csrf_checks=True).post("/me/", {"device_id": str(somchai.device.id)})
    assert answer.status_code == 403
    assert 'data-code="form_too_old"' in answer.content.decode()


def test_a_page_of_somebodys_own_is_kept_nowhere(stage: Stage) -> None:
    answer = at_browser(citizen(stage.citizen("somchai"))).get("/home/")
    assert answer["Cache-Control"] == "no-store"


def test_a_browser_forgets_who_was_at_it(stage: Stage) -> None:
    client = at_browser(citizen(stage.citizen("somchai")))
    before = client.cookies[visits.COOKIE].value
    assert client.post("/sign-out/").status_code == 302
    client.cookies[visits.COOKIE] = before
    assert client.get("/home/").status_code == 302


def test_who_works_at_a_browser_is_signed_in_for_a_day_and_a_phone_or_a_till_for_a_month() -> None:
    day_ago = timezone.now() - tokens.WORKING_DAY
    for role, expected in (("citizen", True), ("till", True), ("staff", False), ("officer", False)):
        caller = Caller(role, uuid4(), device_id=uuid4())  # type: ignore[arg-type]  # the roles by name
        refresh = tokens.issue(caller=caller, at=day_ago).refresh
        client = Client()
        client.cookies[visits.COOKIE] = refresh
        known = client.get("/help/").wsgi_request
        assert (visits.caller(known) is not None) == expected, role


def test_each_form_carries_a_key_of_its_own_and_a_wrong_field_is_marked(stage: Stage) -> None:
    client = at_browser(citizen(stage.citizen("somchai", enrolled=PLUS)))
    keys = {client.get("/top-ups/").content.decode().partition('name="key" value="')[2][:32] for _ in range(2)}
    assert len(keys) == 2
    answer = client.post("/top-ups/", {"amount": "a lot", "key": "0123456789abcdef"})
    assert answer.status_code == 400
    assert 'value="a lot"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "satang"),
    [("10", 10_00), ("10.5", 10_50), (" 1,000.50 ", 1_000_50), ("0.01", 1), ("9999999.99", 999_999_999)],
)
def test_an_amount_is_typed_as_baht_and_read_as_satang(typed: str, satang: int) -> None:
    assert TypeAdapter(TypedBaht).validate_strings(typed) == satang


@pytest.mark.parametrize(("typed", "satang"), [("", 0), ("  ", 0), ("0", 0), ("30.25", 30_25)])
def test_an_amount_that_may_be_left_out_is_then_nothing(typed: str, satang: int) -> None:
    assert TypeAdapter(TypedBahtOrNone).validate_strings(typed) == satang


@pytest.mark.parametrize("typed", ["", "0", "-5", "1.234", "1e3", "ten", "๑๐", ".5", "100000000", "1,0.0.0"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(TypedBaht).validate_strings(typed)


@pytest.mark.django_db(transaction=True)
def test_where_the_database_is_away_a_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    client = at_browser(Caller("citizen", uuid4(), device_id=uuid4()))
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        answer = client.get("/home/")
    assert answer.status_code == 503
    assert 'data-code="unavailable_try_again"' in answer.content.decode()


def test_who_looks_up_receipts_too_often_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VerifiedScreen, "most_per_minute", 2)
    now = time.time()
    monkeypatch.setattr("config.limits.time.time", lambda: now)
    ours, others = (Client(REMOTE_ADDR=f"2001:db8:{uuid4().hex[:4]}::1") for _ in range(2))
    looks = [ours.get(f"/verify/{uuid4()}/?code={'A' * 24}") for _ in range(3)]
    assert [look.status_code for look in looks] == [404, 404, 429]
    assert 'data-code="too_many_requests"' in looks[2].content.decode()
    assert others.get(f"/verify/{uuid4()}/?code={'A' * 24}").status_code == 404


@pytest.mark.parametrize("typed", ["https://[", "https://[x]/"])
def test_what_only_looks_like_a_receipt_or_its_address_is_told_as_forged(typed: str) -> None:
    answer = Client().post("/verify/", {"receipt": typed})
    assert answer.status_code == 422
    assert 'data-code="receipt_forged"' in answer.content.decode()
