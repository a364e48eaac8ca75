"""A real browser before the real pages: three sizes, two languages, nothing from outside, nothing on the console."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Request, sync_playwright
from psycopg2.extensions import parse_dsn
from pytest_django.fixtures import Settings

from config import visits
from tests.cast import NOON, Citizen, Stage
from tests.pages.market import film
from tests.pages.site import Site, served
from tests.pages.words import in_words
from wallet import clock, tokens
from wallet.tokens import Caller

SIZES = {"phone": (360, 640), "tablet": (768, 1024), "desk": (1440, 900)}
LANGUAGES = {"th": "th-TH", "en": "en-GB"}
# Whole journeys are walked in every size in every language; the rest in each size and in each language once.
EACH_ONCE = pytest.mark.parametrize(("size", "language"), [("phone", "th"), ("tablet", "en"), ("desk", "th")])

# The browser library runs a loop beside the test; the database is asked between its steps, never within one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def site(django_db_setup: None, superuser: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    database = os.environ["DATABASE_URL"].replace("/gwallet?", f"/{parse_dsn(superuser)['dbname']}?")
    with served(database=database, folder=tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def start_browser() -> Iterator[Callable[..., Browser]]:
    """Return a function that starts Debian's browser, with more words on its command line if need be."""
    with sync_playwright() as playwright:
        # The browser's own sandbox wants another user than root; what it shows here is ours alone.
        always = ["--no-sandbox"] if os.geteuid() == 0 else []

        def start(*words: str) -> Browser:
            return playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*always, *words])

        yield start


@pytest.fixture(scope="session")
def browser(start_browser: Callable[..., Browser]) -> Iterator[Browser]:
    chromium = start_browser()
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera of `seeing` looks at, from the next time that it is opened."""
    file = tmp_path_factory.mktemp("camera") / "till.y4m"
    file.write_bytes(film(None))
    return file


@pytest.fixture(scope="session")
def seeing(start_browser: Callable[..., Browser], filmed: Path) -> Iterator[Browser]:
    """A browser with a camera."""
    seen = f"--use-file-for-fake-video-capture={filmed}"
    chromium = start_browser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", seen)
    yield chromium
    chromium.close()


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=list(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def noon(settings: Settings, stage: Stage) -> None:
    """Let the market's clock stand at noon, for the pages as for us."""
    settings.DEMO_CLOCK = True
    clock.stand_at(NOON)


@pytest.fixture
def open_browser(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a browser of somebody's own; at the end nothing strange may have been seen."""
    opened: list[Page] = []
    strange: list[str] = []

    def open_one(*, size: str = "phone", language: str = "th", within: Browser = browser, **more: Any) -> Page:
        width, height = SIZES[size]
        context = within.new_context(
            base_url=site.address,
            viewport={"width": width, "height": height},
            locale=LANGUAGES[language],
            timezone_id="Asia/Bangkok",
            **({"service_workers": "block"} | more),
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda asked: _must_be_ours(asked, site, strange))
        page.on("console", lambda said: strange.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: strange.append(str(error)))
        opened.append(page)
        return page

    yield open_one
    for page in opened:
        page.context.close()
    # A refusal is an answer with a 4xx, which the console tells though nothing is wrong.
    assert [each for each in strange if "Failed to load resource: the server responded" not in each] == []


@pytest.fixture
def page(open_browser: Callable[..., Page], size: str, language: str) -> Page:
    """A browser of each size, in each language."""
    return open_browser(size=size, language=language)


@pytest.fixture
def say(language: str) -> Callable[..., str]:
    """Return how the pages say a sentence in the language of this test."""
    return partial(in_words, language)


def at_home(page: Page, someone: Citizen) -> None:
    """Let a citizen be signed in at a browser, as if they had just typed their PIN."""
    pair = tokens.issue(caller=Caller("citizen", someone.id, device_id=someone.device.id), at=timezone.now())
    cookie = {"name": visits.COOKIE, "value": pair.refresh, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # the library's own name for such a dictionary


def _must_be_ours(asked: Request, site: Site, strange: list[str]) -> None:
    # Somebody goes to the identity provider or to Stripe's page for cards, and comes back; nothing else leaves us.
    there = (site.identity.address, f"{site.stripe.base}/checkout/")
    by_a_tap = asked.is_navigation_request() and asked.url.startswith(there)
    if not (by_a_tap or asked.url.startswith((site.address, "data:", "blob:"))):
        strange.append(f"asked {asked.url}")
