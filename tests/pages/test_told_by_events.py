"""Where events come, a counter's page is told by one, from another port without a proxy, and hardly asks."""

import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from psycopg2.extensions import parse_dsn

from merchants import hints
from tests.cast import PLUS, Stage, confirm, terms_for
from tests.listening import PATH, live
from tests.pages.site import served
from tests.pages.stall import as_till, key_in
from tests.pages.words import in_words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


def test_malees_page_hears_that_somchai_has_paid(
    browser: Browser, stage: Stage, superuser: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    malee, somchai = stage.stall("malee"), stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    database = os.environ["DATABASE_URL"].replace("/gwallet?", f"/{parse_dsn(superuser)['dbname']}?")
    with live() as events:
        monkeypatch.setenv("LIVE_ORIGIN", f"http://127.0.0.1:{events.port}")
        with served(database=database, folder=tmp_path) as site, browser.new_context(base_url=site.address) as context:
            page = context.new_page()
            looks: list[str] = []
            page.on("request", lambda asked: looks.append(asked.url) if "?was=" in asked.url else None)
            as_till(page, malee)
            page.goto("/shop/keypad/")
            with page.expect_response(lambda answer: PATH in answer.url and answer.ok):
                charge = key_in(page, "50", lambda sentence: in_words("en", sentence))
            page.wait_for_timeout(2_500)  # in which a page that hears nothing would have asked three times
            assert len(looks) <= 1
            hints.tell(hints.paid(confirm(somchai, terms_for(somchai, charge))))
            began = time.monotonic()
            page.wait_for_selector("#charge[data-state=paid]")
            assert time.monotonic() - began < 1.5
