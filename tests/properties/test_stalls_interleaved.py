"""Two or three acts at a stall at once, stopped at every point where they meet: the promises hold in each order."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import uuid4

import pytest

from merchants import charges
from merchants.looking import AlreadyPaid, ChargeCancelled
from merchants.models import ChargeEnd, Payment
from merchants.payments import CashShort, SplitChanged
from subsidies import enrolment
from subsidies.enrolment import AlreadyEnrolled, Joined
from subsidies.models import Enrolment, Ticket
from tests.cast import NOON, OPENING, PIN, PLUS, Citizen, Stage, Stall, ask, confirm, terms_for
from tests.properties.buying import succeeded
from tests.properties.interleaving import interleaved
from tests.properties.orders import Order, in_many_orders, kinds
from tests.properties.stalls import SMALL_HALF
from wallet import topups
from wallet.ids import uuid7
from wallet.models import Device, TopUp, Transfer
from wallet.proofs import PinLocked, PinWrong

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_payment_stops_at_the_barrier_the_lock_and_the_look_one_after_another(
    somchais: Iterator[Citizen], malee: Stall
) -> None:
    somchai, points = next(somchais), list[str]()
    pay = partial(confirm, somchai, terms_for(somchai, ask(malee, 100_00)))
    interleaved([pay], order=Order(0), points=points)
    assert points == ["0 start", "0 barrier", "0 lock", "0 look", "0 record", "0 commit"]


def test_the_same_key_twice_is_one_payment(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        somchai = next(somchais)
        pay = partial(confirm, somchai, terms_for(somchai, ask(malee, 100_00)), key="once")
        answers = interleaved([pay, pay], order=order)
        assert kinds(answers) == {Payment: 2}
        assert answers[0].id == answers[1].id
        assert Payment.objects.filter(owner_id=somchai.id).count() == 1

    in_many_orders(once)


def test_two_citizens_at_one_charge_are_one_payment(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        charge = ask(malee, 100_00)
        both = [next(somchais), next(somchais)]
        pays = [partial(confirm, one, terms_for(one, charge)) for one in both]
        assert kinds(interleaved(pays, order=order)) == {Payment: 1, AlreadyPaid: 1}

    in_many_orders(once)


def test_two_payments_never_spend_the_same_baht(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        somchai = next(somchais)
        pays = [partial(confirm, somchai, terms_for(somchai, ask(malee, 200_00))) for _ in range(2)]
        assert kinds(interleaved(pays, order=order)) == {Payment: 1, CashShort: 1}

    in_many_orders(once)


def test_two_payments_never_pass_the_days_cap(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        somchai = next(somchais)
        pays = [partial(confirm, somchai, terms_for(somchai, ask(malee, 300_00))) for _ in range(2)]
        assert kinds(interleaved(pays, order=order)) in ({Payment: 1, SplitChanged: 1}, {Payment: 1, CashShort: 1})
        (paid,) = Payment.objects.filter(owner_id=somchai.id)
        assert paid.state_share == 150_00

    in_many_orders(once)


def test_a_charge_is_paid_or_cancelled(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        somchai, charge = next(somchais), ask(malee, 100_00)
        pay = partial(confirm, somchai, terms_for(somchai, charge))
        cancel = partial(charges.cancel, till=malee.till, charge_id=charge.id, at=NOON)
        assert kinds(interleaved([pay, cancel], order=order)) in (
            {Payment: 1, AlreadyPaid: 1},
            {ChargeCancelled: 1, ChargeEnd: 1},
        )

    in_many_orders(once)


def test_guesses_and_the_right_pin_at_once_are_counted_one_by_one(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        somchai = next(somchais)
        terms = terms_for(somchai, ask(malee, 10_00))
        for wrong in ("975310", "975311", "975312"):
            with pytest.raises(PinWrong):
                confirm(somchai, terms, pin=wrong)
        tries = [partial(confirm, somchai, terms, pin=pin) for pin in ("975313", "975314", PIN)]
        answers = interleaved(tries, order=order)
        # Whether the right one came in time or not, both wrong ones count.
        assert kinds(answers[:2]) == {PinWrong: 1, PinLocked: 1}
        assert isinstance(answers[2], Payment | PinLocked)
        assert Device.objects.get(id=somchai.device.id).wrong_pins == 5

    in_many_orders(once)


# Places and money in


def test_somchai_asks_for_a_place_while_he_pays(stage: Stage, malee: Stall) -> None:
    def once(order: Order) -> None:
        nok = stage.citizen(f"nok {uuid4()}", cash_satang=150_00)
        pay = partial(confirm, nok, terms_for(nok, ask(malee, 100_00), schemes_chosen=()))
        enrol = partial(enrolment.enrol, citizen_id=nok.id, code=PLUS, key="enrol", at=OPENING)
        answers = interleaved([pay, enrol], order=order)
        assert kinds(answers) == {Payment: 1, Joined: 1}
        stage.names[answers[1].enrolment.id] = nok.name
        assert {account: satang for account, satang in stage.books().items() if nok.name in account} == {
            f"cash:{nok.name}": 50_00,
            f"purse:{nok.name}": 2_000_00,
        }

    in_many_orders(once)


def test_two_phones_of_one_citizen_get_one_place(stage: Stage) -> None:
    def once(order: Order) -> None:
        nok = stage.citizen(f"nok {uuid4()}")
        keys = order.choice([("one", "one"), ("one", "other")])
        enrols = [partial(enrolment.enrol, citizen_id=nok.id, code=PLUS, key=key, at=OPENING) for key in keys]
        answers = interleaved(enrols, order=order)
        assert kinds(answers) == ({Joined: 2} if len(set(keys)) == 1 else {Joined: 1, AlreadyEnrolled: 1})
        assert Ticket.objects.filter(citizen_id=nok.id).count() == 1

    in_many_orders(once)


def test_three_citizens_for_two_places(stage: Stage, clean_books: Callable[[], None]) -> None:
    def once(order: Order) -> None:
        clean_books()
        stage.open_books()
        stage.scheme(document=SMALL_HALF)
        three = [stage.citizen(name) for name in ("somchai", "nok", "a third citizen")]
        enrols = [partial(enrolment.enrol, citizen_id=one.id, code="small-half", key="1", at=NOON) for one in three]
        answers = interleaved(enrols, order=order)
        assert sorted(joined.ticket.number for joined in answers) == [1, 2, 3]
        assert Enrolment.objects.count() == 2
        assert [joined.ahead for joined in answers if joined.enrolment is None] == [0]

    in_many_orders(once)


def test_a_webhook_that_comes_twice_is_booked_once(stage: Stage) -> None:
    nok = stage.citizen("nok")

    def once(order: Order) -> None:
        top_up_id = uuid7()
        top_up = TopUp.objects.create(
            id=top_up_id, citizen_id=nok.id, amount=100_00, asked_at=NOON, intent_id=f"pi_{top_up_id}"
        )
        ids = order.choice([("evt_a", "evt_a"), ("evt_a", "evt_b")])
        hears = [partial(topups.hear, event=succeeded(top_up, f"{event}_{top_up.id}"), at=NOON) for event in ids]
        assert interleaved(hears, order=order) == [None, None]
        assert Transfer.objects.filter(cause=top_up.id).count() == 1

    in_many_orders(once)
