"""A document, said in plain words."""

import re
from typing import Any

import pytest

from subsidies.documents.facts import VOCABULARY
from subsidies.plain_words import SECTIONS, explain
from subsidies.plain_words.conditions import NAMES
from subsidies.rules.conditions import COMPARED, OF_TWO
from tests.subsidies.test_library import DOCUMENTS
from tests.subsidies.trying import bangkok, scheme

THAI = re.compile("[\u0e00-\u0e7f]")


def english(**sections: Any) -> list[str]:
    return [sentence.en for sentence in explain(scheme(**sections).document)]


def test_the_rules_of_khon_la_khrueng_plus_read_as_sentences():
    said = [sentence.en for sentence in explain(DOCUMENTS["khon-la-khrueng-plus"])]

    assert "The State pays 50% of the price." in said
    assert "The State pays at most 200 baht a day; it begins anew at 06:00." in said
    assert "Delivery: from 06:00 to 21:00, from 7 November 2025 at 06:00." in said
    assert "Use it for the first time before 11 November 2025 at 23:00, or it is lost." in said
    assert "You get 2,400 baht (your group: Tax filer)." in said
    assert "The State's part (shops) comes to the shop 1 day after the sale, at 17:30." in said


def test_the_same_in_thai_with_the_thai_year():
    said = [sentence.th for sentence in explain(DOCUMENTS["khon-la-khrueng-plus"])]

    assert "รัฐจ่าย 50% ของราคา" in said
    assert "รัฐจ่ายไม่เกิน 200 บาท ต่อวัน เริ่มใหม่เวลา 06:00 น." in said
    assert "ต้องใช้ครั้งแรกก่อน 11 พฤศจิกายน 2568 เวลา 23:00 น. มิฉะนั้นสิทธิจะหมดไป" in said


@pytest.mark.parametrize("code", DOCUMENTS)
def test_every_document_of_the_library_is_said_in_both_languages_without_our_codes(code):
    for sentence in explain(DOCUMENTS[code]):
        assert sentence.section in SECTIONS
        assert THAI.search(sentence.th)
        assert not THAI.search(sentence.en)
        assert "_" not in sentence.th + sentence.en
        assert "None" not in sentence.th + sentence.en


def test_every_fact_and_every_test_has_its_words():
    assert set(NAMES) == set(VOCABULARY)
    for test in (*COMPARED, *OF_TWO):
        value: Any = {"one_of": ["a"], "none_of": ["a"], "has_none_of": ["a"]}.get(test, "a")
        fact, other = "merchant.province", "person.province"
        if test in ("at_least", "at_most", "above", "below"):
            fact, value = "person.age", 7
        if test in ("has", "has_none_of"):
            fact = "person.lists"
        rate = {"rate_bp": 1, "when": [{"fact": fact, test: other if test in OF_TWO else value}]}
        assert any(NAMES[fact][1] in said for said in english(funding={"rates": [rate]}))


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
        "At most 4 of milk a month.",
        "The State pays at most 10 baht in one sale, times people who eat.",
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
        "It is paid as your own money 15 days after that.",
        "Pay 1,000 baht and get 3,000 baht, twice at most, before 1 December 2025 at 12:00.",
        "The State pays 50% of the first part up to 100 baht.",
        "The State pays 20% of the part above 100 baht.",
        "At least 20 baht is always yours to pay.",
        "1 note of 100 baht, one for each 250 baht of a sale.",
        "The rest of a note is kept for the next sale.",
        "For tax filers. You can ask for another look.",
        "Appeals are taken before 1 December 2025 at 12:00.",
        "You may change your registered province once, before 1 December 2025 at 12:00.",
        "When too little is left of the right, the sale is refused.",
        "Markets: from 06:00 to 23:00.",
    ):
        assert sentence in said
