"""Shops, found by how their name begins in either script, by their wallet number, or because they are stopped."""

from collections.abc import Callable
from typing import Any

import pytest

from merchants import finding, qr, suspensions
from tests.cast import NOON, STAGE_HAND, Stage, Stall

pytestmark = pytest.mark.django_db


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def prasert(stage: Stage, malee: Stall) -> Stall:
    """Prasert's stall, which joined after Malee's."""
    return stage.stall("prasert")


def names(**asked: Any) -> list[str]:
    return [each.shop.name for each in finding.shops(at_most=10, **asked)]


def test_the_newest_comes_first_and_a_page_goes_on_before_it(malee: Stall, prasert: Stall) -> None:
    assert names() == ["ร้าน prasert", "ร้าน malee"]
    assert names(before=prasert.merchant.id) == ["ร้าน malee"]


@pytest.mark.parametrize("words", ["ร้าน m", "Malee F", "malee"])
def test_a_name_is_found_by_how_it_begins(malee: Stall, prasert: Stall, words: str) -> None:
    assert names(words=words) == ["ร้าน malee"]


def test_what_stands_in_the_middle_of_a_name_or_is_a_pattern_finds_nothing(malee: Stall) -> None:
    assert names(words="food") == names(words="%") == names(words="m_lee") == []


def test_a_wallet_number_finds_its_shop_however_it_is_written(malee: Stall, prasert: Stall) -> None:
    number = qr.wallet_id_for(malee.merchant.wallet_number)
    assert names(words=number) == names(words=f"{number[:3]}-{number[3:5]} {number[5:]}") == ["ร้าน malee"]


def test_who_may_not_take_payments_says_why(malee: Stall, prasert: Stall) -> None:
    suspensions.suspend(merchant=malee.merchant, reason="cash for rights", actor=STAGE_HAND, at=NOON)
    (listed,) = finding.shops(suspended=True, at_most=10)
    assert listed.suspension is not None
    assert (listed.shop.name, listed.suspension.reason) == ("ร้าน malee", "cash for rights")
    suspensions.restore(merchant=malee.merchant, reason="another stall", actor=STAGE_HAND, at=NOON)
    assert names(suspended=True) == []


def test_three_shops_take_as_many_queries_as_one(stage: Stage, django_assert_num_queries: Callable[..., Any]) -> None:
    for name in ("malee", "prasert", "a neighbour"):
        stage.stall(name)
        with django_assert_num_queries(2):
            finding.shops(at_most=10)
