"""A market that hypothesis plays with: every act goes to the service and to the model, and both must say the same."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from config.loopback.stripe import StripeLoopback
from merchants import charges, onboarding, scans
from merchants.models import Charge, Payment
from merchants.scans import Offer
from merchants.terms import Terms
from subsidies import enrolment, schemes
from tests.cast import NOON, PIN, STAGE_HAND, Citizen, Stage, Stall, ask, confirm
from tests.properties.model import Asked, Market, Person, Split
from wallet import topups
from wallet.accounts import NIL, AccountKind
from wallet.models import Channel, TopUp
from wallet.refusals import Refusal
from wallet.stripe_answers import Event

SMALL_HALF = (Path(__file__).parent / "small-half.toml").read_text()
SECOND_VERSION = {
    "version = 1": "version = 2",
    "effective_at = 2025-10-20T06:00:00": "effective_at = 2025-11-01T00:00:00",
    "rate_bp = 5_000": "rate_bp = 6_000",
    "limit_satang = 200_00": "limit_satang = 300_00",
    "state_satang = 150_00, citizen_satang = 150_01": "state_satang = 180_00, citizen_satang = 120_01",
    "state_satang = 50_00, citizen_satang = 250_00": "state_satang = 120_00, citizen_satang = 180_00",
}
FUNDED = 100_000_00
CITIZENS = ("somchai", "nok", "a third citizen")

# Prices around every edge of the scheme: one satang, an odd one, the cap, more than the cap, more than anybody has.
PRICES = st.sampled_from([1, 3, 99_01, 100_00, 333_33, 400_00, 666_67, 2_000_00])
PEOPLE = st.sampled_from(CITIZENS)
STALLS = st.sampled_from(["malee", "prasert"])
CHANNELS = st.sampled_from(["shop", "delivery"])
PAUSES = st.sampled_from([1, 4 * 60, 5 * 60, 3 * 3600, 9 * 3600, 24 * 3600])


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


def said(act: Callable[..., Any], *arguments: Any, **named: Any) -> tuple[str, Any]:
    """Return the code of a refusal, or an empty text and what the act returned."""
    try:
        return "", act(*arguments, **named)
    except Refusal as refusal:
        return refusal.code, None


class Buying(RuleBasedStateMachine):
    """Citizens and stalls: money in, places, charges, payments."""

    charged = Bundle("charged")
    shown = Bundle("shown")
    done = Bundle("done")
    asked_for = Bundle("asked_for")

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

    @initialize(pocket=st.sampled_from([0, 150_00, 1_000_00]))
    def people_come(self, pocket: int) -> None:
        for name in CITIZENS:
            self.citizens[name] = self.stage.citizen(name, cash_satang=pocket)
            self.market.people[name] = Person(name)
            self.market.top_up_arrives(self.market.people[name], pocket)

    # Time and the offices

    @rule(seconds=PAUSES)
    def time_passes(self, seconds: int) -> None:
        self.at += dt.timedelta(seconds=seconds)

    @rule()
    def the_second_version_is_published(self) -> None:
        document = SMALL_HALF
        for old, new in SECOND_VERSION.items():
            document = document.replace(old, new)
        code, _ = said(schemes.publish, document=document, actor=STAGE_HAND, at=self.at)
        assert code == ("version_not_next" if self.market.second_version else "")
        self.market.second_version = True

    @rule(stall=STALLS)
    def a_stall_is_suspended_or_restored(self, stall: str) -> None:
        merchant = self.stalls[stall].merchant
        if stall in self.market.suspended:
            onboarding.restore(merchant=merchant, actor=STAGE_HAND, at=self.at)
        else:
            onboarding.suspend(merchant=merchant, reason="a complaint", actor=STAGE_HAND, at=self.at)
        self.market.suspended ^= {stall}

    # Money in

    @rule(target=asked_for, who=PEOPLE, amount=st.sampled_from([10_00, 500_00]))
    def ask_for_a_top_up(self, who: str, amount: int) -> TopUp:
        key = str(uuid4())
        top_up = topups.begin(citizen_id=self.citizens[who].id, amount=amount, key=key, at=self.at)
        again = topups.begin(citizen_id=self.citizens[who].id, amount=amount, key=key, at=self.at)
        assert again.id == top_up.id
        return top_up

    @rule(top_up=asked_for, times=st.integers(1, 3))
    def stripe_tells_of_a_top_up(self, top_up: TopUp, times: int) -> None:
        before = TopUp.objects.get(id=top_up.id).confirmed_at
        if before is None:
            self._arrives(top_up)
        for copy in range(times):
            topups.hear(event=succeeded(top_up, f"evt_{top_up.id}_{copy}"), at=self.at)

    @rule(top_up=asked_for)
    def the_webhook_is_lost_and_stripe_is_asked(self, top_up: TopUp) -> None:
        if TopUp.objects.get(id=top_up.id).confirmed_at is None:
            self._arrives(top_up)
            self.stripe.control(f"pay/{top_up.intent_id}")
        self.at += topups.ASK_AGAIN_AFTER
        topups.chase(at=self.at, at_most=100)

    def _arrives(self, top_up: TopUp) -> None:
        who = self.stage.names[top_up.citizen_id]
        self.market.top_up_arrives(self.market.people[who], top_up.amount)

    # Places

    @rule(who=PEOPLE)
    def enrol(self, who: str) -> None:
        key = str(uuid4())
        expected = self.market.enrol(self.market.people[who], self.at)
        for _ in range(2):  # a retry with the same key gets the same place
            named = {"citizen_id": self.citizens[who].id, "code": "small-half", "key": key, "at": self.at}
            code, joined = said(enrolment.enrol, **named)
            assert code == expected
            if joined is not None:
                assert (joined.enrolment is None) is self.market.people[who].queued
                if joined.enrolment is not None:
                    self.stage.names[joined.enrolment.id] = who

    # At the stall

    @rule(target=charged, stall=STALLS, price=PRICES, channel=CHANNELS)
    def ask(self, stall: str, price: int, channel: str) -> Any:
        code, charge = said(ask, self.stalls[stall], price, at=self.at, channel=Channel[channel.upper()])
        if stall in self.market.suspended:
            assert code == "merchant_suspended"
            return multiple()
        asked = Asked(stall, price, channel, charge.expires_at)
        assert charge.expires_at == self.at + dt.timedelta(minutes=5)
        return charge, asked

    @rule(target=shown, charge=charged, who=PEOPLE, with_right=st.booleans())
    def scan(self, charge: tuple[Charge, Asked], who: str, with_right: bool) -> Any:
        row, asked = charge
        person = self.market.people[who]
        chosen = ("small-half",) if with_right else ()
        code, offer = said(
            scans.scan,
            citizen_id=self.citizens[who].id,
            payload=charges.payload(row),
            schemes=chosen,
            at=self.at,
        )
        no = self.market.payable_now(asked, self.at)
        if no or (with_right and person.purse is None):
            assert code == (no or "not_enrolled")
            return multiple()
        split = self.market.split(person, asked, self.at, with_right=with_right)
        assert offered(offer) == split
        if split.refused:
            return multiple()
        terms = Terms(charge_id=row.id, price=asked.price, own_part=split.own, schemes=chosen, nonce="0123456789abcdef")
        return Shown(who, asked, with_right, split, terms)

    @rule(target=done, shown=shown, right_pin=st.sampled_from([True, True, True, False]))
    def pay(self, shown: Shown, right_pin: bool) -> Any:
        key = str(uuid4())
        person = self.market.people[shown.who]
        expected = self.market.guess(person, self.at, right=right_pin)
        expected = expected or self.market.pay(person, shown.asked, shown.split, self.at, with_right=shown.with_right)
        code, payment = self._confirm(shown, key, pin=PIN if right_pin else "975310")
        assert code == expected
        if code:
            return multiple()
        assert (payment.citizen_share, payment.state_share) == (shown.split.own, shown.split.state)
        assert payment.business_date == self.market.open_date
        return Done(shown, key, payment)

    @rule(done=done)
    def the_answer_was_lost_and_the_phone_asks_again(self, done: Done) -> None:
        person = self.market.people[done.shown.who]
        expected = self.market.guess(person, self.at, right=True)
        code, payment = self._confirm(done.shown, done.key)
        assert code == expected
        if not code:
            self.market.forget_guesses(person, self.at)
            assert payment.id == done.payment.id

    @rule(done=done, shown=shown)
    def a_key_is_used_for_something_else(self, done: Done, shown: Shown) -> None:
        if shown.who == done.shown.who and shown.terms != done.shown.terms:
            expected = self.market.guess(self.market.people[shown.who], self.at, right=True)
            assert self._confirm(shown, done.key)[0] == (expected or "key_reused")

    @rule(charge=consumes(charged))
    def cancel(self, charge: tuple[Charge, Asked]) -> None:
        row, asked = charge
        till = self.stalls[asked.stall].till
        code, _ = said(charges.cancel, till=till, charge_id=row.id, at=self.at)
        assert code == self.market.cancel(asked)

    def _confirm(self, shown: Shown, key: str, *, pin: str = PIN) -> tuple[str, Any]:
        return said(confirm, self.citizens[shown.who], shown.terms, pin=pin, key=key, at=self.at)

    # What holds after every step

    def expected_books(self) -> dict[str, int]:
        return self.market.books() | {"bank": -FUNDED}

    @invariant()
    def the_books_are_the_models(self) -> None:
        books = {account.removesuffix(":"): satang for account, satang in self.stage.books(*AccountKind).items()}
        assert books == self.expected_books()
        assert sum(books.values()) == 0


def offered(offer: Offer) -> Split:
    """Return what the phone shows as the model would put it."""
    if offer.split is None:
        assert offer.refusal is not None
        return Split(refused=offer.refusal.code)
    return Split(own=offer.split.citizen, state=offer.split.state)


def succeeded(top_up: TopUp, event_id: str) -> Event:
    """Return what Stripe's webhook says when a top-up was paid."""
    return Event(
        id=event_id,
        type="payment_intent.succeeded",
        created_at=top_up.asked_at,
        object_id=top_up.intent_id,
        status="succeeded",
        amount=top_up.amount,
        intent_id=top_up.intent_id,
        charge_id=None,
        top_up_id=top_up.id,
    )
