"""What ought to happen at a small market, in plain dictionaries of satang: written again, from the rules as printed.

It shares no code with the service. Each act returns the code of its refusal, or an empty text when it is done; what
is refused changes nothing here but the count of wrong PINs.
"""

import datetime as dt
from dataclasses import dataclass

from tests.properties.sales import BANGKOK, FIRST_USE_BY, SPENDING_ENDS, Person, Sale, Sold

# The printed rules of small-half.toml, by version: half or six tenths, with two hundred or three hundred baht a day.
RATE_BP = {1: 5_000, 2: 6_000}
DAY_CAP = {1: 200_00, 2: 300_00}
GRANT = 500_00
PLACES = 2
SECOND_VERSION_FROM = dt.datetime(2025, 11, 1, 0, 0, tzinfo=BANGKOK)
REGISTRATION_ENDS = dt.datetime(2025, 11, 15, 22, 0, tzinfo=BANGKOK)

QR_LIFE = dt.timedelta(minutes=5)
CASH_CEILING = 100_000_00
GUESSES = 5
LOCKED_FOR = dt.timedelta(hours=24)
FORGET_AFTER = dt.timedelta(minutes=1)


@dataclass
class Asked:
    """What a stall asks for."""

    stall: str
    price: int
    channel: str
    expires_at: dt.datetime
    held_for: dt.timedelta | None = None
    end: str = ""


@dataclass(frozen=True)
class Split:
    """Who would pay what; `refused` is the scheme's no."""

    own: int = 0
    state: int = 0
    refused: str = ""


@dataclass
class Market(Sold):
    """Who has what. `stripe` is what came from there, all in all."""

    stripe: int = 0
    second_version: bool = False
    tickets: int = 0

    def books(self) -> dict[str, int]:
        """Return every account that is not zero and is the citizens', the stalls', the scheme's or Stripe's."""
        every = {"stripe": -self.stripe, "fund:small-half": self.fund}
        for person in self.people.values():
            every |= {f"cash:{person.name}": person.cash, f"purse:{person.name}": person.purse or 0}
        every |= {f"payable:{stall}": owed for stall, owed in self.payable.items()}
        every |= {f"hold:{sale.name}": sale.left for sale in self.sales if sale.expires_at}
        return {account: amount for account, amount in every.items() if amount}

    def top_up_arrives(self, person: Person, amount: int) -> None:
        """Book money that came through Stripe."""
        person.cash += amount
        self.stripe += amount

    def enrol(self, person: Person, at: dt.datetime) -> str:
        """Take a place, or a number in the queue."""
        if at >= REGISTRATION_ENDS:
            return "registration_closed"
        if not 6 <= at.astimezone(BANGKOK).hour < 22:
            return "registration_not_open"
        if person.queued or person.purse is not None:
            return "already_enrolled"
        self.tickets += 1
        if self.tickets > PLACES:
            person.queued = True
            return ""
        person.purse = GRANT
        self.fund -= GRANT
        return ""

    def split(self, person: Person, asked: Asked, at: dt.datetime, *, with_right: bool) -> Split:
        """Return who pays what: the rate, then today's cap, then what is left."""
        if not with_right:
            return Split(own=asked.price)
        version = 2 if self.second_version and at >= SECOND_VERSION_FROM else 1
        exact = asked.price * RATE_BP[version] // 10_000
        left_today = DAY_CAP[version] - person.used[cap_ends_at(at)]
        left = person.purse or 0
        noes = {
            "scheme_ended": at >= SPENDING_ENDS,
            "outside_hours": not 6 <= at.astimezone(BANGKOK).hour < 23,
            "first_use_missed": at >= FIRST_USE_BY and not person.first_used,
            "daily_right_used_up": not left_today,
            "price_too_small": not exact,
            "right_used_up": not left,
        }
        if refused := next((no for no, holds in noes.items() if holds), ""):
            return Split(refused=refused)
        state = min(exact, left_today, left)
        return Split(own=asked.price - state, state=state)

    def payable_now(self, asked: Asked, at: dt.datetime) -> str:
        """Return why a charge cannot be paid."""
        if asked.end:
            return {"paid": "already_paid", "held": "already_paid", "cancelled": "charge_cancelled"}[asked.end]
        if at >= asked.expires_at:
            return "charge_expired"
        return "merchant_suspended" if asked.stall in self.suspended else ""

    def guess(self, person: Person, at: dt.datetime, *, right: bool) -> str:
        """Judge a PIN: five wrong ones lock it for a day."""
        if person.locked_until is not None and at < person.locked_until:
            return "pin_locked"
        if right:
            return ""
        if person.locked_until is not None:
            person.wrong, person.locked_until = 0, None
        person.wrong, person.wrong_at = person.wrong + 1, at
        if person.wrong < GUESSES:
            return "pin_wrong"
        person.locked_until = at + LOCKED_FOR
        return "pin_locked"

    def forget_guesses(self, person: Person, at: dt.datetime) -> None:
        """Forget wrong PINs of more than a minute ago, with an act that a right one let through."""
        if person.wrong_at is not None and at - person.wrong_at > FORGET_AFTER:
            person.wrong, person.wrong_at, person.locked_until = 0, None, None

    def pay(self, person: Person, asked: Asked, shown: Split, at: dt.datetime, *, with_right: bool) -> str:
        """Take a payment whose PIN was right, or hold it, if it is still what the citizen was shown."""
        if no := self.payable_now(asked, at):
            return no
        split = self.split(person, asked, at, with_right=with_right)
        if split.refused:
            return split.refused
        if split.own != shown.own:
            return "split_changed"
        if person.cash < split.own:
            return "cash_short"
        asked.end = "held" if asked.held_for else "paid"
        self.forget_guesses(person, at)
        person.cash -= split.own
        if split.state:
            person.purse = (person.purse or 0) - split.state
            person.used[cap_ends_at(at)] += split.state
            person.first_used = True
        self._keep(person, asked, split, at, with_right=with_right)
        return ""

    def _keep(self, person: Person, asked: Asked, split: Split, at: dt.datetime, *, with_right: bool) -> None:
        sale = Sale(
            person=person.name,
            stall=asked.stall,
            channel=asked.channel,
            own=split.own,
            state=split.state,
            with_right=with_right,
            at=at,
            business_date=self.open_date,
            cap_ends_at=cap_ends_at(at),
            expires_at=at + asked.held_for if asked.held_for else None,
        )
        self.sales.append(sale)
        if not asked.held_for:
            self.book(sale, sale.own, sale.state)

    def cancel(self, asked: Asked) -> str:
        """Take a charge back; twice is the same as once."""
        if asked.end == "paid":
            return "already_paid"
        if asked.end == "held":
            return "charge_held"
        asked.end = "cancelled"
        return ""


def cap_ends_at(at: dt.datetime) -> dt.datetime:
    """Return when the day of the right that holds this instant ends: at six in the morning."""
    local = at.astimezone(BANGKOK)
    six = local.replace(hour=6, minute=0, second=0, microsecond=0)
    return six if local < six else six + dt.timedelta(days=1)
