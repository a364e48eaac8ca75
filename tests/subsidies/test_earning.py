"""What spending has earned, as the timetable asks."""

from datetime import datetime
from typing import Any

import pytest

from subsidies import earning
from subsidies.decision import LIFETIME, Sale, decide
from subsidies.earning import EARNED, Voucher
from subsidies.rules.caps import CapUse, DailyRightUsedUp
from tests.subsidies.trying import bangkok, scheme, somchai
from wallet.refusals import InvariantBroken

NOON = bangkok(11, 3)
ALL = {"rates": [{"rate_bp": 10_000}]}
SPEND = scheme().document.spend
DUE = [bangkok(11, 20), bangkok(12, 20)]


def earns(**more: Any) -> dict[str, Any]:
    return {
        "starts_at": SPEND.starts_at,
        "ends_at": SPEND.ends_at,
        "bands": [{"up_to_satang": 1_000_00, "rate_bp": 1_000}, {"rate_bp": 2_000}],
        "at_most_satang": 500_00,
        "pays_at": DUE,
        **more,
    }


MONTHLY = {key: value for key, value in earns(per="month", wait_days=15).items() if key != "pays_at"}
OWN_ONLY: dict[str, Any] = {"funding": {}, "grants": []}


def test_what_somchai_pays_himself_counts_and_what_his_voucher_pays_does_not():
    of = scheme(funding=ALL, earning=earns())

    (share,) = decide(purses=[somchai(of, left=300_00)], sale=Sale(price=1_000_00), at=NOON).shares

    assert (share.amount, share.counted, share.uses) == (300_00, 700_00, (CapUse(EARNED, LIFETIME, 700_00),))


def test_with_an_empty_purse_all_of_it_counts_and_the_state_pays_nothing():
    of = scheme(funding=ALL, earning=earns())

    split = decide(purses=[somchai(of, left=0)], sale=Sale(price=1_000_00), at=NOON)

    assert (split.citizen, split.state, split.shares[0].counted) == (1_000_00, 0, 1_000_00)
    assert [reason.code for reason in split.reasons] == ["counts_towards_earning"]


def test_when_today_counts_no_more_somchai_is_told_so():
    caps = [{"code": "counted", "per": "day", "limit_satang": 200_00}]
    of = scheme(**OWN_ONLY, earning=earns(caps=caps))
    today = {("counted", bangkok(11, 4, 0)): 200_00}

    with pytest.raises(DailyRightUsedUp):
        decide(purses=[somchai(of, left=0, used=today)], sale=Sale(price=1_00), at=NOON)


@pytest.mark.parametrize(
    ("at", "paid", "voucher"),
    [
        (bangkok(11, 19), 0, None),
        (bangkok(11, 20), 0, Voucher(300_00, "purse")),
        (bangkok(11, 25), 300_00, None),
        (bangkok(12, 20), 100_00, Voucher(200_00, "purse")),
    ],
)
def test_a_voucher_is_paid_when_it_is_due_and_never_twice(at, paid, voucher):
    of = scheme(**OWN_ONLY, earning=earns())

    assert earning.due(scheme=of, counted={LIFETIME: 2_000_00}, paid=paid, person={}, at=at) == voucher


def test_monthly_earnings_are_paid_after_their_month_each_to_its_own_limit():
    of = scheme(**OWN_ONLY, earning={**MONTHLY, "to": "cash"})
    counted: dict[datetime, int] = {bangkok(12, 1, 0): 9_000_00, bangkok(1, 1, 0, year=2026): 1_000_00}

    def due(at: datetime, paid: int = 0) -> Voucher | None:
        return earning.due(scheme=of, counted=counted, paid=paid, person={}, at=at)

    assert due(bangkok(12, 15)) is None
    assert due(bangkok(12, 16)) == Voucher(500_00, "cash")
    assert due(bangkok(1, 16, year=2026), 500_00) == Voucher(100_00, "cash")
    assert earning.paid_at(scheme=of, counted_at=NOON) == bangkok(12, 16, 0)
    assert earning.earned(scheme=of, counted=1_000_00, person={}) == 100_00


def test_a_scheme_in_which_nothing_is_earned_is_not_asked():
    with pytest.raises(InvariantBroken):
        earning.earned(scheme=scheme(), counted=1, person={})
