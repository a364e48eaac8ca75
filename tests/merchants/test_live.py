"""Malee's till hears at once that she was paid, from a process that asks no database."""

import asyncio
import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg2
import pytest
from django.utils import timezone

from merchants import hints, tills
from merchants.hints import Hint
from tests.api.doors import as_citizen, as_till, terms_of
from tests.cast import NOON, PLUS, STAGE_HAND, Citizen, Stage, Stall, ask
from tests.listening import PATH, SECONDS, Live, ear, live, till_token
from wallet import clock, tokens
from wallet.tokens import Caller

pytestmark = pytest.mark.django_db

TILLS = 1_000
SHOPS = 100


@pytest.fixture(scope="module")
def process(superuser: str) -> Iterator[Live]:
    """Return the process; its DATABASE_URL is this test run's database, so that we would see it connect."""
    name = urlsplit(superuser).path
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=name).geturl()
    with live(DATABASE_URL=address.replace(":///", f"://{urlsplit(address).netloc}/")) as running:
        yield running


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=1000_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def prasert(stage: Stage) -> Stall:
    return stage.stall("prasert")


@pytest.fixture
def noon(settings: object, stage: Stage) -> None:
    settings.DEMO_CLOCK = True  # type: ignore[attr-defined]  # of pytest-django
    clock.stand_at(NOON)


def access(role: str, stall: Stall, *, till_id: UUID | None = None, at: dt.datetime | None = None) -> str:
    caller = Caller(role, till_id or uuid4(), merchant_id=stall.merchant.id)  # type: ignore[arg-type]
    return tokens.access_for(caller, at=at or timezone.now())


def a_hint(stall: Stall, *, amount: int = 50_00, till_id: UUID | None = None) -> Hint:
    payment_id = uuid4()
    return Hint(
        id=f"paid:{payment_id}",
        happened="paid",
        merchant_id=stall.merchant.id,
        till_id=till_id or stall.till.id,
        charge_id=uuid4(),
        payment_id=payment_id,
        amount=amount,
        at=NOON,
    )


@pytest.mark.usefixtures("noon")
def test_a_till_hears_of_a_payment_what_it_needs_and_nothing_of_who_paid(
    process: Live, somchai: Citizen, malee: Stall
) -> None:
    charge = ask(malee, 100_00)
    with ear(process, till_token(malee)) as till:
        paid = as_citizen(somchai).post("payments/", terms_of(charge, own_part=50_00)).json()
        event = till.hear()
    assert event is not None
    assert (event.name, event.id) == ("paid", f"paid:{paid['id']}")
    assert event.data == {
        "id": f"paid:{paid['id']}",
        "happened": "paid",
        "charge_id": str(charge.id),
        "payment_id": paid["id"],
        "till_id": str(malee.till.id),
        "amount_satang": 100_00,
        "at": "2025-10-31T05:00:00Z",
    }


@pytest.mark.usefixtures("noon")
def test_nineteen_of_twenty_payments_are_heard_within_a_second(process: Live, somchai: Citizen, malee: Stall) -> None:
    phone, took = as_citizen(somchai), []
    with ear(process, till_token(malee)) as till:
        for _ in range(50):
            terms = terms_of(ask(malee, 5_00), own_part=2_50)
            begun = time.monotonic()
            paid = phone.post("payments/", terms).json()
            event = till.hear()
            assert event is not None
            assert event.data["payment_id"] == paid["id"]
            took.append(event.came - begun)
    assert sorted(took)[47] < 1.0


@pytest.mark.usefixtures("noon")
def test_a_cashier_who_cancels_too_late_sees_the_payment_that_came_after_all(
    process: Live, somchai: Citizen, malee: Stall
) -> None:
    charge = ask(malee, 100_00)
    with ear(process, till_token(malee)) as till:
        as_citizen(somchai).post("payments/", terms_of(charge, own_part=50_00))
        cancelled = as_till(malee).post(f"charges/{charge.id}/cancellation/")
        event = till.hear()
    assert (cancelled.status_code, cancelled.json()["code"]) == (409, "already_paid")
    assert event is not None
    assert (event.name, event.data["charge_id"]) == ("paid", str(charge.id))


