"""What is about to be paid: open charges, each with the citizen who will pay it and the terms that they confirm."""

import datetime as dt
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bench import filling
from bench.names import Named, id_of
from merchants.terms import Terms
from wallet.money import Satang


@dataclass(frozen=True, slots=True)
class Order:
    """One payment to be made; everything that a phone knows when its owner keys the PIN."""

    number: int
    citizen: int
    price: Satang
    schemes: tuple[str, ...]

    @property
    def citizen_id(self) -> UUID:
        """Who pays."""
        return id_of(Named.CITIZEN, self.citizen)

    @property
    def device_id(self) -> UUID:
        """On which phone."""
        return id_of(Named.DEVICE, self.citizen)

    @property
    def terms(self) -> Terms:
        """What they confirm: half, and the odd satang is theirs."""
        return Terms(
            charge_id=id_of(Named.CHARGE, self.number),
            price=self.price,
            own_part=self.price - self.price // 2,
            schemes=self.schemes,
            nonce=f"{self.number:016x}",
        )


class Orders:
    """Makes orders, and never the same charge twice."""

    def __init__(self, cursor: Any) -> None:
        """Work as the superuser of `cursor`."""
        self.cursor = cursor
        self.made = 0

    def reserve(self, count: int) -> range:
        """Return numbers of charges that nobody else will use."""
        first = self.made + 1
        self.made += count
        return range(first, first + count)

    def make(
        self,
        count: int,
        *,
        citizens: range,
        merchants: range,
        scheme: Callable[[int], str],
        at: dt.datetime,
        hold_seconds: int | None = None,
    ) -> list[Order]:
        """Return `count` orders: citizens at random but evenly, stalls by turns, `scheme` by the citizen's number."""
        numbers = self.reserve(count)
        filling.charges(
            self.cursor, first=numbers[0], last=numbers[-1], merchants=merchants, at=at, hold_seconds=hold_seconds
        )
        payers = _shuffled(citizens)
        return [
            Order(number, payer, filling.price_of(number), (scheme(payer),))
            for number, payer in zip(numbers, payers, strict=False)
        ]


def _shuffled(citizens: range) -> Iterator[int]:
    """Yield citizens over and over in an order that jumps about but names everybody before anybody again."""
    # A step without a common factor with the count visits all; one near the golden ratio leaves no neighbours together.
    count = len(citizens)
    step = next(n for n in itertools.count(int(count * 0.618) | 1, 2) if math.gcd(n, count) == 1)
    place = count // 3
    while True:
        yield citizens[place]
        place = (place + step) % count
