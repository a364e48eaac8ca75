"""Somchai orders, Malee cooks: his money is held, captured as she delivers, and what she does not comes back."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from merchants import charges, hints, holds, suspensions
from merchants.captures import CaptureIdReused, CaptureOverRest, HoldExpired, HoldReleased
from merchants.charges import ChargeHeld
from merchants.holds import HoldCaptured, HoldUnknown
from merchants.looking import AlreadyPaid, MerchantSuspended
from merchants.models import Payment, Release
from merchants.payments import CashShort
from subsidies.models import CapUse, Enrolment
from subsidies.rules.caps import DailyRightUsedUp
from tests.cast import NOON, PLUS, PLUS_FILE, STAGE_HAND, Citizen, Stage, Stall, ask, buy, confirm, terms_for
from tests.counter import HOURS_3, ask_to_hold, at_till, capture, confirm_hold, give_back, hold, let_go
from wallet.accounts import AccountKind
from wallet.clock import BANGKOK
from wallet.ids import uuid7
from wallet.keys import KeyReused
from wallet.models import Channel
from wallet.refusals import Refusal

pytestmark = pytest.mark.django_db

# Delivery began on the 7th of November; the books are still open on the 31st, for their close is late.
DELIVERING = dt.datetime(2025, 11, 10, 12, 0, tzinfo=BANGKOK)
ALL_KINDS = (AccountKind.CASH, AccountKind.PURSE, AccountKind.HOLD, AccountKind.PAYABLE)


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def held_books(stage: Stage) -> Callable[..., dict[str, int]]:
    """Return the books with the holds in them, named `hold`."""

    def books() -> dict[str, int]:
        return {
            "hold" if account.startswith("hold:") else account: amount
            for account, amount in stage.books(*ALL_KINDS).items()
        }

    return books


def used_today(someone: Citizen) -> int:
    """Return what somebody used of the day's cap."""
    return sum(CapUse.objects.filter(citizen_id=someone.id, cap="day").values_list("used", flat=True))


def test_what_somchai_confirms_is_held_like_a_payment_and_the_stall_has_nothing_yet(
    somchai: Citizen, malee: Stall, held_books: Callable[..., dict[str, int]]
) -> None:
    held = hold(somchai, malee, 99_01)
    assert (held.price, held.citizen_share, held.state_share) == (99_01, 49_51, 49_50)
    assert held.expires_at == NOON + HOURS_3
    assert held_books() == {"cash:somchai": 450_49, "purse:somchai": 1950_50, "hold": 99_01}
    assert used_today(somchai) == 49_50
    standing = charges.standing(merchant_id=malee.merchant.id, charge_id=held.charge_id, at=NOON)
    assert (standing.state, standing.hold_id, standing.payment_id) == ("held", held.id, None)


def test_the_food_on_the_bill_is_shared_and_the_fare_is_not(
    somchai: Citizen, malee: Stall, held_books: Callable[..., dict[str, int]]
) -> None:
    bill = {"food": 100_00, "delivery_fee": 30_00, "alcohol": 50_00}
    charge = ask_to_hold(malee, 180_00, lines=bill, channel=Channel.DELIVERY, at=DELIVERING)
    held = confirm_hold(somchai, charge, at=DELIVERING)
    assert (held.citizen_share, held.state_share) == (130_00, 50_00)
    capture(malee, held, 180_00, at=DELIVERING)
    assert held_books() == {"cash:somchai": 370_00, "purse:somchai": 1950_00, "payable:malee": 180_00}


def test_captures_take_each_share_in_proportion_and_the_last_one_evens_it_out(
    somchai: Citizen, malee: Stall, held_books: Callable[..., dict[str, int]]
) -> None:
    held = hold(somchai, malee, 99_01)
    parts = [capture(malee, held, satang) for satang in (33_00, 33_00, 33_01)]
    assert [(paid.citizen_share, paid.state_share) for paid in parts] == [
        (16_51, 16_49),
        (16_50, 16_50),
        (16_50, 16_51),
    ]
    assert [paid.shares[0]["uses"][0]["amount"] for paid in parts] == [16_49, 16_50, 16_51]
    assert held_books() == {"cash:somchai": 450_49, "purse:somchai": 1950_50, "payable:malee": 99_01}
    assert holds.standing(held, at=NOON).state == "captured"


def test_what_is_let_go_comes_back_with_the_right_to_use_it(
    somchai: Citizen, malee: Stall, held_books: Callable[..., dict[str, int]]
) -> None:
    held = hold(somchai, malee, 400_00)
    with pytest.raises(DailyRightUsedUp):
        buy(somchai, malee, 10_00)
    capture(malee, held, 100_00)
    standing = let_go(malee, held)
    assert (standing.state, standing.so_far.captured, standing.so_far.released) == ("captured_in_part", 100_00, 300_00)
    assert held_books() == {"cash:somchai": 450_00, "purse:somchai": 1950_00, "payable:malee": 100_00}
    assert used_today(somchai) == 50_00
    assert buy(somchai, malee, 400_00).state_share == 150_00


