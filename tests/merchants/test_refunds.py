"""Malee gives money back: each share goes where it came from, exact however many parts, never more than was paid."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from merchants import counter, receipts, suspensions, takings, tills
from merchants.counter import Attendant
from merchants.models import Payment, Refund, RefundedSoFar, Role
from merchants.receipts import PaymentUnknown
from merchants.refunds import CashierCannotRefund, RefundIdReused, RefundOverRest
from merchants.staff import NotAtWork
from subsidies import forfeits, stops
from subsidies.models import CapUse, Enrolment, FirstUseDeadline
from subsidies.rules.refunds import NotRefundable, RefundTooLate, RefundWholeOnly
from tests.cast import NOON, PLUS, PLUS_FILE, STAGE_HAND, Citizen, Stage, Stall, buy
from tests.counter import at_till, capture, give_back, hold, let_go, owner
from tests.settlement.market import MIDNIGHT, end_of_day
from tests.settlement.office import Office
from tests.shopkeepers import keeper
from wallet import people
from wallet.accounts import AccountKind
from wallet.clock import BANGKOK
from wallet.keys import KeyReused
from wallet.refusals import Refusal
from wallet.tokens import Caller

pytestmark = pytest.mark.django_db

RULES, _, EXAMPLES = PLUS_FILE.read_text().partition("[[examples]]")
ONE_EXAMPLE = "[[examples]]" + EXAMPLES.partition("[[examples]]")[0]
THE_NEXT_DAY = NOON + dt.timedelta(days=1)


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def a_market(**refunds: str) -> tuple[Stage, Citizen, Stall]:
    """Return another market, with other words in the scheme's `[refunds]`; without any it has no such section."""
    words = "\n".join(f"{name} = {value}" for name, value in refunds.items())
    rules = RULES.replace("[refunds]\nwithin_days = 0", f"[refunds]\n{words}" if words else "")
    stage = Stage()
    stage.open_books()
    stage.scheme(document=rules + ONE_EXAMPLE, funded=100_000_000_000_00)
    return stage, stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")


def staff_of(stall: Stall, role: Role) -> Attendant:
    """Return somebody who works at a stall, as the counter knows them."""
    caller = Caller("staff", keeper(stall, role).member.id, merchant_id=stall.merchant.id)
    return counter.attendant(caller=caller)


def used_today(someone: Citizen) -> int:
    return sum(CapUse.objects.filter(citizen_id=someone.id, cap="day").values_list("used", flat=True))


