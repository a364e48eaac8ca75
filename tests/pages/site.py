"""The pages as they are served: a process of its own over the test database, with Stripe and an identity provider."""

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from config.demo.house import STRIPE_API_KEY, STRIPE_WEBHOOK_SECRET
from config.demo.identity import Provider
from config.demo.identity_page import IdentityPage
from config.demo.line import Line
from config.demo.parts import Part, python
from config.loopback.stripe import StripeLoopback


@dataclass(frozen=True)
class Site:
    """Where the pages are, and who stands around them."""

    address: str
    stripe: StripeLoopback
    identity: IdentityPage


@contextmanager
def served(*, database: str, folder: Path) -> Iterator[Site]:
    """Serve the pages over a database, with static files collected as in production, for the length of a `with`."""
    provider = Provider()
    stripe_at_home = StripeLoopback(api_key=STRIPE_API_KEY, webhook_secret=STRIPE_WEBHOOK_SECRET)
    with stripe_at_home as stripe, closing(IdentityPage(provider)) as identity:
        environment = os.environ | {
            "PRODUCTION": "0",
            "DATABASE_URL": database,
            "DEMO_CLOCK": "1",
            "STATIC_ROOT": str(folder / "static"),
            "STRIPE_API_KEY": STRIPE_API_KEY,
            "STRIPE_API_BASE": stripe.base,
            "STRIPE_WEBHOOK_SECRET": STRIPE_WEBHOOK_SECRET,
            "IDENTITY_PROVIDER_KEY": provider.public_key,
            "IDENTITY_PROVIDER_URL": identity.address,
            "WEB_PROCESSES": "1",
        }
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        files = Part("collectstatic", collect, environment, folder / "collectstatic.log")
        files.start()
        files.must_end_well()
        web = Part("web", python("config.serve"), environment, folder / "web.log")
        web.start()
        try:
            address = web.first_line("listening: ")
            web.wait_for(lambda: _alive(address))
            stripe.webhooks.point_at(f"{address}/api/v1/stripe/webhook/")
            identity.back_to = f"{address}/join/"
            yield Site(address, stripe, identity)
        finally:
            web.stop()


def _alive(address: str) -> str | None:
    with closing(Line(address)) as line, suppress(OSError):  # it is bound, and does not listen yet
        return "alive" if line.ask("GET", "/healthz").status == HTTPStatus.OK else None
    return None