def test_a_capture_the_next_day_is_not_decided_anew_and_counts_on_its_own_date(somchai: Citizen, malee: Stall) -> None:
    held = hold(somchai, malee, 300_00, hold_for=dt.timedelta(days=2))
    tomorrow = NOON + dt.timedelta(days=1)
    buy(somchai, malee, 400_00, at=tomorrow)  # tomorrow's right is used up
    paid = capture(malee, held, 300_00, at=tomorrow)
    assert (paid.citizen_share, paid.state_share) == (150_00, 150_00)
    assert paid.shares[0]["uses"][0]["ends_at"].startswith("2025-10-31T23:00")  # in UTC: six in the morning


def test_nothing_can_be_captured_once_the_time_is_over_and_the_timetable_gives_it_back(
    somchai: Citizen, malee: Stall, held_books: Callable[..., dict[str, int]]
) -> None:
    first, second = hold(somchai, malee, 60_00), hold(somchai, malee, 40_00, hold_for=2 * HOURS_3)
    just_in_time, over = NOON + HOURS_3 - dt.timedelta(seconds=1), NOON + HOURS_3
    assert holds.expire(at=just_in_time, at_most=10) == 0
    capture(malee, first, 20_00, at=just_in_time)
    with pytest.raises(HoldExpired):
        capture(malee, first, 20_00, at=over)
    assert holds.standing(first, at=over).state == "expired"
    assert holds.expire(at=over, at_most=10) == 1
    assert holds.expire(at=over, at_most=10) == 0
    released = Release.objects.get(hold_id=first.id)
    assert (released.amount, released.why, released.by) == (40_00, "expired", "timetable:expire_holds")
    assert held_books() == {
        "cash:somchai": 470_00,
        "purse:somchai": 1970_00,
        "payable:malee": 20_00,
        "hold": 40_00,
    }
    assert holds.standing(second, at=over).state == "open"


def test_the_timetable_releases_no_more_at_once_than_it_is_told(somchai: Citizen, malee: Stall) -> None:
    for _ in range(3):
        hold(somchai, malee, 10_00)
    over = NOON + HOURS_3
    assert [holds.expire(at=over, at_most=2) for _ in range(3)] == [2, 1, 0]


