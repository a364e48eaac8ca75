"""Every part of the service as a process of its own, on one database and one broker: as in production, only smaller."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final

import psycopg2

from config.demo.identity import Provider
from config.demo.identity_page import IdentityPage
from config.demo.line import Line
from config.demo.parts import Part, PartDied, python
from config.environment import ROOT
from config.loopback import stripe

DATABASE: Final = "gwallet_demo"
BROKER_DATABASE: Final = 1
STRIPE_API_KEY: Final = "sk_test_of_the_demonstration_and_of_nothing_else"
STRIPE_WEBHOOK_SECRET: Final = "whsec_of_the_demonstration_and_of_nothing_else"  # noqa: S105  opens nothing but our own stand-in

WORKER_PROCESSES: Final = 2
QUEUES: Final = "--queues=celery,webhooks"  # of which production gives the second to workers of its own
COLLECTED: Final = "static"  # below the demonstration's folder


@dataclass
class House:
    """The parts, running, and the way in."""

    folder: Path
    environment: dict[str, str]
    provider: Provider
    identity: IdentityPage
    stripe: Part
    bank: Part
    live: Part
    web: Part
    worker: Part
    beat: Part
    stripe_address: str = ""
    bank_address: str = ""
    web_address: str = ""

    def line(self, *, patience_seconds: float = 0) -> Line:
        """Return a line to the web server."""
        return Line(self.web_address, patience_seconds=patience_seconds)

    def open(self, *, tables: Part | None, files: Part | None) -> None:
        """Start what the web needs, then the web, then who works for it, once the tables are there."""
        self.stripe.start()
        self.bank.start()
        self.stripe_address = "http://" + self.stripe.first_line("http://")
        self.bank_address = "http://" + self.bank.first_line("http://")
        self.environment["STRIPE_API_BASE"] = self.stripe_address
        self.live.start()
        self.environment["LIVE_ORIGIN"] = self.live.first_line("listening: ")
        self.environment["LIVE_PORT"] = self.environment["LIVE_ORIGIN"].rpartition(":")[2]
        if files is not None:
            files.must_end_well()
        self.web.start()
        self.web_address = self.web.first_line("listening: ")
        self.identity.back_to = f"{self.web_address}/join/"
        self.environment["WEB_PORT"] = self.web_address.rpartition(":")[2]  # the same, should it have to start again
        stripe.ask(self.stripe_address, "webhook", url=f"{self.web_address}/api/v1/stripe/webhook/")
        if tables is not None:
            tables.must_end_well()
        self.worker.start()
        self.beat.start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Return when the web and the live events answer and have found what they need.

        :raises PartDied: one does not, in a minute.
        """
        for part, address in ((self.web, self.web_address), (self.live, self.environment["LIVE_ORIGIN"])):
            part.wait_for(partial(_ready, address))

    def must_be_whole(self) -> None:
        """Accept that every part lives.

        :raises PartDied: one has ended by itself.
        """
        for part in (self.web, self.live, self.worker, self.beat, self.stripe, self.bank):
            if not part.alive:
                raise PartDied(f"{part.name} has ended; {part.log} ends:\n{part.tail()}")

    def close(self) -> None:
        """Stop everything: those who ask others all at once, and then those who are asked."""
        asking = (self.beat, self.web, self.live, self.worker)
        for part in asking:
            part.ask_to_stop()
        for part in (*asking, self.bank, self.stripe):
            part.stop()


def _ready(address: str) -> str | None:
    with closing(Line(address)) as line, suppress(OSError):  # it is bound, and does not listen yet
        return "ready" if line.ask("GET", "/readyz").status == HTTPStatus.OK else None
    return None


@contextmanager
def standing(
    *, folder: Path, addresses: Mapping[str, str], tables: Part | None = None, files: Part | None = None
) -> Iterator[House]:
    """Have the parts running for the length of a `with`.

    :param addresses: of a database and a broker, by the name of the setting.
    :param tables: the process that is making the tables, unless they are there.
    :param files: the process that is collecting the pages' files; without it they are served as they are written.
    :raises PartDied: one of them does not start.
    """
    logs = folder / "logs"
    provider = Provider()
    identity = IdentityPage(provider)
    environment = {
        **os.environ,
        **addresses,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PRODUCTION": "0",
        "DEMO_CLOCK": "1",
        "WEB_PORT": "0",
        "LIVE_PORT": "0",
        "WEBHOOKS_TO_LOOPBACK": "1",
        "IDENTITY_PROVIDER_KEY": provider.public_key,
        "IDENTITY_PROVIDER_URL": identity.address,
        "STRIPE_API_KEY": STRIPE_API_KEY,
        "STRIPE_WEBHOOK_SECRET": STRIPE_WEBHOOK_SECRET,
        "PYTHONUNBUFFERED": "1",
    }
    if files is not None:
        environment["STATIC_ROOT"] = str(folder / COLLECTED)

    def part(name: str, *command: str) -> Part:
        return Part(name, list(command), environment, logs / f"{name}.log")

    celery = python("celery", "--app=config.celery")
    house = House(
        folder=folder,
        environment=environment,
        provider=provider,
        identity=identity,
        stripe=part("stripe", *python("config.loopback.stripe")),
        bank=part("bank", *python("config.loopback.bank")),
        live=part("live", *python("config.live")),
        web=part("web", *python("config.serve")),
        worker=part("worker", *celery, "worker", f"--concurrency={WORKER_PROCESSES}", QUEUES, "--without-gossip"),
        beat=part("beat", *python("celery", "--app=config.beat", "beat", f"--schedule={folder / 'beat'}")),
    )
    try:
        house.open(tables=tables, files=files)
        yield house
    finally:
        house.close()
        identity.close()


def fresh_database(addresses: Mapping[str, str]) -> dict[str, str]:
    """Drop the demonstration's database, make it anew, and return the addresses with it in place of the usual one.

    The embedded servers may be in use for other things in this checkout: their database is left alone, and the broker's
    queues are kept apart by its own numbered databases.
    """
    ours = {name: address.replace("/gwallet?", f"/{DATABASE}?") for name, address in addresses.items()}
    ours["BROKER_URL"] += f"?virtual_host={BROKER_DATABASE}"
    _execute(
        addresses["DATABASE_ADMIN_URL"],
        f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)",
        f"CREATE DATABASE {DATABASE}",
    )
    _execute(ours["DATABASE_ADMIN_URL"], (ROOT / "config" / "database.sql").read_text())
    return ours


def begin_tables(*, folder: Path, addresses: Mapping[str, str]) -> Part:
    """Begin to make the tables, as the schema's owner, and return the process that does."""
    environment = {**os.environ, **addresses, "PRODUCTION": "0"}
    part = Part("migrate", [sys.executable, "manage.py", "migrate"], environment, folder / "logs" / "migrate.log")
    part.start()
    return part


def begin_files(*, folder: Path) -> Part:
    """Begin to collect the pages' files, compressed, and return the process that does."""
    environment = {**os.environ, "PRODUCTION": "0", "STATIC_ROOT": str(folder / COLLECTED)}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity=0"]
    part = Part("collectstatic", command, environment, folder / "logs" / "collectstatic.log")
    part.start()
    return part


def _execute(address: str, *statements: str) -> None:
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
