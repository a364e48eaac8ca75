"""What holds of every decision, whatever is bought, whenever, and under whichever rules."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from subsidies.decision import LIFETIME, Line, Purse, Sale, decide
from subsidies.examples import after
from tests.subsidies.trying import bangkok, scheme, somchai
from wallet.refusals import Refusal

prices = st.integers(min_value=1, max_value=2_000_00)
rates = st.integers(min_value=1, max_value=10_000)
# Around two month ends and a year end, at any second, so that resets at midnight and at 06:00 are crossed.
instants = st.integers(min_value=0, max_value=45 * 86_400).map(
    lambda seconds: bangkok(11, 20) + timedelta(seconds=seconds)
)

CAPS: list[dict[str, Any]] = [
    {"code": "bill", "per": "sale", "limit_satang": 90_00},
    {"code": "day", "per": "day", "resets": bangkok(1, 1, 13).time(), "limit_satang": 150_00},
    {"code": "week", "per": "week", "limit_satang": 400_00},
    {"code": "month", "per": "month", "limit_satang": 700_00},
    {"code": "times", "counts": "payments", "per": "day", "limit": 3},
    {"code": "spend", "counts": "spend", "per": "month", "limit_satang": 1_200_00},
    {"code": "all", "per": "scheme", "limit_satang": 1_500_00},
]
LIMITS: dict[str, int] = {cap["code"]: cap.get("limit_satang", cap.get("limit", 0)) for cap in CAPS}
VERSIONS = [scheme(caps=CAPS), scheme(caps=CAPS, funding={"rates": [{"rate_bp": 8_000}]})]


def _bill(draw: Any, price: int) -> tuple[Line, ...]:
    cut = draw(st.integers(min_value=0, max_value=price))
    categories = st.sampled_from(["food", "general", "alcohol"])
    return Line(draw(categories), cut), Line(draw(categories), price - cut)


@given(data=st.data(), price=prices, several=st.lists(rates, min_size=1, max_size=3))
def test_shares_sum_to_the_price_and_no_scheme_pays_above_its_rate_of_what_it_covers(data, price, several):
    goods = [{"deny": ["alcohol"]}]
    purses = [
        somchai(
            scheme(goods=goods, funding={"rates": [{"rate_bp": rate_bp}], "combines": True}),
            number=number,
            left=data.draw(st.integers(min_value=0, max_value=500_00)),
        )
        for number, rate_bp in enumerate(several)
    ]
    lines = _bill(data.draw, price)
    covered = sum(line.amount for line in lines if line.category != "alcohol")
    try:
        split = decide(purses=purses, sale=Sale(price=price, lines=lines), at=bangkok(11, 3))
    except Refusal:
        return

    paid = {share.enrolment_id.int: share.amount for share in split.shares}
    assert split.citizen + sum(paid.values()) == price
    assert split.citizen >= price - covered
    for number, amount in paid.items():
        assert 0 < amount <= min(covered * several[number] // 10_000, purses[number].left)


@given(sales=st.lists(st.tuples(instants, prices, st.integers(0, 1)), max_size=60))
def test_no_cap_is_ever_passed_over_any_days_months_and_versions(sales):
    purse = somchai(VERSIONS[0], left=5_000_00)
    counted: dict[tuple[str, datetime], int] = {}
    for at, price, version in sorted(sales):
        purse = _under(VERSIONS[version], purse)
        try:
            share = decide(purses=[purse], sale=Sale(price=price), at=at).shares[0]
        except Refusal:
            continue
        assert share.amount <= LIMITS["bill"]
        for use in share.uses:
            assert at < use.ends_at
            counted[use.cap, use.ends_at] = counted.get((use.cap, use.ends_at), 0) + use.amount
        purse = after(purse, share, at=at)

    assert counted == purse.used
    assert all(amount <= LIMITS[cap] for (cap, _), amount in counted.items())
    assert counted.get(("all", LIFETIME), 0) == 5_000_00 - purse.left


@given(price=prices, more=st.integers(min_value=0, max_value=500_00), used=st.integers(min_value=0, max_value=150_00))
def test_a_larger_price_never_gets_less_from_the_state(price, more, used):
    purse = somchai(
        scheme(caps=[{"code": "day", "per": "day", "limit_satang": 150_00}]), used={("day", bangkok(11, 4, 0)): used}
    )

    assert _state(purse, price) <= _state(purse, price + more)


@given(price=prices, before=prices, at=instants)
def test_a_payment_given_back_within_its_periods_leaves_no_trace_in_the_caps(price, before, at):
    purse = somchai(VERSIONS[0], left=5_000_00)
    try:
        purse = after(purse, decide(purses=[purse], sale=Sale(price=before), at=at).shares[0], at=at)
        first = decide(purses=[purse], sale=Sale(price=price), at=at).shares[0]
    except Refusal:
        return
    paid = after(purse, first, at=at)
    used = dict(paid.used)
    for use in first.uses:
        used[use.cap, use.ends_at] -= use.amount
    given_back = somchai(VERSIONS[0], left=paid.left + first.amount, used=used)

    again = decide(purses=[given_back], sale=Sale(price=price), at=at).shares[0]

    assert (again.amount, again.uses) == (first.amount, first.uses)


def _under(version: Any, purse: Purse) -> Purse:
    return somchai(version, left=purse.left, used=purse.used, first_used_at=purse.first_used_at)


def _state(purse: Purse, price: int) -> int:
    try:
        return decide(purses=[purse], sale=Sale(price=price), at=bangkok(11, 3)).state
    except Refusal:
        return 0