def test_a_held_charge_can_neither_be_paid_nor_taken_back(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    nok = stage.citizen("nok", cash_satang=100_00)
    charge = ask_to_hold(malee, 60_00)
    noks_terms = terms_for(nok, charge)
    held = confirm_hold(somchai, charge)
    with pytest.raises(AlreadyPaid):
        confirm(nok, noks_terms)
    with pytest.raises(ChargeHeld) as no:
        charges.cancel(till=malee.till, charge_id=charge.id, at=NOON)
    assert no.value.facts == {"hold_id": str(held.id)}


def test_own_money_short_holds_nothing(stage: Stage, malee: Stall) -> None:
    poor = stage.citizen("somchai", cash_satang=30_00, enrolled=PLUS)
    with pytest.raises(CashShort):
        hold(poor, malee, 100_00)
    assert stage.books(*ALL_KINDS) == {"cash:somchai": 30_00, "purse:somchai": 2000_00}


def test_nok_without_a_right_orders_with_her_own_money(
    stage: Stage, malee: Stall, held_books: Callable[..., dict[str, int]]
) -> None:
    held = hold(stage.citizen("nok", cash_satang=100_00), malee, 80_00)
    capture(malee, held, 30_00)
    let_go(malee, held)
    assert held_books() == {"cash:nok": 70_00, "payable:malee": 30_00}


def test_the_same_key_is_the_same_hold(somchai: Citizen, malee: Stall) -> None:
    from merchants import payments
    from merchants.receipts import Held
    from merchants.terms import Terms
    from tests.cast import PIN
    from wallet.proofs import PinProof

    charge = ask_to_hold(malee, 100_00)
    terms = Terms(charge_id=charge.id, price=100_00, own_part=50_00, schemes=(PLUS,), nonce="0123456789abcdef")
    named: dict[str, Any] = {
        "citizen_id": somchai.id,
        "device_id": somchai.device.id,
        "terms": terms,
        "proof": PinProof(PIN),
        "key": "once",
        "at": NOON,
    }
    first, again = payments.pay(**named), payments.pay(**named)
    assert isinstance(first, Held)
    assert first == again


def test_a_release_asked_for_twice_is_one_release(somchai: Citizen, malee: Stall) -> None:
    held = hold(somchai, malee, 100_00)
    assert let_go(malee, held).state == let_go(malee, held).state == "released"
    assert Release.objects.filter(hold_id=held.id).count() == 1


def test_the_same_id_is_the_same_capture_whoever_asks_again(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    held, capture_id = hold(somchai, malee, 100_00), uuid4()
    first = capture(malee, held, 40_00, capture_id=capture_id, key="cut line")
    assert capture(malee, held, 40_00, capture_id=capture_id, key="cut line").id == first.id
    assert capture(malee, held, 40_00, capture_id=capture_id, key="another key").id == first.id
    assert stage.books()["payable:malee"] == 40_00


def test_a_hold_that_was_wholly_let_go_is_no_first_use_while_there_is_time(somchai: Citizen, malee: Stall) -> None:
    held = hold(somchai, malee, 100_00)
    assert Enrolment.objects.get(citizen_id=somchai.id).first_used_at == NOON
    let_go(malee, held)
    assert Enrolment.objects.get(citizen_id=somchai.id).first_used_at is None


def test_a_right_used_in_time_is_not_lost_because_the_shop_could_not_deliver(somchai: Citizen, malee: Stall) -> None:
    last_hour = dt.datetime(2025, 11, 11, 22, 0, tzinfo=BANGKOK)  # the first use was due by eleven
    held = hold(somchai, malee, 100_00, at=last_hour)
    holds.expire(at=last_hour + HOURS_3, at_most=10)
    assert holds.standing(held, at=last_hour + HOURS_3).state == "released"
    assert Enrolment.objects.get(citizen_id=somchai.id).first_used_at == last_hour
    assert buy(somchai, malee, 100_00, at=last_hour + dt.timedelta(days=1)).state_share == 50_00


def test_what_comes_back_after_the_scheme_is_over_is_the_schemes_again(stage: Stage, malee: Stall) -> None:
    somchai = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    on_the_last_day = dt.datetime(2025, 12, 31, 22, 0, tzinfo=BANGKOK)
    buy(somchai, malee, 10_00)
    held = hold(somchai, malee, 100_00, at=on_the_last_day)
    before = stage.books(AccountKind.FUND)
    holds.expire(at=on_the_last_day + HOURS_3, at_most=10)
    (fund,) = before
    assert stage.books(AccountKind.FUND) == {fund: before[fund] + 50_00}
    assert stage.books() == {"cash:somchai": 495_00, "purse:somchai": 1945_00, "payable:malee": 10_00}
    assert Release.objects.get(hold_id=held.id).shares[0]["to"] == "fund"


def test_a_cap_on_payments_counts_a_hold_until_all_of_it_is_let_go(
    one_a_day: tuple[Citizen, Stall],
) -> None:
    somchai, malee = one_a_day
    held = hold(somchai, malee, 100_00)
    assert uses_of(somchai) == {"day": 50_00, "one": 1}
    let_go(malee, held)
    assert uses_of(somchai) == {"day": 0, "one": 0}
    held = hold(somchai, malee, 100_00)
    capture(malee, held, 10_00)
    let_go(malee, held)
    assert uses_of(somchai) == {"day": 5_00, "one": 1}


@pytest.fixture
def one_a_day() -> tuple[Citizen, Stall]:
    """Return Somchai and Malee under a rule that lets the State share one payment a day."""
    one = '[[caps]]\ncode = "one"\ncounts = "payments"\nper = "day"\nlimit = 1\n\n[rounding]'
    stage = Stage()
    stage.open_books()
    document = PLUS_FILE.read_text().partition("[[examples]]")
    example = document[2].partition("[[examples]]")[0]
    stage.scheme(document=document[0].replace("[rounding]", one) + document[1] + example, funded=100_000_000_000_00)
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")


def uses_of(someone: Citizen) -> dict[str, int]:
    return dict(CapUse.objects.filter(citizen_id=someone.id).values_list("cap", "used"))


# What must not happen, row by row: what the stall does after a hold of 100 baht of which 30 are captured, and the
# refusal. Nothing moves.
Act = Callable[[Citizen, Stall, Stall, Any], object]
Bad = tuple[str, Act, type[Refusal], dict[str, Any]]
BAD: list[Bad] = [
    (
        "captures more than is left",
        lambda _s, malee, _p, held: capture(malee, held, 70_01),
        CaptureOverRest,
        {"left_satang": 70_00, "captured_satang": 30_00},
    ),
    (
        "captures the whole again",
        lambda _s, malee, _p, held: capture(malee, held, 100_00),
        CaptureOverRest,
        {"left_satang": 70_00, "captured_satang": 30_00},
    ),
    (
        "captures a huge sum",
        lambda _s, malee, _p, held: capture(malee, held, 1_000_000_000),
        CaptureOverRest,
        {"left_satang": 70_00, "captured_satang": 30_00},
    ),
    (
        "takes one id for another amount",
        lambda _s, malee, _p, held: capture(
            malee, held, 20_00, capture_id=Payment.objects.get(hold_id=held.id).capture_id
        ),
        CaptureIdReused,
        {"amount_satang": 30_00},
    ),
    (
        "takes one key for another capture",
        lambda _s, malee, _p, held: capture(malee, held, 20_00, key="the first"),
        KeyReused,
        {},
    ),
    (
        "captures after the time",
        lambda _s, malee, _p, held: capture(malee, held, 10_00, at=NOON + HOURS_3),
        HoldExpired,
        {"expired_at": "2025-10-31T15:00:00+07:00"},
    ),
    ("captures a neighbour's hold", lambda _s, _m, prasert, held: capture(prasert, held, 10_00), HoldUnknown, {}),
    ("releases a neighbour's hold", lambda _s, _m, prasert, held: let_go(prasert, held), HoldUnknown, {}),
    (
        "captures while suspended",
        lambda _s, malee, _p, held: capture(suspended(malee), held, 10_00),
        MerchantSuspended,
        {},
    ),
]


@pytest.mark.parametrize("bad", BAD, ids=[row[0] for row in BAD])
def test_a_stall_cannot(stage: Stage, somchai: Citizen, malee: Stall, bad: Bad) -> None:
    _, act, refusal, facts = bad
    prasert = stage.stall("prasert")
    held = hold(somchai, malee, 100_00)
    capture(malee, held, 30_00, key="the first")
    held.refresh_from_db()
    before = stage.books(*ALL_KINDS)
    with pytest.raises(refusal) as no:
        act(somchai, malee, prasert, held)
    found = {name: _bangkok(value) for name, value in no.value.facts.items()}
    assert (type(no.value), found) == (refusal, facts)
    assert stage.books(*ALL_KINDS) == before


def suspended(stall: Stall) -> Stall:
    suspensions.suspend(merchant=stall.merchant, reason="gave cash for a scan", actor=STAGE_HAND, at=NOON)
    return stall


def _bangkok(value: Any) -> Any:
    if isinstance(value, str) and "T" in value:
        return dt.datetime.fromisoformat(value).astimezone(BANGKOK).isoformat()
    return value


def test_after_a_release_nothing_is_captured_and_after_a_capture_of_all_nothing_released(
    stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    let_go_of = hold(somchai, malee, 100_00)
    let_go(malee, let_go_of)
    with pytest.raises(HoldReleased):
        capture(malee, let_go_of, 10_00)
    captured = hold(somchai, malee, 100_00)
    capture(malee, captured, 100_00)
    with pytest.raises(HoldCaptured):
        let_go(malee, captured)
    assert stage.books() == {"cash:somchai": 450_00, "purse:somchai": 1950_00, "payable:malee": 100_00}


def test_a_suspended_stall_can_still_let_go(somchai: Citizen, malee: Stall) -> None:
    held = hold(somchai, malee, 100_00)
    assert let_go(suspended(malee), held).state == "released"


def test_a_hold_is_no_payment_to_refund(somchai: Citizen, malee: Stall) -> None:
    from merchants import refunds
    from merchants.receipts import PaymentUnknown

    held = hold(somchai, malee, 100_00)
    with pytest.raises(PaymentUnknown):
        refunds.refund(
            by=at_till(malee),
            payment_id=held.id,
            refund_id=uuid7(),
            amount=None,
            reason="not captured yet",
            key="refund",
            at=NOON,
        )


def test_an_ordinary_charge_holds_nothing(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    assert confirm(somchai, terms_for(somchai, ask(malee, 50_00))).hold_id is None
    assert stage.books(AccountKind.HOLD) == {}


def test_the_shops_other_devices_are_told_of_each_step_once(somchai: Citizen, malee: Stall) -> None:
    held = hold(somchai, malee, 80_00)
    paid = capture(malee, held, 50_00)
    let_go(malee, held)
    refund = give_back(malee, paid)
    told = [hints.held(held), hints.captured(paid), hints.released(held, amount=30_00, at=NOON), hints.refunded(refund)]
    assert [(hint.happened, hint.amount) for hint in told] == [
        ("held", 80_00),
        ("captured", 50_00),
        ("released", 30_00),
        ("refunded", 50_00),
    ]
    assert {hint.charge_id for hint in told} == {held.charge_id}
    assert len({hint.id for hint in told}) == 4
