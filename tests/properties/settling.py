"""What ought to become of what was sold, in plain dictionaries of satang: days, slices, batches, the bank's answers."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.properties.model import Market
from tests.properties.sales import BANGKOK

CITIZENS_PART, STATES_PART = 1, 2
CHANNELS = {"shop": 1, "delivery": 2}

DUE_HOUR = {CITIZENS_PART: dt.time(2, 0), STATES_PART: dt.time(17, 30)}
DUE_DAYS = {"shop": 1, "delivery": 3}


class Place(NamedTuple):
    """The name of a slice."""

    stall: str
    business_date: dt.date
    part: int
    channel: str

    @property
    def due_at(self) -> dt.datetime:
        """When its money is the stall's: by the printed hours."""
        day = self.business_date + dt.timedelta(days=DUE_DAYS[self.channel])
        return dt.datetime.combine(day, DUE_HOUR[self.part], BANGKOK)


@dataclass
class Batch:
    """Payouts of some slices, and how far they are."""

    slices: dict[str, list[Place]]
    amounts: Counter[str]
    state: str = "built"
    sent: set[str] = field(default_factory=set)
    confirmed: set[str] = field(default_factory=set)


@dataclass
class Office:
    """The days that are closed, and the money that is on its way to the stalls."""

    market: Market
    closed: list[dt.date] = field(default_factory=list)
    slices: Counter[Place] = field(default_factory=Counter)
    waiting: set[Place] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)
    in_transit: int = 0
    paid_out: int = 0

    def is_over(self, at: dt.datetime) -> bool:
        """Say whether the open day has ended in Bangkok."""
        return self.market.open_date < at.astimezone(BANGKOK).date()

    def close_due(self, at: dt.datetime) -> int:
        """Close every day that is over in Bangkok, and return how many there were."""
        before = len(self.closed)
        while self.is_over(at):
            self.closed.append(self.market.open_date)
            self.market.open_date += dt.timedelta(days=1)
        return len(self.closed) - before

    def slice(self, business_date: dt.date) -> int:
        """Cut a closed day, and return how many slices it gives."""
        cut: Counter[Place] = Counter()
        for paid in self.market.payments:
            if paid.business_date == business_date:
                for part, amount in ((CITIZENS_PART, paid.own), (STATES_PART, paid.state)):
                    if amount:  # what was sold and given back on one date is a slice of nothing
                        cut[Place(paid.stall, business_date, part, paid.channel)] += amount
        self.slices.update(cut)
        self.waiting |= set(cut)
        return len(cut)

    def build(self, at: dt.datetime) -> Batch | None:
        """Gather what is due, by stall; what is nothing or less together waits for more."""
        owed: Counter[str] = Counter()
        for place in self.waiting:
            owed[place.stall] += self.slices[place] if place.due_at <= at else 0
        due = [
            place
            for place in self.waiting
            if place.due_at <= at and place.stall not in self.withheld and owed[place.stall] > 0
        ]
        if not due:
            return None
        batch = Batch({}, Counter())
        for place in due:
            batch.slices.setdefault(place.stall, []).append(place)
            batch.amounts[place.stall] += self.slices[place]
            self.waiting.remove(place)
        return batch

    def withhold(self, stall: str, undecided: list[Batch]) -> None:
        """Pay a stall nothing, also out of batches that nobody has decided on."""
        self.withheld.add(stall)
        for batch in undecided:
            if stall in batch.slices:
                self.waiting |= set(batch.slices.pop(stall))
                del batch.amounts[stall]
                batch.state = "built"

    def approve(self, batch: Batch) -> None:
        """Send a batch's payouts to the bank."""
        batch.state = "approved"
        batch.sent = set(batch.slices)
        for stall, amount in batch.amounts.items():
            self.market.payable[stall] -= amount
            self.in_transit += amount

    def reject(self, batch: Batch) -> None:
        """Send nothing; its slices wait again."""
        batch.state = "rejected"
        for places in batch.slices.values():
            self.waiting |= set(places)

    def confirmed(self, batch: Batch, stall: str) -> None:
        """The bank paid one payout."""
        batch.sent.remove(stall)
        batch.confirmed.add(stall)
        self.in_transit -= batch.amounts[stall]
        self.paid_out += batch.amounts[stall]

    def returned(self, batch: Batch, stall: str) -> None:
        """The bank gave one payout back, before or after it said that it had paid it."""
        if stall in batch.confirmed:
            batch.confirmed.remove(stall)
            self.paid_out -= batch.amounts[stall]
        else:
            batch.sent.remove(stall)
            self.in_transit -= batch.amounts[stall]
        self.market.payable[stall] += batch.amounts[stall]
        self.waiting |= set(batch.slices[stall])

    def books(self) -> dict[str, int]:
        """Return every account that is not zero, those of the market among them."""
        mine = {"in-transit": self.in_transit}
        return self.market.books() | {account: amount for account, amount in mine.items() if amount}
