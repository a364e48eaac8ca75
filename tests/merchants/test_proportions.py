"""However a price is cut into parts, each part is whole satang, and together they are the shares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchants.proportions import Parts, next_part, together
from wallet.refusals import InvariantBroken

AMOUNTS = st.integers(0, 400_00)


@st.composite
def prices_in_parts(draw: st.DrawFn, *, purses: st.SearchStrategy[int]) -> tuple[int, list[int], list[int]]:
    """Return a price, what each purse has in it, and the parts into which it is cut."""
    shares = [draw(AMOUNTS) for _ in range(draw(purses))]
    price = sum(shares) + draw(AMOUNTS.filter(lambda own: own > 0 or sum(shares) > 0))
    cuts = sorted(draw(st.sets(st.integers(1, price - 1), max_size=12))) if price > 1 else []
    return price, shares, [end - begin for begin, end in zip([0, *cuts], [*cuts, price], strict=True)]


def cut(price: int, shares: list[int], amounts: list[int]) -> list[Parts]:
    """Return what each part of a price is made of, one after another."""
    parts: list[Parts] = []
    for amount in amounts:
        gone = together(parts, purses=len(shares))
        parts.append(next_part(price=price, shares=shares, gone=gone, amount=amount))
    return parts


def test_three_parts_of_ninety_nine_baht_and_one_satang() -> None:
    parts = cut(99_01, [49_50], [33_00, 33_00, 33_01])
    assert parts == [Parts(16_51, (16_49,)), Parts(16_50, (16_50,)), Parts(16_50, (16_51,))]
    assert together(parts, purses=1) == Parts(49_51, (49_50,))


def test_one_satang_at_a_time() -> None:
    assert cut(4, [2], [1, 1, 1, 1]) == [Parts(1, (0,)), Parts(0, (1,)), Parts(1, (0,)), Parts(0, (1,))]


def test_two_purses_whose_satang_fall_due_together_take_nothing_back() -> None:
    # Both are due their first satang with the second one of the price; there is one, and the first purse gets it.
    assert cut(100, [50, 50], [1, 1, 98]) == [Parts(0, (1, 0)), Parts(0, (0, 1)), Parts(0, (49, 49))]


def test_the_own_part_never_gets_more_than_the_citizen_paid() -> None:
    assert cut(100_00, [33_33, 66_67], [50_00, 50_00]) == [Parts(0, (16_67, 33_33)), Parts(0, (16_66, 33_34))]


@given(prices_in_parts(purses=st.just(1)))
def test_one_purse_always_has_its_share_of_what_is_gone_rounded_down(case: tuple[int, list[int], list[int]]) -> None:
    price, shares, amounts = case
    gone = 0
    back = Parts(0, (0,))
    for amount, part in zip(amounts, cut(price, shares, amounts), strict=True):
        gone += amount
        back = together([back, part], purses=1)
        assert back.purses == (shares[0] * gone // price,)
        assert back.own == gone - back.state


@given(prices_in_parts(purses=st.integers(0, 4)))
def test_parts_are_never_negative_and_sum_to_the_shares(case: tuple[int, list[int], list[int]]) -> None:
    price, shares, amounts = case
    parts = cut(price, shares, amounts)
    assert [part.all for part in parts] == amounts
    assert all(satang >= 0 for part in parts for satang in (part.own, *part.purses))
    assert together(parts, purses=len(shares)) == Parts(price - sum(shares), tuple(shares))


@given(prices_in_parts(purses=st.integers(2, 4)))
def test_several_purses_are_never_further_from_their_share_than_their_number(
    case: tuple[int, list[int], list[int]],
) -> None:
    price, shares, amounts = case
    parts = cut(price, shares, amounts)
    for number in range(1, len(parts) + 1):
        back = together(parts[:number], purses=len(shares))
        for was, share in zip(back.purses, shares, strict=True):
            assert was <= share
            assert abs(was - share * back.all // price) < len(shares)


@pytest.mark.parametrize("amount", [0, -1, 51])
def test_more_than_is_left_or_nothing_is_no_part(amount: int) -> None:
    with pytest.raises(InvariantBroken):
        next_part(price=100, shares=[50], gone=Parts(25, (25,)), amount=amount)
