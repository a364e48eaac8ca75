"""Which shops are let in."""

import pytest

from subsidies.rules.conditions import Facts
from subsidies.rules.merchants import MerchantNotEligible, Merchants
from subsidies.rules.requirements import Requirement
from tests.subsidies.trying import bangkok

RULE = Merchants(
    requires=(
        Requirement("open", lambda facts: facts.merchant.get("open", False), {"rule": "open", "says_en": "Open."}),
    ),
    kinds=(lambda facts: facts.merchant.get("class") == "food", lambda facts: facts.merchant.get("class") == "otop"),
    kinds_say={"says_en": "Food or OTOP."},
)


def shop(**merchant):
    return Facts(at=bangkok(11, 3), merchant=merchant)


def test_malee_meets_the_requirement_and_is_of_one_of_the_kinds():
    RULE.must_accept(shop(open=True, **{"class": "otop"}))


def test_prasert_is_told_the_requirement_that_he_does_not_meet():
    with pytest.raises(MerchantNotEligible) as refused:
        RULE.must_accept(shop(**{"class": "food"}))
    assert refused.value.facts == {"rule": "open", "says_en": "Open."}

    with pytest.raises(MerchantNotEligible) as refused:
        RULE.must_accept(shop(open=True, **{"class": "hotel"}))
    assert refused.value.facts == {"rule": "kinds", "says_en": "Food or OTOP."}


def test_a_scheme_without_rules_for_shops_lets_all_in():
    Merchants().must_accept(shop())
