"""Logs are JSON lines that can be followed by request, and say nothing about a person."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import logs
from config.environment import ROOT
from config.logs import masked

SOMCHAIS_PHONE = "0812345678"


def greet(_request: HttpRequest, phone: str) -> HttpResponse:
    structlog.get_logger("wallet.people").info("greeted", payout_satang=1_234_567_890_123)
    logging.getLogger("some.library").warning("called %s", phone)
    return HttpResponse("สวัสดี")


urlpatterns = [path("greet/<str:phone>", greet)]


Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Lines:
    """Return a way to read what has been logged, as objects."""
    written = io.StringIO()
    (handler,) = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    monkeypatch.setattr(handler, "stream", written)
    # pytest gives `sys` another stderr between fixture and test, so the module is given a `sys` of its own.
    monkeypatch.setattr(logs, "sys", SimpleNamespace(stderr=written))
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.urls(__name__)
def test_all_lines_of_a_request_carry_its_id_and_none_carries_the_phone_number(lines: Lines) -> None:
    answer = Client().get(f"/greet/{SOMCHAIS_PHONE}?phone={SOMCHAIS_PHONE}")
    greeted, called, request = logged = lines()
    assert {line["request_id"] for line in logged} == {answer["X-Request-ID"]}
    assert SOMCHAIS_PHONE not in json.dumps(logged)
    assert (greeted["event"], greeted["payout_satang"]) == ("greeted", 1_234_567_890_123)
    assert (called["event"], called["logger"], called["level"]) == ("called …", "some.library", "warning")
    assert {name: request[name] for name in ("event", "method", "status", "route")} == {
        "event": "request",
        "method": "GET",
        "status": 200,
        "route": "greet/<str:phone>",
    }


@pytest.mark.urls(__name__)
def test_the_id_that_the_proxy_gave_is_kept_unless_it_is_not_one() -> None:
    for given, kept in (
        ("0190b3a2-7c1e-7000-8000-000000000001", True),
        ("x" * 65, False),
        ("somchai\tlogged in", False),
    ):
        answer = Client(headers={"X-Request-ID": given}).get("/greet/nobody")
        assert (answer["X-Request-ID"] == given) is kept


def test_being_asked_for_health_is_not_worth_a_line(lines: Lines) -> None:
    assert Client().get("/healthz").status_code == 200
    assert lines() == []


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("call 081-234-5678 or +66812345678", "call … or …"),
        ("id 1 1037 01234 56 7", "id …"),
        ("write to malee@stall.example", "write to …"),
        (
            "payment 01920f3e-8c3a-7b1d-9a57-123456789012 of 99_01",
            "payment 01920f3e-8c3a-7b1d-9a57-123456789012 of 99_01",
        ),
        ("Key (phone)=(081-x (home)) already exists.", "Key (phone)=(…) already exists."),
        ("DETAIL:  Failing row contains (7, สมชาย, 0812345678).", "DETAIL:  Failing row contains (…)."),
        ("postgresql://gwallet:s3cr3t@db/gwallet", "postgresql://gwallet:…@db/gwallet"),
        ("at 2026-03-04 took 12345678 us", "at 2026-03-04 took 12345678 us"),
    ],
)
def test_what_may_be_personal_or_secret_is_masked(said: str, logged: str) -> None:
    assert masked(said) == logged


def test_a_traceback_is_masked_and_stays_one_line() -> None:
    program = (
        "import django; django.setup(); import structlog\n"
        "try: int('somchai@mail.example')\n"
        "except ValueError: structlog.get_logger('x').exception('read')"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stderr
    (line,) = said.splitlines()
    assert "ValueError" in json.loads(line)["exception"]
    assert "somchai" not in line