@pytest.mark.usefixtures("noon")
def test_the_shops_other_devices_hear_that_a_charge_was_taken_back(process: Live, malee: Stall) -> None:
    charge = ask(malee, 100_00)
    with ear(process, access("staff", malee)) as owner:
        as_till(malee).post(f"charges/{charge.id}/cancellation/")
        event = owner.hear()
    assert event is not None
    assert (event.name, event.data["charge_id"], event.data["payment_id"]) == ("cancelled", str(charge.id), None)


def test_a_till_hears_its_own_and_the_owner_hears_all_of_the_shop_and_no_other(
    process: Live, malee: Stall, prasert: Stall
) -> None:
    second, _ = tills.add(merchant=malee.merchant, name="till 2", actor=STAGE_HAND, at=NOON)
    ours, theirs, elsewhere = a_hint(malee), a_hint(malee, till_id=second.id), a_hint(prasert)
    with ear(process, till_token(malee)) as till, ear(process, access("staff", malee)) as owner:
        for hint in (elsewhere, theirs, ours):
            hints.tell(hint)
        heard = [getattr(till.hear(), "id", None), *(getattr(owner.hear(), "id", None) for _ in range(2))]
    assert heard == [ours.id, theirs.id, ours.id]


def test_a_till_that_comes_back_is_told_the_last_ten_again(process: Live, malee: Stall) -> None:
    told = [a_hint(malee, amount=number) for number in range(1, 13)]
    for hint in told:
        hints.tell(hint)
    wait_until(lambda: len(process.news(till_token(malee))["results"]) == 10)
    with ear(process, till_token(malee), **{"Last-Event-ID": told[4].id}) as till:
        heard = [till.hear() for _ in range(10)]
    assert [event.id for event in heard if event] == [hint.id for hint in told[2:]]


def test_a_till_that_cannot_hold_a_line_asks_and_waits(process: Live, malee: Stall) -> None:
    first, second = a_hint(malee), a_hint(malee)
    assert process.news(till_token(malee)) == {"results": []}
    hints.tell(first)
    waited = process.news(till_token(malee), wait="20")
    assert [news["id"] for news in waited["results"]] == [first.id]
    hints.tell(second)
    more = process.news(till_token(malee), wait="20", seen=first.id)
    assert [news["id"] for news in more["results"]] == [second.id]
    begun = time.monotonic()
    assert process.news(till_token(malee), wait="1", seen=f"{first.id},{second.id}") == {"results": []}
    assert 0.9 < time.monotonic() - begun < 5


def test_nobody_listens_without_a_token_of_a_shop(process: Live, somchai: Citizen, malee: Stall) -> None:
    citizen = tokens.access_for(Caller("citizen", somchai.id, device_id=somchai.device.id), at=timezone.now())
    old = access("till", malee, till_id=malee.till.id, at=timezone.now() - dt.timedelta(minutes=16))
    found = []
    for headers in (
        {},
        {"Authorization": "Bearer forged"},
        {"Authorization": f"Bearer {old}"},
        {"Authorization": f"Bearer {citizen}"},
        {"Cookie": "gwallet_listens=forged"},
        {"Cookie": "gwallet_listens"},
    ):
        status, body, answered = process.ask(PATH, **headers)
        assert answered["Content-Type"] == "application/problem+json"
        found.append((status, body["code"], answered["WWW-Authenticate"] is not None))
    refused = (401, "token_refused", True)
    assert found == [refused, refused, refused, (403, "not_your_role", False), refused, refused]


def test_a_page_listens_by_its_cookie(process: Live, malee: Stall) -> None:
    status, body, _ = process.ask(PATH, Cookie=f"other=1; gwallet_listens={till_token(malee)}")
    assert (status, body) == (200, {"results": []})


def test_a_stream_ends_with_its_token(process: Live, malee: Stall) -> None:
    nearly_old = timezone.now() - tokens.ACCESS_LIFE + dt.timedelta(seconds=2)
    with ear(process, access("till", malee, till_id=malee.till.id, at=nearly_old)) as till:
        event = till.hear()
        assert event is not None
        assert event.name == "sign_in"
        assert till.hear() is None


