"""A document, said in plain words."""

import datetime as dt
import re
from typing import Any

import pytest

from subsidies.documents.facts import VOCABULARY, Kind
from subsidies.plain_words import SECTIONS, explain
from subsidies.plain_words.conditions import FLAGS, NAMES
from subsidies.rules.conditions import COMPARED, OF_TWO
from tests.subsidies.test_library import DOCUMENTS
from tests.subsidies.trying import bangkok, scheme

THAI = re.compile("[\u0e00-\u0e7f]")


def english(**sections: Any) -> list[str]:
    return [sentence.en for sentence in explain(scheme(**sections).document)]


def test_the_rules_of_khon_la_khrueng_plus_read_as_sentences():
    said = [sentence.en for sentence in explain(DOCUMENTS["khon-la-khrueng-plus"])]

    assert "The State pays 50% of the price." in said
    assert "The State pays at most 200 baht a day; a new day begins at 06:00." in said
    assert "Delivery: every day from 06:00 to 21:00, beginning on 7 November 2025 at 06:00." in said
    assert "Use it for the first time before 11 November 2025 at 23:00, or it is lost." in said
    assert "You get 2,400 baht if you are in the group “Tax filer”." in said
    assert "The shop gets the State's part (shops) 1 day after the sale, at 17:30." in said


def test_the_same_in_thai_with_the_thai_year():
    said = [sentence.th for sentence in explain(DOCUMENTS["khon-la-khrueng-plus"])]

    assert "รัฐจ่าย 50% ของราคา" in said
    assert "รัฐจ่ายไม่เกิน 200 บาท ต่อวัน เริ่มวันใหม่เวลา 06:00 น." in said
    assert "ต้องใช้ครั้งแรกก่อน 11 พฤศจิกายน 2568 เวลา 23:00 น. มิฉะนั้นสิทธิจะหมดไป" in said


@pytest.mark.parametrize("code", DOCUMENTS)
def test_every_document_of_the_library_is_said_in_both_languages_without_our_codes(code):
    for sentence in explain(DOCUMENTS[code]):
        assert sentence.section in SECTIONS
        assert THAI.search(sentence.th)
        assert not THAI.search(sentence.en)
        assert "_" not in sentence.th + sentence.en
        assert "None" not in sentence.th + sentence.en


def rate_if(**condition: Any) -> str:
    """Return what is said of a rate that holds on one condition."""
    said = english(funding={"rates": [{"rate_bp": 1, "when": [condition]}]})
    return next(sentence for sentence in said if sentence.startswith("The State pays 0.01% of the price if "))


def test_every_fact_has_its_words():
    assert set(NAMES) == set(VOCABULARY)
    assert set(FLAGS) == {name for name, fact in VOCABULARY.items() if fact.kind is Kind.FLAG}


@pytest.mark.parametrize("test", [*COMPARED, *OF_TWO])
def test_every_test_is_a_clause_of_its_fact(test):
    fact, value = "merchant.province", "a"
    if test in ("at_least", "at_most", "above", "below"):
        fact, value = "sale.nights", 7
    if test in ("has", "has_none_of"):
        fact = "merchant.accepted_schemes"
    if test in OF_TWO:
        value = "person.province"
    written = [value] if test in ("one_of", "none_of", "has_none_of") else value
    assert NAMES[fact][1] in rate_if(fact=fact, **{test: written})


@pytest.mark.parametrize(
    ("condition", "clause"),
    [
        ({"fact": "person.age", "at_least": 60}, "you are 60 or older"),
        (
            {"fact": "person.lists", "has": "card", "on": dt.date(2025, 6, 30)},
            "you are on the list “card” as of 30 June 2025",
        ),
        ({"fact": "person.was_enrolled_in", "has_none_of": ["a", "b"]}, "you have never been in a or b"),
        ({"fact": "person.is_student", "is": False}, "you are not a student"),
        ({"fact": "person.born_on", "below": dt.date(2010, 1, 1)}, "your date of birth is before 1 January 2010"),
        ({"fact": "merchant.class", "one_of": ["food", "otop", "hotel"]}, "the shop's kind is food, OTOP or hotels"),
        ({"fact": "sale.nights", "at_most": 3}, "the number of nights is at most 3"),
    ],
)
def test_a_condition_reads_as_a_clause(condition, clause):
    assert rate_if(**condition) == f"The State pays 0.01% of the price if {clause}."


def test_what_ends_at_midnight_ends_with_the_day_before():
    said = explain(DOCUMENTS["digital-wallet"])
    assert "It can be used from 1 December 2024 until the end of 31 May 2025." in [sentence.en for sentence in said]
    assert "ใช้ได้ตั้งแต่ 1 ธันวาคม 2567 ถึงสิ้นวันที่ 31 พฤษภาคม 2568" in [sentence.th for sentence in said]


