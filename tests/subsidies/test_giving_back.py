"""What becomes of Somchai's right when a sale is given back: the caps, the purse, the first use, what he earned."""

from datetime import timedelta

import pytest

from subsidies.decision import LIFETIME, CapUse, Share
from subsidies.giving_back import goes_to_purse, kept_uses, lost_uses, was_never_used
from subsidies.rules.conditions import Facts
from tests.subsidies.trying import bangkok, scheme, somchai

TODAY = bangkok(11, 4, 0)
CAPS = [
    {"code": "day", "per": "day", "limit_satang": 200_00},
    {"code": "once", "counts": "payments", "per": "day", "limit": 1},
    {"code": "spend", "counts": "spend", "per": "day", "limit_satang": 1_000_00},
]
USES = (CapUse("day", TODAY, 49_50), CapUse("once", TODAY, 1), CapUse("spend", TODAY, 99_01))


def share(amount: int = 49_50, uses: tuple[CapUse, ...] = USES) -> Share:
    purse = somchai(scheme())
    return Share(purse.enrolment_id, purse.scheme_id, purse.version_id, amount, uses)


@pytest.mark.parametrize(
    ("kept", "share_kept", "expected"),
    [
        (99_01, 49_50, [49_50, 1, 99_01]),
        (66_01, 33_01, [33_01, 1, 66_01]),
        (1, 1, [1, 1, 1]),
        (0, 0, [0, 0, 0]),
    ],
)
def test_a_cap_on_the_states_money_follows_the_share_and_one_payment_is_one_until_all_is_back(
    kept: int, share_kept: int, expected: list[int]
):
    uses = kept_uses(scheme=scheme(caps=CAPS), share=share(), share_kept=share_kept, kept=kept, price=99_01)
    assert [use.amount for use in uses] == expected


def test_a_lost_right_gives_nothing_back_but_what_it_would_have_earned():
    assert lost_uses(scheme=scheme(caps=CAPS), uses=USES) == ()
    spend = scheme().document.spend
    earning = {
        "starts_at": spend.starts_at,
        "ends_at": spend.ends_at,
        "bands": [{"rate_bp": 1_000}],
        "at_most_satang": 500_00,
        "pays_at": [spend.ends_at],
    }
    earned = CapUse("earned", LIFETIME, 50_00)
    assert lost_uses(scheme=scheme(caps=CAPS, earning=earning), uses=(*USES, earned)) == (earned,)


def comes_back(of, *, used_at, at, uses=USES) -> bool:
    return goes_to_purse(scheme=of, enrolled_at=bangkok(10, 20), person={}, uses=uses, used_at=used_at, at=at)


def test_a_share_comes_back_into_the_purse_until_the_scheme_is_over():
    over = bangkok(2, 1, 0, year=2026)
    used_at = bangkok(1, 31, year=2026)
    assert comes_back(scheme(), used_at=used_at, at=over - timedelta(seconds=1))
    assert not comes_back(scheme(), used_at=used_at, at=over)


def test_a_share_comes_back_into_the_purse_until_ones_own_time_is_over():
    spend = {**scheme().document.spend.model_dump(exclude_none=True), "lasts_days": 30}
    of = scheme(spend=spend)
    over = bangkok(10, 20) + timedelta(days=30)
    assert comes_back(of, used_at=bangkok(11, 3), at=over - timedelta(seconds=1))
    assert not comes_back(of, used_at=bangkok(11, 3), at=over)


def test_what_was_used_before_a_purse_was_emptied_is_the_schemes_again():
    monthly = scheme(purse={"empties": "month"})
    assert comes_back(monthly, used_at=bangkok(11, 30, 23), at=bangkok(11, 30, 23, 59))
    assert not comes_back(monthly, used_at=bangkok(11, 30, 23), at=bangkok(12, 1, 0))
    assert comes_back(monthly, used_at=bangkok(12, 1, 0), at=bangkok(12, 2))


def test_what_would_have_lapsed_with_its_day_is_the_schemes_again():
    losing = scheme(caps=[{"code": "day", "per": "day", "limit_satang": 200_00, "unused": "lost"}])
    assert comes_back(losing, used_at=bangkok(11, 3), at=TODAY - timedelta(seconds=1))
    assert not comes_back(losing, used_at=bangkok(11, 3), at=TODAY)


def unused(of, *, at) -> bool:
    return was_never_used(scheme=of, enrolled_at=bangkok(10, 20), facts=Facts(at=at))


def test_a_right_is_unused_again_only_while_it_can_still_be_used_in_time():
    by = bangkok(11, 11, 23)
    assert not unused(scheme(), at=by)
    assert unused(scheme(first_use={"by": by}), at=by - timedelta(seconds=1))
    assert not unused(scheme(first_use={"by": by}), at=by)
    keeps = scheme(first_use={"by": by}, refunds={"keeps_first_use": True})
    assert not unused(keeps, at=by - timedelta(seconds=1))