def test_a_page_on_another_port_of_this_machine_may_listen_and_another_site_may_not(process: Live) -> None:
    asked = {"Access-Control-Request-Headers": "authorization"}
    allowed = process.ask(PATH, method="OPTIONS", Origin="http://127.0.0.1:8000", **asked)
    assert (allowed[0], allowed[2]["Access-Control-Allow-Origin"]) == (204, "http://127.0.0.1:8000")
    for origin in ("http://evil.example", "http://[", "null"):
        assert process.ask(PATH, method="OPTIONS", Origin=origin, **asked)[2]["Access-Control-Allow-Origin"] is None


def test_what_is_not_told_here_is_not_found(process: Live) -> None:
    status, body, _ = process.ask("/api/v1/payments/", **{"Accept-Language": "en"})
    assert (status, body["code"], body["detail"]) == (404, "not_found", body["detail_en"])
    assert process.ask(PATH, method="POST")[1]["code"] == "method_not_allowed"
    assert process.ask("/healthz")[1] == {"alive": True}


def test_without_a_proxy_the_web_says_where_to_listen(malee: Stall, settings: object) -> None:
    assert as_till(malee).get("till/events/").json()["code"] == "events_elsewhere"
    settings.LIVE_ORIGIN = "http://127.0.0.1:9"  # type: ignore[attr-defined]  # of pytest-django
    answer = as_till(malee).get("till/events/", wait=5)
    assert (answer.status_code, answer["Location"]) == (307, f"http://127.0.0.1:9{PATH}?wait=5")
    assert as_till(malee).get("till/events/", wait=26).json()["code"] == "fields_wrong"


def test_a_thousand_tills_that_listen_ask_the_database_nothing(process: Live, superuser: str, stage: Stage) -> None:
    malee = stage.stall("malee")
    shops = [(malee.merchant.id, malee.till.id)] + [(uuid4(), uuid4()) for _ in range(SHOPS - 1)]
    callers = [Caller("till", till_id, merchant_id=merchant_id) for merchant_id, till_id in shops * (TILLS // SHOPS)]
    accesses = [tokens.access_for(caller, at=timezone.now()) for caller in callers]
    before = sessions(superuser)
    heard = asyncio.run(listen(process, accesses, while_they_do=lambda: hints.tell(a_hint(malee))))
    assert heard == TILLS // SHOPS
    assert sessions(superuser) == before
    wait_until(lambda: process.state == {"ready": True, "listeners": 0})


async def listen(process: Live, accesses: list[str], *, while_they_do: Callable[[], None]) -> int:
    """Let everybody listen, do something, wait two seconds, and return how many heard of it."""
    lines = [await asyncio.open_connection("127.0.0.1", process.port) for _ in accesses]
    for access_token, (_, writer) in zip(accesses, lines, strict=True):
        head = f"GET {PATH} HTTP/1.1\r\nHost: here\r\nAccept: text/event-stream\r\nAuthorization: Bearer {access_token}"
        writer.write(f"{head}\r\n\r\n".encode())
    for reader, _ in lines:
        await asyncio.wait_for(reader.readuntil(b"retry: "), SECONDS)
    assert (await asyncio.to_thread(lambda: process.state))["listeners"] == TILLS
    while_they_do()
    heard = await asyncio.gather(*(hears(reader) for reader, _ in lines))
    for _, writer in lines:
        writer.close()
    return sum(heard)


async def hears(reader: asyncio.StreamReader) -> bool:
    try:
        await asyncio.wait_for(reader.readuntil(b"event: paid"), 2)
    except TimeoutError:
        return False
    return True


def sessions(superuser: str) -> int:
    """Return how many sessions the database ever had. Who begins none asks nothing; ours goes on beside another's."""
    name = urlsplit(superuser).path
    with closing(psycopg2.connect(superuser.replace(name, "/postgres"))) as line, line.cursor() as cursor:
        cursor.execute("SELECT sessions FROM pg_stat_database WHERE datname = %s", [name.strip("/")])
        (number,) = cursor.fetchone() or (0,)
    return int(number)


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)