def test_a_whole_refund_puts_everything_back_as_it_was(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    before = stage.books()
    refund = give_back(malee, buy(somchai, malee, 99_01))
    assert (refund.amount, refund.citizen_share, refund.state_share) == (99_01, 49_51, 49_50)
    assert stage.books() == before
    assert used_today(somchai) == 0


def test_parts_are_exact_whatever_is_given_back_in_between(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    paid = buy(somchai, malee, 99_01)
    parts = [give_back(malee, paid, satang) for satang in (33_00, 33_00, None)]
    assert [(refund.amount, refund.citizen_share, refund.state_share) for refund in parts] == [
        (33_00, 16_51, 16_49),
        (33_00, 16_50, 16_50),
        (33_01, 16_50, 16_51),
    ]
    assert stage.books() == {"cash:somchai": 500_00, "purse:somchai": 2000_00}
    assert RefundedSoFar.objects.get().refunded == 99_01


def test_a_hundred_parts_of_one_satang(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    paid = buy(somchai, malee, 10_01)
    for number in range(1, 101):
        give_back(malee, paid, 1)
        state = 5_00 * number // 10_01
        assert stage.books() == {
            "cash:somchai": 494_99 + number - state,
            "purse:somchai": 1995_00 + state,
            "payable:malee": 10_01 - number,
        }


def test_the_right_comes_back_to_the_day_on_which_it_was_used() -> None:
    _, somchai, malee = a_market(within_days="7")
    paid = buy(somchai, malee, 400_00)
    buy(somchai, malee, 100_00, at=THE_NEXT_DAY)
    give_back(malee, paid, 300_00, at=THE_NEXT_DAY)
    by_day = CapUse.objects.order_by("ends_at").values_list("used", flat=True)
    assert list(by_day) == [50_00, 50_00]


def test_today_the_right_can_be_used_again(somchai: Citizen, malee: Stall) -> None:
    paid = buy(somchai, malee, 400_00)
    give_back(malee, paid, 100_00)
    assert buy(somchai, malee, 100_00).state_share == 50_00


def test_a_refund_counts_on_its_own_date_and_what_was_paid_out_becomes_a_debt() -> None:
    stage, somchai, malee = a_market(within_days="7")
    paid = buy(somchai, malee, 100_00)
    end_of_day()
    refund = give_back(malee, paid, 40_00, at=THE_NEXT_DAY)
    assert (paid.business_date, refund.business_date) == (dt.date(2025, 10, 31), dt.date(2025, 11, 1))
    friday = takings.tally(merchant_id=malee.merchant.id, business_date=dt.date(2025, 10, 31))
    saturday = takings.tally(merchant_id=malee.merchant.id)
    assert (friday.payments, friday.price, friday.refunded, friday.net) == (1, 100_00, 0, 100_00)
    assert (saturday.payments, saturday.refunds, saturday.refunded, saturday.net) == (0, 1, 40_00, -40_00)
    assert stage.books() == {"cash:somchai": 470_00, "purse:somchai": 1970_00, "payable:malee": 60_00}


def test_the_receipt_and_the_shops_list_say_what_came_back(somchai: Citizen, malee: Stall) -> None:
    paid = buy(somchai, malee, 100_00)
    (receipt,) = receipts.newest(citizen_id=somchai.id, at_most=1)
    assert (receipt.state, receipt.refunded) == ("paid", 0)
    give_back(malee, paid, 40_00)
    (receipt,) = receipts.newest(citizen_id=somchai.id, at_most=1)
    assert (receipt.state, receipt.refunded) == ("refunded_in_part", 40_00)
    give_back(malee, paid)
    (receipt,) = receipts.newest(citizen_id=somchai.id, at_most=1)
    assert (receipt.state, receipt.refunded) == ("refunded", 100_00)
    (taken,) = takings.newest(merchant_id=malee.merchant.id, at_most=1)
    assert (taken.payment.id, taken.refunded) == (paid.id, 100_00)


def test_what_was_captured_of_a_hold_is_refunded_like_any_payment(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    held = hold(somchai, malee, 300_00)
    paid = capture(malee, held, 200_00)
    let_go(malee, held)
    give_back(malee, paid, 50_00)
    assert stage.books() == {"cash:somchai": 425_00, "purse:somchai": 1925_00, "payable:malee": 150_00}
    assert used_today(somchai) == 75_00
    give_back(malee, paid)
    assert stage.books() == {"cash:somchai": 500_00, "purse:somchai": 2000_00}
    assert used_today(somchai) == 0


def test_a_sale_given_back_whole_is_no_first_use_while_there_is_time(somchai: Citizen, malee: Stall) -> None:
    first, second = buy(somchai, malee, 10_00), buy(somchai, malee, 20_00, at=NOON + dt.timedelta(minutes=1))
    give_back(malee, first)
    place = Enrolment.objects.get(citizen_id=somchai.id)
    assert place.first_used_at == second.paid_at
    give_back(malee, second, 19_99)
    place.refresh_from_db()
    assert place.first_used_at == second.paid_at
    give_back(malee, second)
    place.refresh_from_db()
    assert place.first_used_at is None


def test_the_deadline_of_a_right_that_counts_as_unused_again_is_kept(somchai: Citizen, malee: Stall) -> None:
    paid = buy(somchai, malee, 10_00)
    FirstUseDeadline.objects.all().delete()  # as when it was met, and put off by a new version since
    give_back(malee, paid)
    assert forfeits.take_back_unused(at=NOON) == 0
    assert forfeits.take_back_unused(at=dt.datetime(2025, 11, 11, 23, tzinfo=BANGKOK)) == 1


def test_a_stopped_scheme_gets_back_what_a_refund_returns(somchai: Citizen, malee: Stall) -> None:
    paid, office = buy(somchai, malee, 100_00), Office()
    stops.ask_to_stop(code=PLUS, reason="the money is gone", actor=office.ploy.actor, at=NOON)
    stops.stop(code=PLUS, second_factor=office.anan.code(), actor=office.anan.actor, at=NOON)
    (back,) = give_back(malee, paid).shares
    assert (back["amount"], back["to"]) == (50_00, "fund")


def test_a_scheme_may_keep_the_first_use() -> None:
    _, somchai, malee = a_market(within_days="0", keeps_first_use="true")
    give_back(malee, buy(somchai, malee, 10_00))
    assert Enrolment.objects.get(citizen_id=somchai.id).first_used_at == NOON


def test_a_right_that_is_lost_goes_to_the_scheme_and_stays_used() -> None:
    stage, somchai, malee = a_market(within_days="0", right='"lost"')
    paid = buy(somchai, malee, 100_00)
    (fund,) = before = stage.books(AccountKind.FUND)
    give_back(malee, paid, 60_00)
    assert stage.books() == {"cash:somchai": 480_00, "purse:somchai": 1950_00, "payable:malee": 40_00}
    assert stage.books(AccountKind.FUND) == {fund: before[fund] + 30_00}
    assert used_today(somchai) == 50_00


def test_after_the_scheme_is_over_the_states_share_is_the_schemes_again() -> None:
    stage, somchai, malee = a_market(within_days="3")
    buy(somchai, malee, 10_00)
    paid = buy(somchai, malee, 100_00, at=dt.datetime(2025, 12, 31, 22, 55, tzinfo=BANGKOK))
    (fund,) = before = stage.books(AccountKind.FUND)
    give_back(malee, paid, at=dt.datetime(2025, 12, 31, 23, 0, tzinfo=BANGKOK))
    assert stage.books() == {"cash:somchai": 495_00, "purse:somchai": 1945_00, "payable:malee": 10_00}
    assert stage.books(AccountKind.FUND) == {fund: before[fund] + 50_00}


# What the scheme's document allows


def test_a_scheme_without_refunds_takes_no_sale_back() -> None:
    _, somchai, malee = a_market()
    with pytest.raises(NotRefundable):
        give_back(malee, buy(somchai, malee, 100_00))


def test_the_scheme_says_until_when() -> None:
    _, somchai, malee = a_market(within_days="1")
    paid = buy(somchai, malee, 100_00)
    end_of_day()
    give_back(malee, paid, 10_00, at=THE_NEXT_DAY)
    end_of_day(business_date=THE_NEXT_DAY.date(), at=MIDNIGHT + dt.timedelta(days=1))
    with pytest.raises(RefundTooLate) as no:
        give_back(malee, paid, 10_00, at=THE_NEXT_DAY + dt.timedelta(days=1))
    assert no.value.facts == {"last_date": "2025-11-01"}


def test_own_money_can_be_given_back_whenever(stage: Stage, malee: Stall) -> None:
    paid = buy(stage.citizen("nok", cash_satang=100_00), malee, 100_00)
    end_of_day()
    give_back(malee, paid, 60_00, at=THE_NEXT_DAY)
    assert stage.books() == {"cash:nok": 60_00, "payable:malee": 40_00}


def test_a_scheme_may_allow_whole_refunds_only() -> None:
    _, somchai, malee = a_market(within_days="0", partial="false")
    paid = buy(somchai, malee, 100_00)
    with pytest.raises(RefundWholeOnly):
        give_back(malee, paid, 99_99)
    assert give_back(malee, paid, 100_00).amount == 100_00


# Who may


def test_a_cashier_undoes_what_was_keyed_wrong_for_ten_minutes(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    before = stage.books()
    paid = buy(somchai, malee, 100_00)
    give_back(malee, paid, by=at_till(malee), at=NOON + dt.timedelta(minutes=9, seconds=59))
    assert stage.books() == before


def test_midnight_does_not_stop_an_undo(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    before_eleven = NOON.replace(hour=22, minute=59)
    before = stage.books()
    paid = buy(somchai, malee, 100_00, at=before_eleven)
    # A test's day may be closed at midnight by an hour that the shop's clock has not reached.
    end_of_day()
    give_back(malee, paid, by=at_till(malee), at=before_eleven + dt.timedelta(minutes=2))
    assert stage.books() == before


@pytest.mark.parametrize(
    ("satang", "minutes"),
    [(100_00, 10), (None, 10), (99_99, 1), (1, 1)],
    ids=["late", "late too", "part", "one satang"],
)
def test_anything_else_is_for_the_manager(
    stage: Stage, somchai: Citizen, malee: Stall, satang: int | None, minutes: int
) -> None:
    paid, at = buy(somchai, malee, 100_00), NOON + dt.timedelta(minutes=minutes)
    before = stage.books()
    with pytest.raises(CashierCannotRefund):
        give_back(malee, paid, satang, by=at_till(malee), at=at)
    assert stage.books() == before
    manager = staff_of(malee, Role.MANAGER)
    assert give_back(malee, paid, satang, by=manager, at=at).by == f"staff:{manager.id}"


def test_a_till_undoes_only_its_own_and_a_cashier_those_of_the_shop(somchai: Citizen, malee: Stall) -> None:
    paid = buy(somchai, malee, 100_00)
    second, _ = tills.add(merchant=malee.merchant, name="till 2", actor=STAGE_HAND, at=NOON)
    other_till = counter.attendant(caller=Caller("till", second.id, merchant_id=malee.merchant.id))
    with pytest.raises(CashierCannotRefund):
        give_back(malee, paid, by=other_till)
    cashier = staff_of(malee, Role.CASHIER)
    assert give_back(malee, paid, by=cashier).amount == 100_00


def test_whoever_has_left_the_shop_gives_nothing_back(malee: Stall) -> None:
    member = keeper(malee, Role.MANAGER).member
    member.left_at = NOON
    member.save()
    for staff_id in (member.id, uuid4()):
        with pytest.raises(NotAtWork):
            counter.attendant(caller=Caller("staff", staff_id, merchant_id=malee.merchant.id))


def test_a_suspended_stall_can_still_give_money_back(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    paid = buy(somchai, malee, 100_00)
    suspensions.suspend(merchant=malee.merchant, reason="gave cash for a scan", actor=STAGE_HAND, at=NOON)
    give_back(malee, paid)
    assert stage.books() == {"cash:somchai": 500_00, "purse:somchai": 2000_00}


def test_money_comes_back_to_somebody_who_has_lost_every_phone(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    paid = buy(somchai, malee, 100_00)
    people.revoke_device(citizen_id=somchai.id, device_id=somchai.device.id, by_device_id=somchai.device.id, at=NOON)
    give_back(malee, paid)
    assert stage.books() == {"cash:somchai": 500_00, "purse:somchai": 2000_00}


# The same again, and what must not happen


def test_the_same_id_is_the_same_refund_whoever_asks_again(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    paid, refund_id = buy(somchai, malee, 100_00), uuid4()
    first = give_back(malee, paid, 40_00, refund_id=refund_id, key="cut line")
    assert give_back(malee, paid, 40_00, refund_id=refund_id).id == first.id
    manager = owner(malee)
    again = give_back(malee, paid, 40_00, refund_id=refund_id, by=manager, key="a managers key")
    assert (again.id, Refund.objects.count()) == (first.id, 1)
    assert stage.books()["payable:malee"] == 60_00


def test_all_that_is_left_asked_for_twice_with_one_id_is_one_refund(somchai: Citizen, malee: Stall) -> None:
    paid, refund_id = buy(somchai, malee, 100_00), uuid4()
    give_back(malee, paid, 40_00)
    first = give_back(malee, paid, refund_id=refund_id)
    assert (first.amount, give_back(malee, paid, refund_id=refund_id).id) == (60_00, first.id)


Act = Callable[[Stall, Stall, Payment, UUID], object]
Bad = tuple[str, Act, type[Refusal], dict[str, Any]]
LEFT = {"left_satang": 60_00, "refunded_satang": 40_00}
# After a payment of 100 baht of which 40 were given back under `known`; nothing moves.
BAD: list[Bad] = [
    ("more than is left", lambda malee, _, paid, __: give_back(malee, paid, 60_01), RefundOverRest, LEFT),
    ("the whole again", lambda malee, _, paid, __: give_back(malee, paid, 100_00), RefundOverRest, LEFT),
    ("a huge sum", lambda malee, _, paid, __: give_back(malee, paid, 1_000_000_000), RefundOverRest, LEFT),
    ("nothing", lambda malee, _, paid, __: give_back(malee, paid, 0), RefundOverRest, LEFT),
    ("less than nothing", lambda malee, _, paid, __: give_back(malee, paid, -1), RefundOverRest, LEFT),
    (
        "one id for another amount",
        lambda malee, _, paid, known: give_back(malee, paid, 20_00, refund_id=known),
        RefundIdReused,
        {"amount_satang": 40_00},
    ),
    (
        "one id for all that is left",
        lambda malee, _, paid, known: give_back(malee, paid, refund_id=known),
        RefundIdReused,
        {"amount_satang": 40_00},
    ),
    ("a neighbour's payment", lambda _, prasert, paid, __: give_back(prasert, paid), PaymentUnknown, {}),
    (
        "a part, by a till",
        lambda malee, _, paid, __: give_back(malee, paid, 10_00, by=at_till(malee)),
        CashierCannotRefund,
        {"undo_until_at": "2025-10-31T05:10:00+00:00"},
    ),
    (
        "the rest, by a till",
        lambda malee, _, paid, __: give_back(malee, paid, by=at_till(malee)),
        CashierCannotRefund,
        {"undo_until_at": "2025-10-31T05:10:00+00:00"},
    ),
]


@pytest.mark.parametrize("bad", BAD, ids=[row[0] for row in BAD])
def test_nobody_gives_back(stage: Stage, somchai: Citizen, malee: Stall, bad: Bad) -> None:
    _, act, refusal, facts = bad
    prasert, paid, known = stage.stall("prasert"), buy(somchai, malee, 100_00), uuid4()
    give_back(malee, paid, 40_00, refund_id=known)
    before = stage.books()
    with pytest.raises(refusal) as no:
        act(malee, prasert, paid, known)
    assert (type(no.value), no.value.facts) == (refusal, facts)
    assert stage.books() == before


def test_one_key_is_not_for_two_refunds(somchai: Citizen, malee: Stall) -> None:
    paid, by = buy(somchai, malee, 100_00), owner(malee)
    give_back(malee, paid, 40_00, by=by, key="one key")
    with pytest.raises(KeyReused):
        give_back(malee, paid, 40_00, by=by, key="one key")


def test_nothing_is_left_after_a_whole_refund(somchai: Citizen, malee: Stall) -> None:
    paid = buy(somchai, malee, 100_00)
    give_back(malee, paid)
    for satang in (None, 1):
        with pytest.raises(RefundOverRest) as no:
            give_back(malee, paid, satang)
        assert no.value.facts == {"left_satang": 0, "refunded_satang": 100_00}
