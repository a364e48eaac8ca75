"""Light enough for a bad network, fast enough not to be noticed."""

import datetime as dt
import http.client
import time
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from config import visits
from merchants import looks
from settlement import batches, tallies
from tests.cast import PLUS, Stage, buy
from tests.pages.site import Site
from tests.settlement.market import TWO, end_of_day
from tests.settlement.office import Office
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


def test_every_page_of_the_office_is_made_in_a_tenth_of_a_second(stage: Stage, site: Site) -> None:
    somchai, malee, office = stage.citizen("somchai", cash_satang=900_00, enrolled=PLUS), stage.stall("malee"), Office()
    for _ in range(30):
        buy(somchai, malee, 10_00)
    end_of_day()
    batch = batches.build(at=TWO)
    for hour in range(60):
        looks.dossier(merchant_id=malee.merchant.id, reason=f"visit {hour}", actor=office.anan.actor, at=TWO)
    buy(somchai, malee, 10_00, at=TWO + dt.timedelta(hours=9))
    tallies.count(behind=dt.timedelta())
    pair = tokens.issue(caller=Caller("officer", office.ploy.officer.id), at=timezone.now())
    pages = ["/office/", "/office/figures/", "/office/settlement/", f"/office/settlement/{batch.id}/", "/office/bank/"]
    pages += ["/office/budgets/", f"/office/reports/{PLUS}/", f"/office/reports/{PLUS}/?by=province"]
    pages += ["/office/shops/", "/office/shops/?words=malee", f"/office/shops/{malee.merchant.id}/"]
    pages += ["/office/people/", f"/office/people/{somchai.id}/", "/office/audit/", "/office/audit/?on=2025-11-01"]
    assert slow(site, pages, visit=pair.refresh) == {}


def slow(site: Site, pages: list[str], *, visit: str) -> dict[str, float]:
    """Return the pages that take too long for who is signed in, with the seconds that they take."""
    headers = {"Cookie": f"{visits.COOKIE}={visit}", "Accept-Encoding": "gzip"}

    def seconds(line: http.client.HTTPConnection, address: str) -> float:
        began = time.perf_counter()
        line.request("GET", address, headers=headers)
        answer = line.getresponse()
        answer.read()
        assert answer.status in {200, 302}, address
        return time.perf_counter() - began

    took = {}
    with closing(http.client.HTTPConnection(urlsplit(site.address).netloc)) as line:
        for address in pages:
            seconds(line, address)  # the first request of a process compiles templates and rules
            # What others do on this machine is no time of the server's: the quickest try says what a page needs.
            took[address] = min(seconds(line, address) for _ in range(TRIES))
    return {address: each for address, each in took.items() if each > SLOWEST_SECONDS}
