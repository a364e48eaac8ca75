"""The market: everybody who came, the clock that all processes share, and many hands at once."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from config.demo.cast import CITIZENS, NOK, Shop, Who
from config.demo.identity import Provider
from config.demo.line import Line
from config.demo.people import Citizen, Officer, Till
from config.demo.rule import Right
from config.demo.waiting import wait_until
from wallet import clock, ledger

# How many act at the same time. Twice what the web processes' threads can serve, so that requests really meet.
HANDS: Final = 16

Item = TypeVar("Item")


@dataclass
class Market:
    """Who is here."""

    line: Line
    provider: Provider
    tills: dict[str, Till]
    officers: dict[str, Officer]
    citizens: dict[int, Citizen] = field(init=False)
    rights: dict[int, Right] = field(init=False)

    def __post_init__(self) -> None:
        """Let the cast come in."""
        self.citizens = {who.number: Citizen(who, self.line) for who in CITIZENS}
        self.rights = {who.number: Right() for who in CITIZENS if who is not NOK}

    def citizen(self, who: Who | int) -> Citizen:
        """Return a citizen."""
        return self.citizens[who if isinstance(who, int) else who.number]

    def till(self, shop: Shop) -> Till:
        """Return a shop's till."""
        return self.tills[shop.code]

    @property
    def receipts(self) -> Iterator[dict[str, Any]]:
        """Yield every receipt that a citizen holds."""
        for citizen in self.citizens.values():
            yield from citizen.receipts

    @property
    def refusals(self) -> Iterator[str]:
        """Yield the code of every no that a citizen was told."""
        for citizen in self.citizens.values():
            yield from citizen.refusals


def stand_at(at: dt.datetime) -> dt.datetime:
    """Move the clock of all processes, and return the instant."""
    clock.stand_at(at)
    return at


def begin_day(at: dt.datetime) -> dt.datetime:
    """Move the clock to another day, and return when the timetable has closed all days before it."""
    stand_at(at)
    wait_until(lambda: ledger.open_date() == clock.today(at), f"the books have {clock.today(at)} open")
    return at


def at_once(act: Callable[[Item], Any], items: Iterable[Item]) -> None:
    """Do something for each of many at the same time; the first surprise is raised when all are done."""
    with ThreadPoolExecutor(HANDS) as hands:
        for done in [hands.submit(act, item) for item in items]:
            done.result()
