"""However the API says no, it says it in one form: a code, the facts, and words in Thai and English."""

import logging
import threading
from collections.abc import Callable
from typing import Any, ClassVar

import psycopg2
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from rest_framework import exceptions, serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.request import Request
from rest_framework.response import Response

from config import problems, words
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401  this module stands in for it
from wallet.refusals import InvariantBroken, Refusal

pytestmark = pytest.mark.urls(__name__)


class StallClosed(Refusal):
    """Malee has gone home."""

    code: ClassVar = "stall_closed"
    status: ClassVar = 410


class Order(serializers.Serializer[Any]):
    amount_satang = serializers.IntegerField(min_value=1)


def raising(exception: Exception) -> Callable[[Request], Response]:
    @api_view(["GET"])
    @permission_classes([])
    def view(_request: Request) -> Response:
        raise exception

    return view


@api_view(["POST"])
@permission_classes([])
def order(request: Request) -> Response:
    Order(data=request.data).is_valid(raise_exception=True)
    return Response(status=204)


@api_view(["GET"])
@permission_classes([])
def lock_ploy(_request: Request) -> Response:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '50ms'")
        list(User.objects.select_for_update().filter(username="ploy"))
    return Response(status=204)


@api_view(["GET"])
@permission_classes([])
def sleep(_request: Request) -> Response:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'; SELECT pg_sleep(10)")
    return Response(status=204)


@api_view(["GET"])
@permission_classes([])
def cut(_request: Request) -> Response:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return Response(status=204)


def forbid(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


facts = {"left_satang": 123_450, "opens_at": "2026-03-04T05:03:00+00:00", "stall": "ครัวมาลี"}
urlpatterns = [
    path("api/closed", raising(StallClosed(**facts))),
    path("api/gone", raising(Http404())),
    path("api/broken", raising(InvariantBroken("cash:somchai is below zero"))),
    path("api/bug", raising(ZeroDivisionError("0812345678"))),
    path("api/signed-out", raising(exceptions.NotAuthenticated())),
    path("api/forbidden", raising(exceptions.PermissionDenied())),
    path("api/often", raising(exceptions.Throttled(wait=7.2))),
    path("api/order", order),
    path("api/locked", lock_ploy),
    path("api/slow", sleep),
    path("api/cut", cut),
    path("api/plain", forbid),
    path("page", forbid),
    path("", include("config.web")),  # what a page that says no leads on to
]


@pytest.fixture(autouse=True)
def _worded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the refusal of these tests its words, as a floor's `words.py` does."""
    monkeypatch.setitem(
        words.catalogue(),
        "stall_closed",
        (
            "{stall} ปิดแล้ว เปิดอีกครั้ง {opens_at} ยังเหลือสิทธิ {left_satang}",
            "{stall} is closed until {opens_at}. {left_satang} are left.",
        ),
    )


def get(address: str, **headers: str) -> Any:
    return Client(raise_request_exception=False, headers=headers).get(address)


def test_a_refusal_is_a_problem_with_its_facts_and_words_in_both_languages() -> None:
    answer = get("/api/closed")
    thai = "ครัวมาลี ปิดแล้ว เปิดอีกครั้ง 4 มี.ค. 2569 12:03 น. ยังเหลือสิทธิ 1,234.50 บาท"
    english = "ครัวมาลี is closed until 4 Mar 2026 12:03. 1,234.50 baht are left."
    assert answer.status_code == 410
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:gwallet:problem:stall_closed",
        "title": "Stall closed",
        "status": 410,
        "code": "stall_closed",
        "detail": thai,
        "detail_th": thai,
        "detail_en": english,
        "facts": facts,
    }


