"""What holds under every document: those of the library, and those that nobody wrote."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidies.compiled import Scheme, compile_scheme
from subsidies.decision import Line, Purse, Sale, Share, Split, decide
from subsidies.examples import after
from subsidies.rules.conditions import Facts
from tests.subsidies.test_library import DOCUMENTS
from tests.subsidies.trying import bangkok, scheme, somchai
from tests.subsidies.writing import GOODS, documents, versions
from wallet.money import WHOLE_BP
from wallet.refusals import Refusal

LIBRARY = {code: compile_scheme(document) for code, document in DOCUMENTS.items()}

prices = st.one_of(st.sampled_from([1, 99_01, 100_00, 333_33, 600_00]), st.integers(min_value=10_00, max_value=600_00))
balances = st.one_of(st.sampled_from([0, 30_00, 3_000_00]), st.integers(min_value=0, max_value=900_00))
# Around two month ends and a year end, at any second, so that resets at midnight and at 06:00 are crossed.
instants = st.integers(min_value=0, max_value=45 * 86_400).map(
    lambda seconds: bangkok(11, 20) + timedelta(seconds=seconds)
)
# Hours when the shop is open, for what is not about hours.
noons = st.integers(min_value=0, max_value=45).map(lambda days: bangkok(11, 20) + timedelta(days=days))


@st.composite
def sales(draw: Any, goods: list[str] = GOODS) -> Sale:
    """Return a bill of one or two lines."""
    price = draw(prices)
    cut = draw(st.integers(min_value=0, max_value=price))
    lines = [
        Line(draw(st.sampled_from(goods)), amount, quantity=draw(st.integers(1, 3)))
        for amount in (cut, price - cut)
        if amount
    ]
    return Sale(price=price, lines=tuple(lines))


def tried(purses: list[Purse], sale: Sale, at: datetime) -> Split | None:
    try:
        return decide(purses=purses, sale=sale, at=at)
    except Refusal:
        return None


@given(several=st.lists(documents(), min_size=1, max_size=3), sale=sales(), at=noons, left=balances)
def test_shares_sum_to_the_price_and_no_purse_gives_more_than_it_has(several, sale, at, left):
    purses = [somchai(of, number=number, left=left) for number, of in enumerate(several)]
    split = tried(purses, sale, at)
    if split is None:
        return

    assert split.citizen + sum(share.amount for share in split.shares) == sale.price
    assert split.citizen >= 0
    for share in split.shares:
        assert min(share.amount, share.lost, share.later, share.counted) >= 0
        assert share.taken <= left
        assert share.amount or share.later or share.counted


@given(of=documents(), sale=sales(), at=noons, left=balances)
def test_the_state_pays_no_more_than_the_rule_says_before_any_limit(of, sale, at, left):
    split = tried([somchai(of, left=left)], sale, at)
    if split is None:
        return

    (share,) = split.shares
    unit = of.rounding.unit
    assert of.funding is not None
    covered = sum(line.amount for line in sale.lines if _is_covered(of, line))
    assert share.amount + share.later <= _most(of, covered, at) // WHOLE_BP + unit
    assert share.amount + share.later <= max(0, covered - of.own_at_least)


def _is_covered(of: Scheme, line: Line) -> bool:
    rule = of.goods.rules.get("shop")
    return rule is None or (line.category not in rule.deny if rule.allow is None else line.category in rule.allow)


def _most(of: Scheme, covered: int, at: datetime) -> int:
    """Return the most that the rule gives for any part of what is covered: caps on spend make the part smaller."""
    section = of.document.funding
    if section.steps is not None:
        return max(step.pays_satang for step in section.steps) * WHOLE_BP
    if of.funding is None:
        return 0
    return of.funding.exact(covered, Facts(at=at, tier="general"))


@given(
    two=versions(),
    bought=st.lists(st.tuples(st.one_of(noons, instants), sales(), st.booleans()), min_size=5, max_size=25),
)
def test_no_cap_is_ever_passed_over_midnights_month_ends_and_a_change_of_version(two, bought):
    purse = somchai(two[0], left=5_000_00)
    # Counted here from what was paid, and not from what the decision says that it used.
    paid: dict[tuple[str, datetime], list[tuple[int, int]]] = {}
    for at, sale, second in sorted(bought, key=lambda one: one[0]):
        purse = replace(purse, scheme=two[second])
        split = tried([purse], sale, at)
        if split is None:
            continue
        (share,) = split.shares
        purse = after(purse, share, at=at)
        for key in purse.scheme.periods_at(at):
            paid.setdefault(key, []).append((share.amount, _spend_at_least(share.amount, purse.scheme)))

    for cap in (*two[0].caps.state, *two[0].caps.counted):
        for (code, ends_at), payments in paid.items():
            if code == cap.code:
                total = sum(amount for amount, _ in payments)
                spend = sum(least for _, least in payments)
                counted = {"state": total, "spend": spend, "payments": len(payments)}[cap.counts]
                assert counted <= cap.limit
                assert purse.used[code, ends_at] >= counted
                if cap.counts != "spend":
                    assert purse.used[code, ends_at] == counted
    assert purse.left == 5_000_00 - sum(share for key in _longest(paid) for share, _ in paid[key])


def _spend_at_least(share: int, of: Scheme) -> int:
    """Return the least price that gives this share: so much at least was counted."""
    rate = (of.document.funding.rates or [])[0]
    return -(-share * WHOLE_BP // rate.rate_bp)


def _longest(paid: dict[tuple[str, datetime], list[tuple[int, int]]]) -> list[tuple[str, datetime]]:
    """Return the keys of one cap, whose periods together hold every payment."""
    codes = sorted({code for code, _ in paid})
    return [key for key in paid if key[0] == codes[0]] if codes else []


@given(of=documents(), first=sales(), sale=sales(), at=noons)
def test_a_payment_that_is_given_back_and_made_again_is_as_if_it_had_not_been_given_back(of, first, sale, at):
    purse = somchai(of, left=5_000_00)
    split = tried([purse], first, at)
    purse = after(purse, split.shares[0], at=at) if split else purse
    paid = tried([purse], sale, at)
    if paid is None:
        return
    (share,) = paid.shares

    again = decide(purses=[given_back(after(purse, share, at=at), share)], sale=sale, at=at)

    assert (again.citizen, again.shares, again.reasons) == (paid.citizen, paid.shares, paid.reasons)


@given(of=documents(), bought=st.lists(sales(), min_size=1, max_size=6), which=st.integers(0, 5), at=noons)
def test_a_payment_that_is_given_back_late_and_made_again_leaves_the_caps_as_they_were(of, bought, which, at):
    purse = somchai(of, left=5_000_00)
    paid: list[tuple[Sale, Share]] = []
    for sale in bought:
        split = tried([purse], sale, at)
        if split is not None:
            paid.append((sale, split.shares[0]))
            purse = after(purse, split.shares[0], at=at)
    if not paid:
        return
    sale, share = paid[which % len(paid)]

    refunded = given_back(purse, share)
    again = decide(purses=[refunded], sale=sale, at=at).shares[0]

    assert again.uses == share.uses
    assert after(refunded, again, at=at) == purse


def given_back(purse: Purse, share: Share) -> Purse:
    """Return the purse after a refund in full: the money, and each use in the period that it was counted in."""
    used = dict(purse.used)
    for use in share.uses:
        used[use.cap, use.ends_at] -= use.amount
    return replace(purse, left=purse.left + share.taken, used=used)


@given(
    price=prices, more=st.integers(1, 300_00), rate=st.integers(1, 10_000), limit=st.integers(0, 200_00), used=prices
)
def test_for_a_plain_co_pay_a_higher_price_never_gets_less(price, more, rate, limit, used):
    caps = [{"code": "day", "per": "day", "limit_satang": limit}]
    purse = somchai(scheme(funding={"rates": [{"rate_bp": rate}]}, caps=caps), used={("day", bangkok(11, 4, 0)): used})
    at = bangkok(11, 3)

    smaller, larger = (tried([purse], Sale(price=amount), at) for amount in (price, price + more))

    assert (smaller.state if smaller else 0) <= (larger.state if larger else 0)


# Thirty-four schemes with eight sales in each example: thirty examples are eight thousand sales. On a machine that
# others use too, one example may take long.
@pytest.mark.parametrize("code", LIBRARY)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_promises_hold_for_every_scheme_of_the_library(code, data):
    of = LIBRARY[code]
    begins, ends = of.windows.starts_at, of.windows.ends_at
    seconds = st.integers(0, int((ends - begins).total_seconds()) - 1)
    purse = _somebody(of)
    assumed = of.document.examples_assume
    channels = sorted({channel for row in of.document.spend.hours for channel in row.channels})
    counted: dict[tuple[str, datetime], int] = {}
    for at in sorted(begins + timedelta(seconds=data.draw(seconds)) for _ in range(8)):
        price = data.draw(st.integers(1, 9_000_00))
        category = data.draw(st.sampled_from(["general", "food", *_allowed(of)]))
        sale = Sale(
            price=price,
            channel=data.draw(st.sampled_from(channels)),
            lines=(Line(category, price, quantity=data.draw(st.integers(1, 3)), sku=_sku(of)),),
            merchant=assumed.merchant,
            facts=assumed.sale,
        )
        split = tried([purse], sale, at)
        if split is None:
            continue
        (share,) = split.shares
        assert split.citizen + share.amount == price
        assert (
            (share.amount + share.later) * WHOLE_BP
            <= price * max(rate.rate_bp for rate in of.document.funding.rates or ())
            if share.amount or share.later
            else share.counted
        )
        assert decide(purses=[given_back(after(purse, share, at=at), share)], sale=sale, at=at).shares == (share,)
        purse = after(purse, share, at=at)
        for use in share.uses:
            counted[use.cap, use.ends_at] = counted.get((use.cap, use.ends_at), 0) + use.amount
        for cap in (*of.caps.state, *of.caps.counted):
            ends_at = cap.ends_at(at)
            if ends_at is not None:
                facts = Facts(at, purse.tier, purse.person, sale.merchant, sale.facts, sale.channel)
                assert counted.get((cap.code, ends_at), 0) <= cap.limit_at(facts)


def _somebody(of: Scheme) -> Purse:
    assumed = of.document.examples_assume
    return replace(
        somchai(of, left=20_000_00),
        tier=of.document.tiers[0].code,
        person=assumed.person,
        enrolled_at=assumed.enrolled_at or of.windows.starts_at,
        first_used_at=assumed.first_used_at,
    )


def _allowed(of: Scheme) -> list[str]:
    return [category for row in of.document.goods for category in row.allow or ()]


def _sku(of: Scheme) -> str:
    return next((sku for row in of.document.goods for sku in row.allow_skus or ()), "")
