"""What becomes of a sale afterwards, in plain dictionaries of satang: captured, let go, given back. As printed."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")

# The printed rules of small-half.toml.
FIRST_USE_BY = dt.datetime(2025, 11, 8, 23, 0, tzinfo=BANGKOK)
SPENDING_ENDS = dt.datetime(2025, 11, 20, 23, 0, tzinfo=BANGKOK)
GIVEN_BACK_WITHIN = dt.timedelta(days=1)

UNDO_WINDOW = dt.timedelta(minutes=10)


@dataclass
class Person:
    """A citizen: money, right, and how often they mistyped."""

    name: str
    cash: int = 0
    purse: int | None = None
    queued: bool = False
    first_used: bool = False
    used: Counter[dt.datetime] = field(default_factory=Counter)
    wrong: int = 0
    wrong_at: dt.datetime | None = None
    locked_until: dt.datetime | None = None


@dataclass(frozen=True)
class Paid:
    """A payment as it must stand in the books for good; with less than nothing, a refund."""

    person: str
    stall: str
    channel: str
    own: int
    state: int
    business_date: dt.date


@dataclass
class Sale:
    """What can be given back of a payment, or captured and released of a hold.

    :ivar gone: what was given back of a payment, or captured of a hold; `state_gone` is the State's part of it.
    """

    person: str
    stall: str
    channel: str
    own: int
    state: int
    with_right: bool
    at: dt.datetime
    business_date: dt.date
    cap_ends_at: dt.datetime
    expires_at: dt.datetime | None = None
    of_a_hold: bool = False
    name: str = ""
    gone: int = 0
    state_gone: int = 0
    released: int = 0

    @property
    def price(self) -> int:
        """The whole."""
        return self.own + self.state

    @property
    def left(self) -> int:
        """What can still be given back, or captured."""
        return self.price - self.gone - self.released

    @property
    def stands(self) -> bool:
        """Whether some of it was not given back; a hold that was captured stands."""
        return self.released < self.price if self.expires_at else self.gone < self.price

    def take(self, amount: int) -> tuple[int, int]:
        """Return the own and the State's part of the next so many satang: so far, the State's is rounded down."""
        self.gone += amount
        state = self.state * self.gone // self.price - self.state_gone
        self.state_gone += state
        return amount - state, state


@dataclass
class Sold:
    """Who has what, and what was sold."""

    fund: int
    open_date: dt.date
    people: dict[str, Person] = field(default_factory=dict)
    payable: Counter[str] = field(default_factory=Counter)
    suspended: set[str] = field(default_factory=set)
    payments: list[Paid] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)

    def book(self, sale: Sale, own: int, state: int) -> None:
        """Book what a stall has from now on; less than nothing is given back."""
        self.payable[sale.stall] += own + state
        self.payments.append(Paid(sale.person, sale.stall, sale.channel, own, state, self.open_date))

    def capture(self, hold: Sale, amount: int, at: dt.datetime) -> tuple[str, Sale | None]:
        """Capture a part of a hold, if so much is left in time."""
        assert hold.expires_at is not None
        noes = {
            "merchant_suspended": hold.stall in self.suspended,
            "hold_released": hold.released and at < hold.expires_at,
            "hold_expired": at >= hold.expires_at,
            "capture_over_rest": amount > hold.left,
        }
        if refused := next((no for no, holds in noes.items() if holds), ""):
            return refused, None
        own, state = hold.take(amount)
        self.book(hold, own, state)
        captured = replace(
            hold,
            own=own,
            state=state,
            at=at,
            business_date=self.open_date,
            expires_at=None,
            of_a_hold=True,
            gone=0,
            state_gone=0,
        )
        self.sales.append(captured)
        return "", captured

    def release(self, hold: Sale, at: dt.datetime) -> str:
        """Give back all that was not captured; twice is the same as once."""
        if not hold.left:
            return "" if hold.released else "hold_captured"
        left, state = hold.left, hold.state - hold.state_gone
        hold.released = left
        self._return(hold, left - state, state, at)
        return ""

    def expire(self, at: dt.datetime) -> int:
        """Release every hold whose time is over, and return how many there were."""
        over = [sale for sale in self.sales if sale.expires_at and at >= sale.expires_at and sale.left]
        for hold in over:
            self.release(hold, at)
        return len(over)

    def refund(self, sale: Sale, amount: int | None, at: dt.datetime, *, by_till: bool) -> str:
        """Give a part of a payment back, or all that is left of it."""
        asked = sale.left if amount is None else amount
        is_undo = not sale.gone and asked == sale.price and at < sale.at + UNDO_WINDOW
        is_late = sale.with_right and not is_undo and self.open_date > sale.business_date + GIVEN_BACK_WITHIN
        noes = {
            "cashier_cannot_refund": by_till and not is_undo,
            "refund_over_rest": not 0 < asked <= sale.left,
            "refund_too_late": is_late,
        }
        if refused := next((no for no, holds in noes.items() if holds), ""):
            return refused
        own, state = sale.take(asked)
        self.book(sale, -own, -state)
        self._return(sale, own, state, at)
        return ""

    def _return(self, sale: Sale, own: int, state: int, at: dt.datetime) -> None:
        person = self.people[sale.person]
        person.cash += own
        person.used[sale.cap_ends_at] -= state
        if at < SPENDING_ENDS:
            person.purse = (person.purse or 0) + state if sale.with_right else person.purse
        else:
            self.fund += state
        if at < FIRST_USE_BY and not sale.stands and not sale.of_a_hold:
            used = [one for one in self.sales if one.person == person.name and one.state and not one.of_a_hold]
            person.first_used = any(one.stands for one in used)
