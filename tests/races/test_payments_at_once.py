"""Many at once: nothing is paid twice, overspent, or guessed past the limit."""

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest

from merchants import charges
from merchants.looking import AlreadyPaid, ChargeCancelled
from merchants.models import Payment
from merchants.payments import CashShort, SplitChanged
from subsidies.rules.caps import DailyRightUsedUp
from tests.cast import NOON, PIN, PLUS, Stage, ask, confirm, terms_for
from tests.races.at_once import at_once
from wallet.proofs import PinLocked, PinWrong

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_key_from_eight_threads_is_one_payment(stage: Stage) -> None:
    somchai = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    malee = stage.stall("malee")
    terms = terms_for(somchai, ask(malee, 100_00))
    answers = at_once([partial(confirm, somchai, terms, key="once")] * 8)
    assert [type(answer) for answer in answers] == [Payment] * 8
    assert len({answer.id for answer in answers}) == 1
    assert stage.books() == {"cash:somchai": 450_00, "purse:somchai": 1950_00, "payable:malee": 100_00}


def test_two_citizens_on_one_charge_are_one_payment(stage: Stage) -> None:
    malee = stage.stall("malee")
    both = [stage.citizen(name, cash_satang=100_00, enrolled=PLUS) for name in ("somchai", "nok")]
    for _ in range(5):
        charge = ask(malee, 10_00)
        offers = [(one, terms_for(one, charge)) for one in both]
        answers = at_once([partial(confirm, one, terms) for one, terms in offers])
        assert Counter(type(answer) for answer in answers) == {Payment: 1, AlreadyPaid: 1}
    assert stage.books()["payable:malee"] == 50_00


def test_a_cashiers_cancel_and_a_payment_at_once_end_one_way(stage: Stage) -> None:
    malee, somchai = stage.stall("malee"), stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    for _ in range(5):
        charge = ask(malee, 10_00)
        terms = terms_for(somchai, charge)
        paid, cancelled = at_once(
            [
                partial(confirm, somchai, terms),
                partial(charges.cancel, till=malee.till, charge_id=charge.id, at=NOON),
            ]
        )
        assert isinstance(paid, Payment) is isinstance(cancelled, AlreadyPaid)
        assert isinstance(paid, ChargeCancelled) is not isinstance(cancelled, AlreadyPaid)


def test_twelve_threads_cannot_overspend_cash(stage: Stage) -> None:
    nok, malee = stage.citizen("nok", cash_satang=50_00), stage.stall("malee")
    each = [terms_for(nok, ask(malee, 20_00), schemes_chosen=()) for _ in range(12)]
    answers = at_once([partial(confirm, nok, terms) for terms in each])
    assert Counter(type(answer) for answer in answers) == {Payment: 2, CashShort: 10}
    assert stage.books() == {"cash:nok": 10_00, "payable:malee": 40_00}


def test_twelve_threads_cannot_overspend_the_days_cap(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=5_000_00, enrolled=PLUS), stage.stall("malee")
    # Each half is 150 of the day's 200: one fits whole, and nobody who was shown 150 pays for a smaller share.
    each = [terms_for(somchai, ask(malee, 300_00)) for _ in range(12)]
    answers = at_once([partial(confirm, somchai, terms) for terms in each])
    assert Counter(type(answer) for answer in answers) == {Payment: 1, SplitChanged: 11}
    assert stage.books()["purse:somchai"] == 1850_00


def test_a_cap_of_one_payment_lets_one_through(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=5_000_00, enrolled=PLUS), stage.stall("malee")
    each = [terms_for(somchai, ask(malee, 400_00)) for _ in range(8)]
    answers = at_once([partial(confirm, somchai, terms) for terms in each])
    assert Counter(type(answer) for answer in answers) == {Payment: 1, DailyRightUsedUp: 7}
    assert stage.books() == {"cash:somchai": 4_800_00, "purse:somchai": 1800_00, "payable:malee": 400_00}


def test_twelve_threads_cannot_overspend_a_purse(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=50_000_00, enrolled=PLUS), stage.stall("malee")
    # Nine full days leave 200 baht; on the tenth, many try at once for 120 each.
    for day in range(9):
        at = NOON.replace(day=1, month=11) + day * (NOON.replace(day=2, month=11) - NOON.replace(day=1, month=11))
        confirm(somchai, terms_for(somchai, ask(malee, 400_00, at=at), at=at), at=at)
    last = NOON.replace(day=15, month=11)
    each = [terms_for(somchai, ask(malee, 240_00, at=last), at=last) for _ in range(12)]
    answers = at_once([partial(confirm, somchai, terms, at=last) for terms in each])
    assert Counter(type(answer) for answer in answers) == {Payment: 1, SplitChanged: 11}
    assert stage.books()["purse:somchai"] == 80_00


def test_of_fifty_guesses_at_once_no_more_than_five_learn_whether_they_were_right(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=5_000_00, enrolled=PLUS), stage.stall("malee")
    terms = terms_for(somchai, ask(malee, 10_00))
    guesses = [f"{135_700 + guess}" for guess in range(49)] + [PIN]
    answers = at_once([partial(confirm, somchai, terms, pin=pin, key=str(uuid4())) for pin in guesses])
    learnt = [answer for answer in answers if not isinstance(answer, PinLocked)]
    assert len(learnt) <= 5
    assert {type(answer) for answer in learnt} <= {PinWrong, Payment}
    assert sum(isinstance(answer, PinWrong) for answer in answers) == 4
