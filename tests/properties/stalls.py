"""Two stalls and three citizens: every act goes to the service and to the model, and both must say the same."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

import merchants.faults
import settlement.faults
import subsidies.faults
import wallet.faults
from config.loopback.stripe import StripeLoopback
from merchants import charges, scans
from merchants.models import Charge, Payment
from merchants.scans import Offer
from merchants.terms import Terms
from subsidies import enrolment
from tests.cast import NOON, PIN, Citizen, Stage, Stall, ask, confirm
from tests.properties.model import Asked, Market, Split
from tests.properties.sales import Person, Sale
from wallet.accounts import NIL, AccountKind
from wallet.models import Channel
from wallet.refusals import Refusal

SMALL_HALF = (Path(__file__).parent / "small-half.toml").read_text()
FUNDED = 100_000_00
FLOORS = (wallet.faults, subsidies.faults, merchants.faults, settlement.faults)
CITIZENS = ("somchai", "nok", "a third citizen")
WRONG_PIN = "975310"

# Prices around every edge of the scheme: one satang, an odd one, the cap, more than the cap, more than anybody has.
PRICES = st.sampled_from([1, 3, 99_01, 100_00, 333_33, 400_00, 666_67, 2_000_00])
PEOPLE = st.sampled_from(CITIZENS)
STALLS = st.sampled_from(["malee", "prasert"])
CHANNELS = st.sampled_from(["shop", "delivery"])
SALES = st.lists(st.tuples(STALLS, PRICES, CHANNELS, PEOPLE, st.booleans()), min_size=1, max_size=6)


@dataclass(frozen=True)
class Shown:
    """What a phone shows after a scan, here and in the model."""

    who: str
    asked: Asked
    with_right: bool
    split: Split
    terms: Terms


@dataclass(frozen=True)
class Done:
    """A payment that went through, and what its phone remembers."""

    shown: Shown
    key: str
    payment: Payment
    sale: Sale


def said(act: Callable[..., Any], *arguments: Any, **named: Any) -> tuple[str, Any]:
    """Return the code of a refusal, or an empty text and what the act returned."""
    try:
        return "", act(*arguments, **named)
    except Refusal as refusal:
        return refusal.code, None


class Stalls(RuleBasedStateMachine):
    """What all games share: who is there, and buying."""

    done = Bundle("done")

    def __init__(self, *, clean: Callable[[], None], stripe: StripeLoopback) -> None:
        """Begin with empty books."""
        super().__init__()
        clean()
        self.stripe = stripe
        self.at = NOON
        self.stage = Stage()
        self.stage.names[NIL] = ""
        self.stage.open_books()
        self.stage.scheme(document=SMALL_HALF, funded=FUNDED)
        self.market = Market(fund=FUNDED, open_date=NOON.date())
        self.citizens: dict[str, Citizen] = {}
        self.stalls: dict[str, Stall] = {name: self.stage.stall(name) for name in ("malee", "prasert")}

    @initialize(pocket=st.sampled_from([0, 150_00, 1_000_00, 1_000_00]), enrolled=st.lists(PEOPLE, max_size=3))
    def people_come(self, pocket: int, enrolled: list[str]) -> None:
        for name in CITIZENS:
            self.citizens[name] = self.stage.citizen(name, cash_satang=pocket)
            self.market.people[name] = Person(name)
            self.market.top_up_arrives(self.market.people[name], pocket)
        for name in enrolled:
            self.enrol(name)

    @rule(seconds=st.sampled_from([1, 4 * 60, 5 * 60, 3 * 3600, 9 * 3600]))
    def time_passes(self, seconds: int) -> None:
        self.at += dt.timedelta(seconds=seconds)

    @rule(target=done, sales=SALES)
    def a_busy_hour(self, sales: list[tuple[str, int, str, str, bool]]) -> Any:
        """Ask, scan and pay without a pause, as nearly everybody does."""
        done = []
        for stall, price, channel, who, with_right in sales:
            charge = self.ask(stall, price, channel)
            shown = self.scan(charge, who, with_right=with_right) if charge else None
            paid = self.pay(shown) if shown else None
            done += [paid] if paid else []
        return multiple(*done)

    @invariant()
    def the_books_are_the_models(self) -> None:
        books = {account.removesuffix(":"): satang for account, satang in self.stage.books(*AccountKind).items()}
        assert books == self.expected_books()
        assert sum(books.values()) == 0

    def teardown(self) -> None:
        """Look for faults in the books at the end of each game."""
        for everything in (False, True):
            assert [str(fault) for floor in FLOORS for fault in floor.faults(everything=everything)] == []

    def expected_books(self) -> dict[str, int]:
        """Return every account that is not zero."""
        return self.market.books() | {"bank": -FUNDED}

    def enrol(self, who: str) -> None:
        """Ask for a place, twice with one key: a retry gets the same place."""
        key = str(uuid4())
        expected = self.market.enrol(self.market.people[who], self.at)
        for _ in range(2):
            named = {"citizen_id": self.citizens[who].id, "code": "small-half", "key": key, "at": self.at}
            code, joined = said(enrolment.enrol, **named)
            assert code == expected
            if joined is not None:
                assert (joined.enrolment is None) is self.market.people[who].queued
                if joined.enrolment is not None:
                    self.stage.names[joined.enrolment.id] = who

    def ask(self, stall: str, price: int, channel: str) -> tuple[Charge, Asked] | None:
        """Let a stall ask for money."""
        code, charge = said(ask, self.stalls[stall], price, at=self.at, channel=Channel[channel.upper()])
        if stall in self.market.suspended:
            assert code == "merchant_suspended"
            return None
        assert charge.expires_at == self.at + dt.timedelta(minutes=5)
        return charge, Asked(stall, price, channel, charge.expires_at)

    def scan(self, charge: tuple[Charge, Asked], who: str, *, with_right: bool) -> Shown | None:
        """Show a citizen the split."""
        row, asked = charge
        person = self.market.people[who]
        chosen = ("small-half",) if with_right else ()
        payload = charges.payload(row)
        code, offer = said(scans.scan, citizen_id=self.citizens[who].id, payload=payload, schemes=chosen, at=self.at)
        no = self.market.payable_now(asked, self.at)
        if no or (with_right and person.purse is None):
            assert code == (no or "not_enrolled")
            return None
        split = self.market.split(person, asked, self.at, with_right=with_right)
        assert offered(offer) == split
        if split.refused:
            return None
        terms = Terms(
            charge_id=row.id,
            price=asked.price,
            own_part=split.own,
            schemes=chosen,
            nonce="0123456789abcdef",
            pays_all=not chosen,
        )
        return Shown(who, asked, with_right, split, terms)

    def pay(self, shown: Shown, *, right_pin: bool = True) -> Done | None:
        """Let a citizen confirm what was shown, now or before."""
        key = str(uuid4())
        person = self.market.people[shown.who]
        expected = self.market.guess(person, self.at, right=right_pin)
        expected = expected or self.market.pay(person, shown.asked, shown.split, self.at, with_right=shown.with_right)
        code, payment = self.confirm(shown, key, pin=PIN if right_pin else WRONG_PIN)
        assert code == expected
        if code:
            return None
        assert (payment.citizen_share, payment.state_share) == (shown.split.own, shown.split.state)
        assert payment.business_date == self.market.open_date
        return Done(shown, key, payment, self.market.sales[-1])

    def confirm(self, shown: Shown, key: str, *, pin: str = PIN) -> tuple[str, Any]:
        """Send a confirmation."""
        return said(confirm, self.citizens[shown.who], shown.terms, pin=pin, key=key, at=self.at)


def offered(offer: Offer) -> Split:
    """Return what the phone shows as the model would put it."""
    if offer.split is None:
        assert offer.refusal is not None
        return Split(refused=offer.refusal.code)
    return Split(own=offer.split.citizen, state=offer.split.state)
