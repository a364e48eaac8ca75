"""Every page of the street map, for everybody who may see it: quick, and with nothing in it that runs by itself."""

import datetime as dt
import http.client
import io
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from http import HTTPStatus
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from django.urls import URLPattern, reverse
from django.utils import timezone

from config import visits, web
from config.authentication import ANYONE
from merchants import bank_accounts, charges, posters, proposals, signatures, staff
from settlement import reconciliation, tallies
from settlement.models import BankFile, Discrepancy, Payout
from subsidies import drafts
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, ask, buy, thai_id
from tests.counter import hold
from tests.merchants.test_applications import applied
from tests.pages.site import Site
from tests.settlement.market import TWO, end_of_day
from tests.settlement.office import Bank, Office
from tests.shopkeepers import keeper
from tests.subsidies.test_appeals import BY_LISTS, CARD
from tests.subsidies.test_appeals import ask as appeal
from tests.subsidies.test_lists import csv_of, in_force, upload
from wallet import clock, tokens
from wallet.models import TopUp
from wallet.tokens import Caller

SLOWEST_SECONDS: Final = 0.1
TRIES: Final = 7

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


class Market(NamedTuple):
    """Everybody who comes to the pages, and what there is to see.

    :ivar callers: who is signed in; None is a stranger.
    :ivar things: what stands in addresses, by the name of its place there.
    :ivar asked: what a page is asked behind the question mark, by the page's name.
    """

    callers: tuple[Caller | None, ...]
    things: Mapping[str, Any]
    asked: Mapping[str, Mapping[str, str]]


@pytest.fixture
def stage() -> Stage:
    """A market whose scheme refuses whom a list names, and takes appeals."""
    stage = Stage()
    stage.open_books()
    stage.scheme(document=BY_LISTS, funded=100_000_000_000_00)
    return stage


@pytest.fixture
def market(stage: Stage) -> Market:
    """A market of thirty payments, paid out over night, with one of each kind of thing that waits for somebody."""
    office, malee = Office(), stage.stall("malee")
    somchai = stage.citizen("somchai", cash_satang=900_00, enrolled=PLUS)
    payment = [buy(somchai, malee, 10_00) for _ in range(30)][-1]
    held = hold(somchai, malee, 20_00)
    top_up = TopUp.objects.create(citizen_id=somchai.id, amount=100_00, asked_at=NOON, told_at=NOON, qr_payload="0002")
    waiting = _what_waits_for_officers(stage, office, malee, somchai)
    poster = posters.make(by=keeper(malee).member, branch_id=None, at=NOON)
    on_the_wall = posters.payload(poster)
    proposal = proposals.propose(
        citizen_id=somchai.id, payload=on_the_wall, amount=20_00, key=str(uuid4()), at=NOON
    ).proposal
    paid_out = _a_night(office)
    charge = ask(malee, 50_00, at=TWO)
    tallies.count(behind=dt.timedelta())
    return Market(
        (None, *_signed_in(somchai, malee, office)),
        {
            **waiting,
            **paid_out,
            "code": PLUS,
            "number": 1,
            "citizen_id": somchai.id,
            "payment_id": payment.id,
            "charge_id": charge.id,
            "top_up_id": top_up.id,
            "hold_id": held.id,
            "merchant_id": malee.merchant.id,
            "poster_id": poster.id,
            "proposal_id": proposal.id,
            "sheet": "poster",
            "kind": "svg",
        },
        {
            "pay": {"qr": charges.payload(charge)},
            "poster": {"qr": on_the_wall},
            "office-differences": {"was": "1", "now": "1"},
            "verified": {"code": signatures.check_code(payment)},
        },
    )


def _what_waits_for_officers(stage: Stage, office: Office, malee: Stall, somchai: Citizen) -> dict[str, Any]:
    owner = keeper(malee)
    change = bank_accounts.ask(
        staff_id=owner.member.id, bank_code="BKKBTHBK", bank_account="5555512345", second_factor=owner.code(), at=NOON
    )
    in_force(office, thai_id(stage.people).encode(), code=CARD)
    return {
        "change_id": change.id,
        "appeal_id": appeal(stage.citizen("nok")).appeal.id,
        "application_id": applied(somchai).application.id,
        "list_id": upload(office, csv_of(50, 51)).id,
        "draft_id": drafts.begin(document=BY_LISTS, actor=office.ploy.actor, at=NOON).id,
    }


