"""The nights, while everybody buys: the clock moves on, the timetable closes and builds, officers and bank pay."""

import contextlib
import datetime as dt
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Event, Thread
from typing import Any, Final, TypeVar
from urllib.request import ProxyHandler, Request, build_opener

from django.db import DatabaseError, InterfaceError, connection

from config.demo.house import STRIPE_API_KEY, House
from config.demo.line import Line
from config.demo.people import Officer
from config.loopback import stripe
from settlement.models import DaySliced
from tests.cast import NOON
from tests.faults.calls import Caller, NoAnswer
from wallet import clock
from wallet.models import BusinessDay, DaySeal

PATIENCE_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.05
REST_SECONDS: Final = 0.5
XML: Final = "application/xml"

Result = TypeVar("Result")


def patiently(act: Callable[[], Result]) -> Result:
    """Do something with the database, again if it goes away meanwhile; only for acts that may be done twice.

    :raises DatabaseError: it is away for longer than `PATIENCE_SECONDS`.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return act()
        except (DatabaseError, InterfaceError):
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(LOOK_SECONDS)


@dataclass
class Nights:
    """The demonstration's clock, one day after another."""

    day: dt.datetime = NOON

    def fall(self) -> None:
        """Let midnight come: from now on the open day is to be closed."""
        self.day += dt.timedelta(days=1)
        patiently(lambda: clock.stand_at(self.day.replace(hour=0, minute=0, second=5)))

    def pass_by(self) -> None:
        """Let it be evening, when all that was sold yesterday is due and rights can be used again."""
        patiently(lambda: clock.stand_at(self.day.replace(hour=18)))

    def unfinished(self) -> int:
        """Return how many days that are over are not closed, not cut into slices, or not sealed."""
        over = {NOON.date() + dt.timedelta(days=number) for number in range((self.day - NOON).days)}

        def count() -> int:
            closed = set(BusinessDay.objects.filter(closed_at__isnull=False).values_list("business_date", flat=True))
            cut = set(DaySliced.objects.values_list("business_date", flat=True))
            sealed = set(DaySeal.objects.values_list("business_date", flat=True))
            return len(over - (closed & cut & sealed))

        return patiently(count)

    def settle(self) -> int:
        """Wait, within bounds, until every day that is over is closed, cut and sealed; return how many are not."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (left := self.unfinished()) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
        return left


@dataclass
class Office:
    """Ploy and Anan, who pay out whatever is due; and the citizens' other app, in which they pay their top-ups."""

    house: House
    address: str
    ploy: Officer
    anan: Officer
    approved: list[str] = field(default_factory=list)
    carried: set[str] = field(default_factory=set)
    topped_up: set[str] = field(default_factory=set)
    broke: list[Exception] = field(default_factory=list)
    _over: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Give each officer a line."""
        self.desks = (_caller(self.address, self.ploy), _caller(self.address, self.anan))

    def open(self) -> None:
        """Begin to work, each in a thread of their own."""
        for work in (self._pay_out, self._top_up):
            self._threads.append(Thread(target=self._until_over, args=(work,), daemon=True))
            self._threads[-1].start()

    def close(self) -> None:
        """Let them finish what they have begun."""
        self._over.set()
        for thread in self._threads:
            thread.join(2 * PATIENCE_SECONDS)

    def _until_over(self, work: Callable[[], None]) -> None:
        while not self._over.is_set():
            try:
                work()
            except Exception as error:  # noqa: BLE001  told at the end; the run goes on without this desk
                self.broke.append(error)
                return
            self._over.wait(REST_SECONDS)

    def _pay_out(self) -> None:
        """Submit and approve what was built, and carry the bank's files and statements."""
        ploy, anan = self.desks
        with contextlib.suppress(NoAnswer):
            for batch in _results(ploy, "batches/"):
                path = f"settlement/batches/{batch['id']}/"
                if batch["state"] == "waiting":
                    ploy.post(f"{path}submission/", {"seen": ploy.get(path).body["seen"]})
                    batch["state"] = "submitted"
                if batch["state"] == "submitted":
                    seen = anan.get(path).body["seen"]
                    said = anan.post(f"{path}approval/", {"seen": seen, "totp": self.anan.code()})
                    if said.status == HTTPStatus.CREATED:
                        self.approved.append(batch["id"])
            self._to_the_bank(ploy)

    def _to_the_bank(self, officer: Caller) -> None:
        for file in _results(officer, "bank-files/"):
            if file["id"] not in self.carried:
                content = officer.get(f"settlement/bank-files/{file['id']}/content/").content
                statement = Line(self.house.bank_address).ask("POST", "/payments", content, content_type=XML)
                said = officer.post("settlement/bank-statements/", statement.content, content_type=XML)
                # Taken in before, should the answer to the first try have been lost for longer than a phone waits.
                if said.status == HTTPStatus.CREATED or said.code == "statement_known":
                    self.carried.add(file["id"])

    def _top_up(self) -> None:
        """Pay every QR that citizens asked for, as their bank's app would; Stripe tells the service."""
        request = Request(  # noqa: S310  http, this machine
            f"{self.house.stripe_address}/v1/payment_intents?limit=100",
            headers={"Authorization": f"Bearer {STRIPE_API_KEY}"},
        )
        with build_opener(ProxyHandler({})).open(request) as answer:
            listed: list[dict[str, Any]] = json.load(answer)["data"]
        for intent in listed:
            if intent["status"] == "requires_action":
                stripe.ask(self.house.stripe_address, f"pay/{intent['id']}")
                self.topped_up.add(intent["metadata"]["top_up"])


def _caller(address: str, officer: Officer) -> Caller:
    who = officer.who
    return Caller(
        Line(address),
        lambda: {"grant": "officer", "username": who.username, "password": who.password, "totp": officer.code()},
        officer.token,
    )


def _results(caller: Caller, path: str) -> list[dict[str, Any]]:
    """Return the newest of a list, oldest first."""
    found = caller.get(f"settlement/{path}")
    return list(reversed(found.body["results"])) if found.status == HTTPStatus.OK else []
