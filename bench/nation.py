"""The nation that the measures share: who is in the database so far, and what they can still pay."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from bench import filling, schemes
from bench.names import ID_OF
from bench.orders import Order, Orders
from settlement.management.commands.check_books import FLOORS
from subsidies.models import SchemeVersion
from wallet import ledger
from wallet.clock import now, today
from wallet.models import BusinessDay


class Nation:
    """Citizens 1 to n, most of them in one scheme; stalls; open books."""

    def __init__(self, cursor: Any, *, merchants: int) -> None:
        """Begin with stalls, schemes and open books, and no citizens. `cursor` is the superuser's."""
        at = now()
        cursor.execute(ID_OF)
        BusinessDay.objects.create(business_date=today(at), opened_at=at)
        filling.merchants(cursor, count=merchants, at=at)
        self.cursor = cursor
        self.orders = Orders(cursor)
        self.merchants = range(1, merchants + 1)
        self.citizens = range(1, 1)
        self.one: SchemeVersion = schemes.publish(code=schemes.ONE, at=at)
        self.ten = [schemes.publish(code=code, at=at) for code in schemes.TEN]
        self.of_ten = range(0)

    @property
    def business_date(self) -> dt.date:
        """The date that the books have open."""
        return ledger.open_date()

    def grow(self, *, to: int) -> Iterator[int]:
        """Add citizens of the one scheme until there are `to` in all; yield how many there are, as they come."""
        yield from self._add(to, [self.one])

    def grow_ten(self, *, by: int) -> Iterator[int]:
        """Add citizens who are in the ten schemes by turns."""
        first = self.citizens.stop
        yield from self._add(first + by - 1, self.ten)
        self.of_ten = range(first, first + by)

    def scheme_of(self, citizen: int) -> str:
        """Return the code of the scheme that a citizen is in."""
        return schemes.TEN[citizen % len(schemes.TEN)] if citizen in self.of_ten else schemes.ONE

    def order(
        self,
        count: int,
        *,
        citizens: range | None = None,
        merchants: range | None = None,
        hold_seconds: int | None = None,
    ) -> list[Order]:
        """Return so many orders of anybody at any stall, unless they are named; only held, where a time is given."""
        return self.orders.make(
            count,
            citizens=citizens or self.citizens,
            merchants=merchants or self.merchants,
            scheme=self.scheme_of,
            at=now(),
            hold_seconds=hold_seconds,
        )

    def bytes(self) -> int:
        """Return how much disk the database takes, indexes and all."""
        self.cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = self.cursor.fetchone()
        return int(size)

    def wal_bytes(self) -> int:
        """Return how much has ever been written ahead: the stream that a standby has to follow."""
        self.cursor.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
        (written,) = self.cursor.fetchone()
        return int(written)

    def faults(self, *, everything: bool = True) -> list[str]:
        """Return every fault in the books, as `manage.py check_books` (with `--all`) prints them: there are none."""
        return [str(fault) for floor in FLOORS for fault in floor.faults(everything=everything)]

    def _add(self, to: int, versions: list[SchemeVersion]) -> Iterator[int]:
        first = self.citizens.stop
        # Two days ago, before anything that they pay.
        date, at = self.business_date, now() - dt.timedelta(days=2)
        yield from filling.citizens(self.cursor, first=first, last=to, versions=versions, date=date, at=at)
        filling.tidy(self.cursor)
        self.citizens = range(1, to + 1)