@pytest.mark.parametrize(
    ("accept", "language", "detail"),
    [
        ("en-GB, th;q=0.5", "en", "detail_en"),
        ("th", "th", "detail_th"),
        ("fr", "th", "detail_th"),
        ("", "th", "detail_th"),
    ],
)
def test_the_detail_is_in_the_language_asked_for_and_thai_when_in_doubt(
    accept: str, language: str, detail: str
) -> None:
    for address in ("/api/closed", "/api/nothing-here"):
        answer = get(address, **{"Accept-Language": accept})
        assert answer.json()["detail"] == answer.json()[detail]
        assert answer["Content-Language"] == language


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/gone", 404, "not_found"),
        ("/api/nothing-here", 404, "not_found"),
        ("/api/order", 405, "method_not_allowed"),
        ("/api/signed-out", 403, "not_signed_in"),  # 401 would have to name a way to sign in; this view has none
        ("/api/forbidden", 403, "not_allowed"),
        ("/api/plain", 403, "not_allowed"),
        ("/api/often", 429, "too_many_requests"),
        ("/api/broken", 500, "our_fault"),
        ("/api/bug", 500, "our_fault"),
    ],
)
def test_whatever_says_no_says_it_in_the_same_form(address: str, status: int, code: str) -> None:
    answer = get(address)
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (status, status, code)
    assert answer.json().keys() == {"type", "title", "status", "code", "detail", "detail_th", "detail_en", "facts"}


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code", "told"),
    [
        ("{", "application/json", 400, "malformed", {}),
        ('{"amount_satang": 0}', "application/json", 400, "malformed", {"fields": {"amount_satang": 1}}),
        ("{}", "application/json", 400, "malformed", {"fields": {"amount_satang": 1}}),
        ("<a/>", "application/xml", 415, "unsupported_media_type", {}),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_fields_that_are_wrong(
    body: str, content_type: str, status: int, code: str, told: dict[str, Any]
) -> None:
    answer = Client().post("/api/order", body, content_type=content_type)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    complaints = {name: len(said) for name, said in answer.json()["facts"].get("fields", {}).items()}
    assert ({"fields": complaints} if complaints else {}) == told


def test_one_who_asks_too_often_is_told_how_long_to_wait() -> None:
    answer = get("/api/often")
    assert answer["Retry-After"] == "8"
    assert answer.json()["facts"] == {"wait_seconds": 8}
    assert "8 seconds" in answer.json()["detail_en"]


def test_a_page_says_no_as_a_page() -> None:
    for address, status in (("/page", 403), ("/nothing-here", 404)):
        answer = get(address)
        assert answer.status_code == status
        assert answer["Content-Type"].startswith("text/html")


def test_a_broken_invariant_wakes_someone_and_tells_the_reader_nothing(caplog: pytest.LogCaptureFixture) -> None:
    answer = get("/api/broken")
    assert "somchai" not in answer.text
    assert answer.json()["facts"] == {}
    (record,) = [record for record in caplog.records if record.levelno == logging.CRITICAL]
    assert "cash:somchai is below zero" in caplog.text
    assert record.name == "config.problems"


def test_our_own_mistake_tells_the_reader_nothing(caplog: pytest.LogCaptureFixture) -> None:
    answer = get("/api/bug")
    assert "0812345678" not in answer.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_one_who_waits_too_long_for_a_lock_is_asked_to_try_again(superuser: str) -> None:
    User.objects.create(username="ploy")
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with psycopg2.connect(superuser) as other, other.cursor() as cursor:
            cursor.execute("SELECT FROM auth_user FOR UPDATE")
            held.set()
            release.wait(10)
        other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    answer = get("/api/locked")
    release.set()
    holder.join()
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "busy_try_again", "1")
    assert get("/api/locked").status_code == 204


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_takes_too_long_is_ended_and_may_be_tried_again() -> None:
    answer = get("/api/slow")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "busy_try_again", "1")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_is_said() -> None:
    answer = get("/api/cut")
    connection.close()  # Django does this between requests, but not between those of its test client
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "unavailable_try_again", "1")
    assert get("/api/locked").status_code == 204


def test_a_connection_that_breaks_in_a_way_without_a_name_is_said_too() -> None:
    # What psycopg2 raises when PostgreSQL is killed in the middle of a statement.
    told = problems.answer(DatabaseError("server closed the connection unexpectedly"), {})
    assert told is not None
    assert (told.status_code, told.data["code"]) == (503, "unavailable_try_again")


@pytest.mark.parametrize("mistake", [ValueError("no such day"), IntegrityError("two ends of one charge")])
def test_what_nobody_foresaw_is_left_to_django_which_logs_it(mistake: Exception) -> None:
    assert problems.answer(mistake, {}) is None
