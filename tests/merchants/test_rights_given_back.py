"""What comes back of rights that are more than a share: spend that earns, money for a later day, audited caps."""

import datetime as dt

import pytest

from merchants import charges, limit_audits, scans
from merchants.holds import RightNotHoldable
from subsidies.models import LimitBreach, Pending
from subsidies.rules.refunds import NotRefundable
from tests.cast import NOON, PLUS, Citizen, Stage, Stall
from tests.counter import ask_to_hold, capture, confirm_hold, give_back, hold, let_go
from tests.subsidies.programmes import begin, buy, join, let_in, run, thai
from wallet.accounts import AccountKind

EARNING = "ying-chai-ying-dai"
IN_JULY = thai(2021, 7, 5)


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    """Return Somchai, who spends his own money first and gets a tenth of it as a voucher."""
    begin(stage, EARNING)
    someone = stage.citizen("somchai", cash_satang=20_000_00)
    join(stage, someone, EARNING, at=thai(2021, 6, 21, 7))
    return someone


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee", is_vat_registered=True)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_what_was_given_back_earns_nothing(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    paid = buy(somchai, malee, 3_000_00, at=IN_JULY)
    give_back(malee, paid, 1_000_00, at=IN_JULY)
    assert sorted(Pending.objects.values_list("counted", flat=True)) == [-1_000_00, 3_000_00]
    run(thai(2021, 8, 7, 6))
    assert stage.books(AccountKind.PURSE) == {f"purse:somchai's {EARNING}": 200_00}


@pytest.mark.django_db
def test_a_voucher_that_was_paid_already_is_netted_against_the_next(
    stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    paid = buy(somchai, malee, 3_000_00, at=IN_JULY)
    run(thai(2021, 8, 7, 6))
    give_back(malee, paid, at=thai(2021, 8, 8))
    assert stage.books(AccountKind.PURSE) == {f"purse:somchai's {EARNING}": 300_00}
    # The voucher pays 300 of this, 4,000 count: 400 in all, of which 300 were paid.
    buy(somchai, malee, 4_300_00, at=thai(2021, 8, 9))
    run(thai(2021, 9, 7, 6))
    assert stage.books(AccountKind.PURSE) == {f"purse:somchai's {EARNING}": 100_00}


@pytest.mark.django_db
def test_a_right_that_spending_earns_is_not_held_and_the_citizen_is_told_before(
    stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    charge = ask_to_hold(malee, 100_00, at=IN_JULY)
    offer = scans.scan(citizen_id=somchai.id, payload=charges.payload(charge), schemes=None, at=IN_JULY)
    assert offer.refusal is not None
    assert (offer.refusal.code, offer.refusal.facts) == ("right_not_holdable", {"scheme": EARNING})
    with pytest.raises(RightNotHoldable):
        confirm_hold(somchai, charge, at=IN_JULY)
    assert confirm_hold(somchai, charge, schemes=(), at=IN_JULY).citizen_share == 100_00


@pytest.mark.django_db
def test_what_is_set_aside_for_the_citizen_is_not_the_shops_to_give_back(stage: Stage) -> None:
    scheme = begin(stage, "we-travel-together-flight", booking="shop")
    somchai = stage.citizen("somchai", cash_satang=5_000_00)
    let_in(stage, somchai, scheme, at=thai(2020, 9, 1), enrolled_in=["we-travel-together-1"])
    airline = stage.stall("prasert", **{"class": "airline"})
    paid = buy(somchai, airline, 3_000_00, at=thai(2020, 9, 20), facts={"seats": 1, "ends_on": "2020-10-12"})
    with pytest.raises(NotRefundable):
        give_back(airline, paid, at=thai(2020, 9, 20))


@pytest.mark.django_db(transaction=True)
def test_the_audit_of_limits_counts_holds_once_and_what_came_back_not_at_all(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=5_000_00, enrolled=PLUS), stage.stall("malee")
    give_back(malee, buy(somchai, malee, 400_00, at=NOON), 300_00)
    held = hold(somchai, malee, 300_00)
    paid = capture(malee, held, 100_00)
    let_go(malee, held)
    give_back(malee, paid, 50_00)
    buy(somchai, malee, 250_00, at=NOON)
    (audited,) = limit_audits.audit(at=NOON + dt.timedelta(hours=15))
    assert audited == (1, 3, [])
    assert LimitBreach.objects.count() == 0
