"""Light enough for a bad network, fast enough not to be noticed."""

import http.client
import time
from collections.abc import Callable
from contextlib import closing
from statistics import median
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from config import visits
from merchants import charges
from tests.cast import PLUS, Stage, ask, buy
from tests.pages.market import pay_address
from tests.pages.site import Site
from wallet import tokens
from wallet.tokens import Caller

LARGEST_FIRST_PAGE = 60_000  # bytes over the wire
SLOWEST_SECONDS = 0.1
TRIES = 7

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


@pytest.mark.parametrize("address", ["/", "/sign-in/"])
def test_the_first_page_is_light_with_all_that_it_loads(open_browser: Callable[..., Page], address: str) -> None:
    page = open_browser()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    received: list[int] = []
    wire.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    assert len(received) >= 4, "the page, its style, its script, its icons"
    assert sum(received) <= LARGEST_FIRST_PAGE


def test_every_page_is_made_in_a_tenth_of_a_second(stage: Stage, site: Site) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=900_00, enrolled=PLUS), stage.stall("malee")
    payment = [buy(somchai, malee, 10_00) for _ in range(30)][-1]
    pair = tokens.issue(caller=Caller("citizen", somchai.id, device_id=somchai.device.id), at=timezone.now())
    to_split = pay_address(charges.payload(ask(malee, 50_00)))
    receipt = f"/payments/{payment.id}/"
    pages = ["/", "/sign-in/", "/join/", "/help/", "/developers/", "/verify/", "/schemes/", f"/schemes/{PLUS}/"]
    pages += ["/home/", "/scan/", "/my-code/", to_split, "/payments/", receipt, "/top-ups/"]
    pages += ["/me/", "/me/pin/", "/refusals/"]
    headers = {"Cookie": f"{visits.COOKIE}={pair.refresh}", "Accept-Encoding": "gzip"}

    def seconds(line: http.client.HTTPConnection, address: str) -> float:
        began = time.perf_counter()
        line.request("GET", address, headers=headers)
        answer = line.getresponse()
        answer.read()
        assert answer.status in {200, 302}, address
        return time.perf_counter() - began

    slow = {}
    with closing(http.client.HTTPConnection(urlsplit(site.address).netloc)) as line:
        for address in (
            *pages,
            to_split,
            "/payments/",
            receipt,
            "/top-ups/",
            "/me/",
            "/me/pin/",
            "/refusals/",
            "/my-code/",
        ):
            seconds(line, address)  # the first request of a process compiles templates and rules
            took = median(seconds(line, address) for _ in range(TRIES))
            if took > SLOWEST_SECONDS:
                slow[address] = took
    assert slow == {}
