"""Which lines of a bill are covered."""

import pytest

from subsidies.rules.bill import Bill
from subsidies.rules.goods import Goods, GoodsByChannel, GoodsNotAllowed


def bill():
    return Bill(categories=("food", "alcohol", "delivery_fee"), quantities=(1, 1, 1), unpaid=[100_00, 80_00, 30_00])


def test_a_list_of_denied_goods_covers_the_rest_and_a_list_of_allowed_goods_only_those():
    assert Goods(deny=frozenset({"alcohol"})).covered(bill()) == [100_00, 0, 30_00]
    assert Goods(allow=frozenset({"food"})).covered(bill()) == [100_00, 0, 0]


def test_a_bill_with_nothing_covered_is_refused_and_names_what_is_not():
    with pytest.raises(GoodsNotAllowed) as refused:
        Goods(allow=frozenset({"books"})).covered(bill())

    assert refused.value.facts == {"categories": ["alcohol", "delivery_fee", "food"]}


def test_a_strict_scheme_turns_the_whole_bill_away_for_one_line():
    with pytest.raises(GoodsNotAllowed) as refused:
        Goods(deny=frozenset({"alcohol"}), refuses_rest=True).covered(bill())

    assert refused.value.facts == {"categories": ["alcohol"]}


def test_each_channel_has_its_own_rule_and_a_channel_without_one_covers_all():
    rules = GoodsByChannel({"delivery": Goods(allow=frozenset({"food"}))})

    assert rules.covered(channel="delivery", bill=bill()) == [100_00, 0, 0]
    assert rules.covered(channel="shop", bill=bill()) == [100_00, 80_00, 30_00]


def test_of_allowed_goods_only_listed_articles_are_covered_and_never_those_that_are_denied():
    milk = Bill(categories=("milk", "milk", "eggs"), skus=("A1", "B2", ""), quantities=(1, 1, 1), unpaid=[50, 60, 70])

    assert Goods(allow=frozenset({"milk"}), allow_skus=frozenset({"A1"})).covered(milk) == [50, 0, 0]
    assert Goods(deny_skus=frozenset({"B2"})).covered(milk) == [50, 0, 70]
