"""Somchai pays 1,000 and gets 3,000; takes out what may be taken out; and Nok sees nothing of it."""

import pytest

from subsidies import freezing, own_money
from subsidies.changes import EnrolmentUnknown
from subsidies.freezing import RightFrozen
from subsidies.models import BuyIn
from subsidies.own_money import NotWithdrawable, OwnMoneyShort, RightHasLess
from subsidies.rules.buy_in import BuyInOver, BuyInUsedUp, NoBuyIn
from subsidies.rules.windows import SchemeEnded
from tests.cast import PLUS, STAGE_HAND, Stage
from tests.subsidies.programmes import begin, buy, half_each, join, let_in, run, thai
from wallet.accounts import AccountKind
from wallet.keys import KeyReused

pytestmark = pytest.mark.django_db

PAY_1000 = """
[buy_in]
pays_satang = 1_000_00
gets_satang = 3_000_00
times = 2
until = 2025-12-01T00:00:00+07:00
"""
PURSES = (AccountKind.PURSE, AccountKind.CASH)


def test_pay_1000_get_3000_and_what_is_not_used_goes_back_to_whom_it_came_from(stage: Stage) -> None:
    scheme = half_each(stage, PAY_1000)
    somchai = stage.citizen("somchai", cash_satang=5_000_00)
    place = join(stage, somchai, "half-each", at=thai(2025, 10, 20))
    purse, funded = "purse:somchai's half-each", stage.books(AccountKind.FUND)[f"fund:{scheme.code}"]
    bought = own_money.buy_in(
        citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=place.id, key="1", at=thai(2025, 11, 1)
    )
    assert (bought.own, bought.state) == (1_000_00, 2_000_00)
    assert stage.books(*PURSES) == {"cash:somchai": 4_000_00, purse: 3_000_00}
    again = own_money.buy_in(
        citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=place.id, key="1", at=thai(2025, 11, 1)
    )
    assert again.id == bought.id
    buy(somchai, stage.stall("malee"), 1_200_00, at=thai(2025, 11, 2))
    run(thai(2026, 2, 1, 0))
    assert stage.books(*PURSES) == {"cash:somchai": 3_400_00 + 800_00}
    assert stage.books(AccountKind.FUND)[f"fund:{scheme.code}"] == funded - 2_000_00 + 1_600_00


def test_who_has_bought_twice_or_comes_too_late_keeps_their_money(stage: Stage) -> None:
    half_each(stage, PAY_1000)
    somchai = stage.citizen("somchai", cash_satang=2_500_00)
    place = join(stage, somchai, "half-each", at=thai(2025, 10, 20))

    def buy_in(key: str, *, month: int = 11) -> BuyIn:
        return own_money.buy_in(
            citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=place.id, key=key, at=thai(2025, month, 1)
        )

    with pytest.raises(BuyInOver):
        buy_in("late", month=12)
    buy_in("1")
    buy_in("2")
    with pytest.raises(BuyInUsedUp):
        buy_in("3")
    assert stage.books(AccountKind.CASH) == {"cash:somchai": 500_00}
    with pytest.raises(KeyReused):
        own_money.withdraw(
            citizen_id=somchai.id,
            device_id=somchai.device.id,
            enrolment_id=place.id,
            amount=1,
            key="1",
            at=thai(2025, 11, 1),
        )


def test_who_has_too_little_is_told_how_much_is_missing(stage: Stage) -> None:
    half_each(stage, PAY_1000)
    somchai = stage.citizen("somchai", cash_satang=999_00)
    place = join(stage, somchai, "half-each", at=thai(2025, 10, 20))
    with pytest.raises(OwnMoneyShort) as no:
        own_money.buy_in(
            citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=place.id, key="1", at=thai(2025, 11, 1)
        )
    assert no.value.facts == {"needed_satang": 1_000_00, "cash_satang": 999_00, "short_satang": 1_00}


def test_nok_cannot_touch_somchais_right_and_a_frozen_one_stays_as_it_is(stage: Stage) -> None:
    somchai = stage.citizen("somchai", cash_satang=2_000_00, enrolled=PLUS)
    nok = stage.citizen("nok", cash_satang=2_000_00)
    (place_id,) = [id_ for id_, name in stage.names.items() if name == "somchai" and id_ != somchai.id]
    at = thai(2025, 11, 1)
    with pytest.raises(EnrolmentUnknown):
        own_money.buy_in(citizen_id=nok.id, device_id=nok.device.id, enrolment_id=place_id, key="1", at=at)
    with pytest.raises(NoBuyIn):
        own_money.buy_in(citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=place_id, key="1", at=at)
    with pytest.raises(NotWithdrawable):
        own_money.withdraw(
            citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=place_id, amount=1, key="2", at=at
        )
    with pytest.raises(SchemeEnded):
        own_money.withdraw(
            citizen_id=somchai.id,
            device_id=somchai.device.id,
            enrolment_id=place_id,
            amount=1,
            key="2",
            at=thai(2026, 1, 1),
        )
    freezing.freeze(citizen_id=somchai.id, reason="a limit was passed", actor=STAGE_HAND, at=at)
    with pytest.raises(RightFrozen):
        own_money.withdraw(
            citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=place_id, amount=1, key="2", at=at
        )


def test_a_right_that_may_be_taken_out_becomes_own_money_once(stage: Stage) -> None:
    scheme = begin(stage, "state-welfare-card-disability")
    somchai = stage.citizen("somchai")
    at = thai(2025, 10, 1)
    place = let_in(stage, somchai, scheme, at=at, lists=["state-welfare-card-2566"], is_disabled=True)
    run(thai(2025, 11, 22, 6))
    at = thai(2025, 11, 23)
    for _ in range(2):
        taken = own_money.withdraw(
            citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=place.id, amount=150_00, key="1", at=at
        )
        assert (taken.amount, taken.from_id) == (150_00, place.id)
    assert stage.books(*PURSES) == {"cash:somchai": 150_00, "purse:somchai's state-welfare-card-disability": 250_00}
    with pytest.raises(RightHasLess) as no:
        own_money.withdraw(
            citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=place.id, amount=250_01, key="2", at=at
        )
    assert no.value.facts == {"left_satang": 250_00, "wanted_satang": 250_01}
