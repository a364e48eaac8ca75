"""Every refusal and reason of the first floor has its words."""

import string

import pytest

import config.api  # noqa: F401  every door and, with the tasks, every operation and its refusals
import subsidies.tasks  # noqa: F401  likewise
from subsidies.decision import Line, Sale, decide
from subsidies.words import REASONS, REFUSALS
from tests.subsidies.trying import bangkok, scheme, somchai
from wallet.refusals import Refusal, kinds

OURS = {kind.code for kind in kinds() if kind.__module__.startswith("subsidies.")}
NOON = bangkok(11, 3)
NOTE = {"code": "one", "value_satang": 1, "count": 1}


def placeholders(sentence: str) -> set[str]:
    return {
        name.removesuffix("_th").removesuffix("_en") for _, name, _, _ in string.Formatter().parse(sentence) if name
    }


def test_each_refusal_has_words_and_no_words_are_left_over():
    assert set(REFUSALS) == OURS


@pytest.mark.parametrize("words", [*REFUSALS.values(), *REASONS.values()], ids=[*REFUSALS, *REASONS])
def test_both_languages_say_the_same_facts(words):
    thai, english = words

    assert placeholders(thai) == placeholders(english)
    assert any("\u0e00" <= letter <= "\u0e7f" for letter in thai)
    assert not any("\u0e00" <= letter <= "\u0e7f" for letter in english)


@pytest.mark.parametrize(
    ("sections", "sale", "left"),
    [
        ({}, Sale(price=1), 1),
        ({}, Sale(price=100_00, channel="web"), 1),
        ({}, Sale(price=100_00), 0),
        ({"shortage": {"right": "refuse"}}, Sale(price=100_00), 1),
        ({"goods": [{"deny": ["alcohol"]}]}, Sale(price=80_00, lines=(Line("alcohol", 80_00),)), 1),
        ({"funding": {"rates": [{"rate_bp": 1}], "at_most_satang": 1}}, Sale(price=100_00), 1),
        ({"funding": {"steps": [{"at_least_satang": 5, "pays_satang": 1}]}}, Sale(price=1), 1),
        ({"first_use": {"within_days": 1}}, Sale(price=100_00), 1),
        ({"caps": [{"code": "day", "per": "day", "limit_satang": 0}]}, Sale(price=100_00), 1),
        ({"caps": [{"code": "n", "per": "week", "counts": "payments", "limit": 0}]}, Sale(price=100_00), 1),
        ({"caps": [{"code": "all", "per": "scheme", "limit_satang": 0}]}, Sale(price=100_00), 1),
        ({"caps": [{"code": "n", "per": "sale", "limit_satang": 1, "times": "sale.covers"}]}, Sale(price=1_00), 1),
        (
            {"funding": {"rates": [{"rate_bp": 1}], "notes": [{**NOTE, "at_least_satang": 1_00_00}]}},
            Sale(price=99_00),
            9,
        ),
        ({"funding": {"rates": [{"rate_bp": 5_000}], "own_at_least_satang": 1_00}}, Sale(price=1_00), 9),
    ],
)
def test_the_facts_of_a_refusal_fill_its_sentences(sections, sale, left):
    with pytest.raises(Refusal) as refused:
        decide(purses=[somchai(scheme(**sections), left=left)], sale=sale, at=NOON)

    for sentence in REFUSALS[refused.value.code]:
        assert "{" not in sentence.format_map(refused.value.facts)


def test_the_facts_of_a_reason_fill_its_sentences():
    bill = Sale(price=180_00, lines=(Line("food", 100_00), Line("alcohol", 80_00)), facts={"ends_on": "2025-11-09"})
    capped = {"goods": [{"deny": ["alcohol"]}], "caps": [{"code": "day", "per": "day", "limit_satang": 20_00}]}
    all_of_it = {"rates": [{"rate_bp": 10_000}]}
    note = {"code": "hundred", "value_satang": 100_00, "count": 20}
    month_end = {"on_days": [31], "at": NOON.time(), "after": "sale.ends_on"}
    spend = scheme().document.spend
    earning = {"starts_at": spend.starts_at, "ends_at": spend.ends_at, "at_most_satang": 1_00, "wait_days": 0}
    tried = [
        decide(purses=[], sale=bill, at=NOON),
        decide(purses=[somchai(scheme(**capped), left=10_00)], sale=bill, at=NOON),
        *(
            decide(purses=[somchai(scheme(**sections))], sale=bill, at=NOON)
            for sections in (
                {"funding": {"steps": [{"at_least_satang": 0, "pays_satang": 1_00}]}},
                {"funding": {**all_of_it, "own_at_least_satang": 30_00}},
                {"funding": {**all_of_it, "notes": [note]}, "goods": [{"allow": ["alcohol"]}]},
                {"funding": {**all_of_it, "pays_back": month_end}},
                {"earning": {**earning, "bands": [{"rate_bp": 100}]}},
            )
        ),
    ]

    reasons = [reason for split in tried for reason in split.reasons]
    assert {reason.code for reason in reasons} == set(REASONS)
    for reason in reasons:
        for sentence in REASONS[reason.code]:
            assert "{" not in sentence.format_map(reason.facts)