def test_a_shop_is_not_named_twice_in_one_sentence():
    said = [sentence.en for sentence in explain(DOCUMENTS["khon-la-khrueng-plus"])]
    shops = [sentence for sentence in said if sentence.startswith("A shop can take part")]
    assert shops[1] == "A shop can take part if its kind is Blue Flag and it belongs to a cooperative."
    assert len(shops) == 5


def test_one_night_is_one_night():
    cap = {"code": "e", "counts": "fact", "fact": "sale.nights", "per": "sale", "limit": 1}
    assert "At most 1 night in one sale." in english(caps=[cap])


@pytest.mark.parametrize("code", DOCUMENTS)
def test_no_sentence_shows_how_the_document_is_written(code):
    for sentence in explain(DOCUMENTS[code]):
        # A colon stands only behind a channel or in a name; codes have hyphens between small letters.
        assert "  " not in sentence.th + sentence.en
        assert not re.search(r"until until|ถึง ถึง|if\.|หาก$", f"{sentence.en} {sentence.th}")
        assert not re.search(r"\b[a-z]+(?:-[a-z0-9]+){2,}\b", sentence.en), sentence.en


def test_limits_of_every_kind_are_said():
    caps = [
        {"code": "a", "per": "day", "limit_satang": 1_50, "unused": "carried"},
        {"code": "b", "per": "week", "limit_satang": 200_00, "unused": "lost"},
        {"code": "c", "counts": "spend", "per": "month", "limit_satang": 5_000_00},
        {"code": "d", "counts": "payments", "per": "day", "limit": 1},
        {"code": "e", "counts": "fact", "fact": "sale.nights", "per": "scheme", "limit": 15},
        {"code": "f", "counts": "quantity", "goods": ["milk"], "per": "month", "limit": 4},
        {"code": "g", "per": "sale", "limit_satang": 10_00, "times": "sale.covers"},
    ]

    said = english(caps=caps)

    assert said[said.index("The State pays 50% of the price.") + 1 :][:7] == [
        "The State pays at most 1.50 baht a day; what is not used adds to the next.",
        "The State pays at most 200 baht a week; what is not used is lost.",
        "At most 5,000 baht of spend counts a month.",
        "It can be used once at most a day.",
        "At most 15 nights in all.",
        "At most 4 units of milk a month.",
        "The State pays at most 10 baht in one sale, times the number of people who eat.",
    ]


def test_what_is_earned_bought_handed_over_and_paid_back_is_said():
    spend = scheme().document.spend
    until = {"starts_at": spend.starts_at, "ends_at": spend.ends_at}
    said = english(
        earning={
            **until,
            "per": "month",
            "steps": [{"at_least_satang": 100_00, "pays_satang": 10_00}],
            "over": {"fact": "person.base_spend_satang", "times_bp": 10_300},
            "at_most_satang": 50_00,
            "to": "cash",
            "wait_days": 15,
        },
        buy_in={"pays_satang": 1_000_00, "gets_satang": 3_000_00, "times": 2, "until": bangkok(12, 1)},
        funding={
            "bands": [{"up_to_satang": 100_00, "rate_bp": 5_000}, {"rate_bp": 2_000}],
            "own_at_least_satang": 20_00,
            "notes": [{"code": "n", "value_satang": 100_00, "count": 1, "at_least_satang": 250_00}],
            "notes_per_sale": 1,
            "rest_of_note": "kept",
        },
        eligibility=[
            {
                "code": "filer",
                "fact": "person.lists",
                "has": "tax-filers",
                "says": {"th": "สำหรับผู้ยื่นภาษี", "en": "For tax filers."},
                "appeal": {"th": "ขอทบทวนได้", "en": "You can ask for another look."},
                "appeal_until": bangkok(12, 1),
            }
        ],
        changes=[{"code": "moved", "fact": "person.province", "until": bangkok(12, 1)}],
        shortage={"right": "refuse"},
        words={"shop": {"th": "ตลาด", "en": "markets"}},
    )

    for sentence in (
        "From 100 baht on: You earn 10 baht.",
        "Only what is above 103% of your spend before the scheme counts.",
        "It is paid as your own money 15 days after the period is over.",
        "Pay 1,000 baht and get 3,000 baht, twice at most, before 1 December 2025 at 12:00.",
        "The State pays 50% of the first part up to 100 baht.",
        "The State pays 20% of the part above 100 baht.",
        "You always pay at least 20 baht yourself.",
        "1 note of 100 baht, one for each 250 baht of a sale.",
        "The rest of a note is kept for the next sale.",
        "For tax filers. You can ask for another look.",
        "Appeals are taken before 1 December 2025 at 12:00.",
        "You may change your registered province once, before 1 December 2025 at 12:00.",
        "When too little is left of the right, the sale is refused.",
        "Markets: every day from 06:00 to 23:00.",
    ):
        assert sentence in said
