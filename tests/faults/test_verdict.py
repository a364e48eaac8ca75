"""The verdict of `make faults` fires: whatever is lost, doubled or contradicted is counted."""

import pytest

from merchants.models import Hold, Payment, Refund
from tests.cast import PLUS, Citizen, Stage, Stall, ask, buy
from tests.counter import capture, give_back, hold, let_go
from tests.faults import verdict
from wallet.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def paid(somchai: Citizen, malee: Stall) -> dict[str, object]:
    """Let Somchai buy for 100 baht, and return what his phone was told."""
    payment = buy(somchai, malee, 100_00)
    return {
        "what": "paid",
        "citizen": str(somchai.id),
        "charge": str(payment.charge_id),
        "id": str(payment.id),
        "price": 100_00,
        "own_part": 50_00,
    }


def lost(*told: dict[str, object], topped_up: tuple[str, ...] = (), approved: tuple[str, ...] = ()) -> int:
    return len(list(verdict.lost(verdict.read(told), topped_up=set(topped_up), approved=approved)))


def doubled(*told: dict[str, object]) -> int:
    return len(list(verdict.doubled(verdict.read(told))))


def cash_otherwise(*told: dict[str, object]) -> list[int]:
    wrong = verdict.cash_is_otherwise(verdict.read(told), pocket=500_00, topped_up=set(), top_up=100_00)
    return [more for more, _ in wrong]


def test_what_was_told_and_booked_once_is_neither_lost_nor_doubled(somchai: Citizen, malee: Stall) -> None:
    told = paid(somchai, malee)
    # The thumb was too quick: the same payment is told twice.
    assert lost(told, told) == doubled(told, told) == 0
    assert cash_otherwise(told, told) == []


def test_a_payment_that_was_told_and_is_not_booked_is_lost(somchai: Citizen, malee: Stall) -> None:
    told = paid(somchai, malee)
    assert lost({**told, "id": str(uuid7())}) == 1
    assert cash_otherwise(told, {**told, "id": str(uuid7())}) == [50_00]
    assert lost({**told, "own_part": 49_99}) == 1


def test_whoever_was_told_nothing_counts_as_lost(somchai: Citizen, malee: Stall) -> None:
    charge = ask(malee, 100_00)
    assert lost({"what": "silence", "citizen": str(somchai.id), "charge": str(charge.id)}) == 1


def test_a_top_up_that_was_paid_at_stripe_and_an_approval_that_was_told_are_lost_if_not_booked(
    somchai: Citizen, malee: Stall
) -> None:
    assert lost(paid(somchai, malee), topped_up=(str(uuid7()),), approved=(str(uuid7()),)) == 2


def test_a_payment_of_which_nobody_was_told_is_doubled(somchai: Citizen, malee: Stall) -> None:
    told = paid(somchai, malee)
    paid(somchai, malee)
    assert doubled(told) == 1
    assert cash_otherwise(told) == [-50_00]


def test_whoever_was_refused_and_paid_all_the_same_is_doubled(somchai: Citizen, malee: Stall) -> None:
    told = paid(somchai, malee)
    no = {**told, "what": "refused", "code": "already_paid", "status": 409}
    # Once for the payment that was not told, once for the no.
    assert doubled(no) == 2


def test_one_payment_that_is_told_in_two_ways_is_doubled(somchai: Citizen, malee: Stall) -> None:
    told = paid(somchai, malee)
    assert doubled(told, {**told, "own_part": 60_00}) == 1


def refunded(payment: str, refund: Refund) -> dict[str, object]:
    """Return what a stall was told of a refund."""
    told = {"price": refund.amount, "own_part": refund.citizen_share}
    return {"what": "refunded", "refund": str(refund.refund_id), "payment": payment, **told}


def test_what_came_back_is_neither_lost_nor_doubled_if_it_was_told(somchai: Citizen, malee: Stall) -> None:
    told = paid(somchai, malee)
    payment = Payment.objects.get()
    back = refunded(str(payment.id), give_back(malee, payment, 30_00))
    assert lost(told, back) == doubled(told, back) == 0
    assert cash_otherwise(told, back) == []
    assert doubled(told) == 1
    assert cash_otherwise(told) == [15_00]
    assert lost(told, back, {**back, "refund": str(uuid7())}) == 1
    assert lost(told, {**back, "own_part": 14_99}) == 1


def test_an_order_is_neither_lost_nor_doubled_if_it_was_told(somchai: Citizen, malee: Stall) -> None:
    held = hold(somchai, malee, 80_00)
    told = {**of(somchai, held), "what": "held", "price": 80_00, "own_part": 40_00}
    ended: dict[str, object] = {"what": "ended", "hold": str(held.id)}
    assert lost(told) == doubled(told) == 0
    assert doubled() == 1
    assert lost({**told, "price": 80_01}) == 1
    assert lost(told, ended) == 1  # half of it still is with the stall
    part = capture(malee, held, 30_00)
    let_go(malee, held)
    captured = {**told, "what": "captured", "id": str(part.id), "price": 30_00, "own_part": 15_00}
    assert lost(told, captured, ended) == doubled(told, captured, ended) == 0
    assert cash_otherwise(told, captured, ended) == []
    assert doubled(told, ended) == 1


def test_a_stall_that_was_told_nothing_counts_as_lost(somchai: Citizen, malee: Stall) -> None:
    told = paid(somchai, malee)
    assert lost(told, {"what": "unheard", "act": "refund of which nobody knows"}) == 1


def of(somchai: Citizen, held: Hold) -> dict[str, object]:
    return {"citizen": str(somchai.id), "charge": str(held.charge_id), "id": str(held.id)}
