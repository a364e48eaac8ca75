"""The game of the stalls, step by step: nothing follows on anything at once, and everything may come between."""

from functools import partial
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, multiple, precondition, rule

from merchants import charges, suspensions
from merchants.models import Charge
from subsidies import publishing
from tests.cast import STAGE_HAND
from tests.properties.counter import Counter
from tests.properties.model import SECOND_VERSION_FROM, Asked
from tests.properties.stalls import CHANNELS, PEOPLE, PRICES, SMALL_HALF, STALLS, Done, Shown, Stalls, said
from wallet import topups
from wallet.models import TopUp
from wallet.stripe_answers import Event

SECOND_VERSION = {
    "version = 1": "version = 2",
    "effective_at = 2025-10-20T06:00:00": "effective_at = 2025-11-01T00:00:00",
    "rate_bp = 5_000": "rate_bp = 6_000",
    "limit_satang = 200_00": "limit_satang = 300_00",
    "state_satang = 150_00, citizen_satang = 150_01": "state_satang = 180_00, citizen_satang = 120_01",
    "state_satang = 50_00, citizen_satang = 250_00": "state_satang = 120_00, citizen_satang = 180_00",
}


class Buying(Counter):
    """Citizens and stalls: money in, places, charges, payments."""

    charged = Bundle("charged")
    shown = Bundle("shown")
    asked_for = Bundle("asked_for")

    # The offices

    @precondition(lambda self: not self.market.second_version)
    @rule()
    def the_second_version_is_published(self) -> None:
        document = SMALL_HALF
        for old, new in SECOND_VERSION.items():
            document = document.replace(old, new)
        publish = partial(publishing.publish, document=document, actor=STAGE_HAND, at=self.at)
        if self.at > SECOND_VERSION_FROM - publishing.LEAD:
            assert said(publish)[0] == "takes_effect_too_early"
            return
        publish()
        assert said(publish)[0] == "version_not_next"
        self.market.second_version = True

    @precondition(lambda self: self.market.payments)
    @rule(stall=STALLS)
    def a_stall_is_suspended_or_restored(self, stall: str) -> None:
        merchant = self.stalls[stall].merchant
        if stall in self.market.suspended:
            suspensions.restore(merchant=merchant, reason="looked into", actor=STAGE_HAND, at=self.at)
        else:
            suspensions.suspend(merchant=merchant, reason="a complaint", actor=STAGE_HAND, at=self.at)
        self.market.suspended ^= {stall}

    @precondition(lambda self: any(one.purse is None and not one.queued for one in self.market.people.values()))
    @rule(who=PEOPLE)
    def somebody_enrols(self, who: str) -> None:
        self.enrol(who)

    # Money in

    @rule(target=asked_for, who=PEOPLE, amount=st.sampled_from([10_00, 500_00]))
    def ask_for_a_top_up(self, who: str, amount: int) -> TopUp:
        begin = partial(topups.begin, citizen_id=self.citizens[who].id, amount=amount, key=str(uuid4()), at=self.at)
        top_up = begin()
        assert begin().id == top_up.id
        return top_up

    @rule(top_up=asked_for, times=st.integers(1, 3))
    def stripe_tells_of_a_top_up(self, top_up: TopUp, times: int) -> None:
        if TopUp.objects.get(id=top_up.id).confirmed_at is None:
            self._arrives(top_up)
        for copy in range(times):
            topups.hear(event=succeeded(top_up, f"evt_{top_up.id}_{copy}"), at=self.at)

    @rule(top_up=consumes(asked_for))
    def the_webhook_is_lost_and_stripe_is_asked(self, top_up: TopUp) -> None:
        now = TopUp.objects.get(id=top_up.id)
        if now.confirmed_at is None and now.ended_at is None:
            self._arrives(top_up)
            self.stripe.control(f"pay/{top_up.intent_id}")
        self.at += topups.ASK_AGAIN_AFTER
        topups.chase(at=self.at, at_most=100)
        # Unpaid for a day is given up; should the money come all the same, it is booked.
        waiting = TopUp.objects.filter(confirmed_at=None, ended_at=None).values_list("asked_at", flat=True)
        assert all(self.at - asked_at <= topups.GIVE_UP_AFTER for asked_at in waiting)

    def _arrives(self, top_up: TopUp) -> None:
        who = self.stage.names[top_up.citizen_id]
        self.market.top_up_arrives(self.market.people[who], top_up.amount)

    # At the stall

    @rule(target=charged, stall=STALLS, price=PRICES, channel=CHANNELS)
    def a_stall_asks(self, stall: str, price: int, channel: str) -> Any:
        return self.ask(stall, price, channel) or multiple()

    @rule(target=shown, charge=charged, who=PEOPLE, with_right=st.booleans())
    def somebody_scans(self, *, charge: tuple[Charge, Asked], who: str, with_right: bool) -> Any:
        return self.scan(charge, who, with_right=with_right) or multiple()

    @rule(target=Stalls.done, shown=shown, right_pin=st.sampled_from([True, True, True, False]))
    def somebody_confirms(self, *, shown: Shown, right_pin: bool) -> Any:
        return self.pay(shown, right_pin=right_pin) or multiple()

    @rule(done=Stalls.done)
    def the_answer_was_lost_and_the_phone_asks_again(self, done: Done) -> None:
        person = self.market.people[done.shown.who]
        expected = self.market.guess(person, self.at, right=True)
        code, payment = self.confirm(done.shown, done.key)
        assert code == expected
        if not code:
            self.market.forget_guesses(person, self.at)
            assert payment.id == done.payment.id

    @rule(done=Stalls.done, shown=shown)
    def a_key_is_used_for_something_else(self, done: Done, shown: Shown) -> None:
        if shown.who == done.shown.who and shown.terms != done.shown.terms:
            expected = self.market.guess(self.market.people[shown.who], self.at, right=True)
            assert self.confirm(shown, done.key)[0] == (expected or "key_reused")

    @rule(charge=consumes(charged))
    def a_stall_cancels(self, charge: tuple[Charge, Asked]) -> None:
        row, asked = charge
        code, _ = said(charges.cancel, till=self.stalls[asked.stall].till, charge_id=row.id, at=self.at)
        assert code == self.market.cancel(asked)


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
