"""Who may enrol, and in which tier."""

import pytest

from subsidies.rules.conditions import Facts
from subsidies.rules.eligibility import Eligibility, NotEligible, NoTier
from subsidies.rules.requirements import Requirement
from tests.subsidies.trying import bangkok


def known(**person):
    return Facts(at=bangkok(10, 20), person=person)


RULE = Eligibility(
    requires=(
        Requirement(
            "thai", lambda facts: facts.person.get("nationality") == "TH", {"rule": "thai", "says_en": "Thai."}
        ),
        Requirement("adult", lambda facts: facts.person.get("age", 0) >= 16, {"rule": "adult", "says_en": "16."}),
    ),
    tiers=(("filer", lambda facts: "filer" in facts.person), ("old", lambda facts: facts.person["age"] >= 60)),
)


def test_the_first_tier_that_takes_somchai_is_his():
    assert RULE.tier(known(nationality="TH", age=61, filer=True)) == "filer"
    assert RULE.tier(known(nationality="TH", age=61)) == "old"


def test_nok_is_told_the_first_requirement_in_words_and_all_of_them_by_name():
    with pytest.raises(NotEligible) as refused:
        RULE.tier(known(age=12))

    assert refused.value.facts == {
        "rules": ["thai", "adult"],
        "rule": "thai",
        "says_en": "Thai.",
        "appeal": False,
        "appeal_until_at": None,
    }


def test_a_rule_that_was_lifted_for_nok_refuses_her_no_more_and_the_others_still_do():
    assert RULE.tier(known(age=61), waived=["thai"]) == "old"
    with pytest.raises(NotEligible) as refused:
        RULE.tier(known(age=12), waived=["thai"])
    assert refused.value.facts["rules"] == ["adult"]


def test_nobody_slips_into_a_tier_that_is_not_theirs():
    with pytest.raises(NoTier):
        RULE.tier(known(nationality="TH", age=30))