def _a_night(office: Office) -> dict[str, Any]:
    end_of_day()
    clock.stand_at(TWO)
    batch, bank = office.pay(at=TWO), Bank()
    bank.pay(Payout.objects.get(batch=batch))
    bank.book(7_00, None)
    taken_in = reconciliation.take_in(file=io.BytesIO(bank.statement()), actor=office.anan.actor, key="tonight", at=TWO)
    return {
        "batch_id": batch.id,
        "file_id": BankFile.objects.get().id,
        "statement_id": taken_in.statement.id,
        "discrepancy_id": Discrepancy.objects.get().id,
    }


def _signed_in(somchai: Citizen, malee: Stall, office: Office) -> Iterator[Caller]:
    owner = keeper(malee).member
    yield Caller("citizen", somchai.id, device_id=somchai.device.id)
    yield Caller("till", malee.till.id, merchant_id=malee.merchant.id)
    yield Caller("staff", owner.id, merchant_id=malee.merchant.id, staff_role=staff.role_of(owner))
    yield Caller("officer", office.ploy.officer.id)


def test_every_page_is_made_in_a_tenth_of_a_second_and_runs_nothing_that_stands_in_it(
    site: Site, market: Market
) -> None:
    slow: dict[str, float] = {}
    shown: set[str] = set()
    with closing(http.client.HTTPConnection(urlsplit(site.address).netloc)) as line:
        for caller in market.callers:
            headers = _headers(caller)
            for pattern in web.urlpatterns:
                if not _may_enter(caller, pattern):
                    continue
                address = _address(pattern, market)
                _ask(line, address, headers)  # the first request of a process compiles templates and rules
                status, policy, took = _ask(line, address, headers)
                if status == HTTPStatus.METHOD_NOT_ALLOWED:
                    continue  # a form is sent there, and no page is made
                assert status in {HTTPStatus.OK, HTTPStatus.FOUND}, f"{address} for {caller and caller.role}: {status}"
                assert "unsafe-inline" not in policy, address
                assert "'self'" in policy, address
                if took > SLOWEST_SECONDS:
                    # What others do on this machine is no time of the server's: the quickest try says what it needs.
                    took = min(_ask(line, address, headers)[2] for _ in range(TRIES))
                if took > SLOWEST_SECONDS:
                    slow[address] = took
                if status == HTTPStatus.OK:
                    shown.add(str(pattern.name))
    assert slow == {}
    assert len(shown) > 60, "somebody sees nearly all of them"


def _may_enter(caller: Caller | None, pattern: URLPattern) -> bool:
    screen = getattr(pattern.callback, "view_class", None)
    open_to = getattr(screen, "open_to", ANYONE)
    if open_to is ANYONE:
        return caller is None or pattern.name in {"start", "schemes", "scheme", "help"}  # which differ for who is in
    return caller is not None and not caller.roles.isdisjoint(open_to)


def _address(pattern: URLPattern, market: Market) -> str:
    things = {name: market.things[name] for name in pattern.pattern.converters}
    asked = market.asked.get(str(pattern.name))
    return reverse(str(pattern.name), kwargs=things) + (f"?{urlencode(asked)}" if asked else "")


def _headers(caller: Caller | None) -> dict[str, str]:
    if caller is None:
        return {"Accept-Encoding": "gzip"}
    pair = tokens.issue(caller=caller, at=timezone.now())
    return {"Cookie": f"{visits.COOKIE}={pair.refresh}", "Accept-Encoding": "gzip"}


def _ask(line: http.client.HTTPConnection, address: str, headers: Mapping[str, str]) -> tuple[int, str, float]:
    """Return status, policy and seconds of one answer."""
    began = time.perf_counter()
    line.request("GET", address, headers=dict(headers))
    answer = line.getresponse()
    answer.read()
    took = time.perf_counter() - began
    return answer.status, answer.headers.get("Content-Security-Policy", ""), took
