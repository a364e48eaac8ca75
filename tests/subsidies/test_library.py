"""Every scheme of the library answers its own examples, and its examples ask about every rule."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from subsidies import examples
from subsidies.documents import Document, read
from subsidies.documents.examples import (
    ChangeExample,
    DaysExample,
    DueExample,
    GrantExample,
    LeftExample,
    PaymentExample,
)

LIBRARY: Final = Path(__file__).parents[2] / "subsidies" / "library"
PLUS: Final = LIBRARY / "khon-la-khrueng-plus.toml"
DOCUMENTS: Final = {path.stem: read(path.read_text(encoding="utf-8")) for path in sorted(LIBRARY.glob("*.toml"))}

# Rows of the register of published examples that are no rule of a scheme, and why.
NOT_RULES: Final = {
    "15": "a total of a day: totals are made of payments and are footed by the reports",
    "24": "goods for 100, scanned as 300: found by looking at shops, not by one sale's rules",
    "25": "a court's order against one shop: a debt of a merchant, no rule of a scheme",
}
RULE_ROWS: Final = [
    *["1", "2", "3", "4", "5", "6", "7", "8", "11", "12", "13", "14", "16", "17", "18", "19", "21", "23", "25a"],
    *["34", "35", "36", "37", "40"],
    *["41", "42", "43", "44", "45", "46", "47", "48", "49", "50"],
    *["57", "58", "60", "61", "64", "67", "68", "69", "70", "98", "99", "100", "101", "102", "104"],
]

ASKED_FOR: Final = {
    "khon-la-khrueng-1",
    "khon-la-khrueng-2",
    "khon-la-khrueng-3",
    "khon-la-khrueng-4",
    "khon-la-khrueng-5",
    "khon-la-khrueng-plus",
    "ying-chai-ying-dai",
    "we-travel-together-1",
    "tiew-thai-khon-la-khrueng",
    "rao-chana",
    "m33-rao-rak-kan",
    "state-welfare-card",
    "digital-wallet",
    "chim-shop-chai",
    "eat-out-to-help-out",
    "cdc-vouchers-supermarket",
    "e-rupi-2021",
    "korea-relief-2020",
    "wic-food",
}


@pytest.mark.parametrize("code", DOCUMENTS)
def test_a_scheme_of_the_library_answers_its_own_examples(code):
    assert [answer for answer in examples.run(DOCUMENTS[code]) if not answer.is_right] == []
    assert DOCUMENTS[code].scheme.code == code


def test_the_library_has_every_programme_that_it_promises_and_more_than_a_hundred_examples():
    assert set(DOCUMENTS) >= ASKED_FOR
    assert sum(len(document.examples) for document in DOCUMENTS.values()) >= 110


def test_every_published_row_that_is_a_rule_is_asked_with_its_source():
    rowed = [example for document in DOCUMENTS.values() for example in document.examples if example.row is not None]

    assert {row for example in rowed for row in rows_of(example.row or "")} == set(RULE_ROWS)
    assert not set(RULE_ROWS) & set(NOT_RULES)
    assert [example.name for example in rowed if example.source is None] == []


@pytest.mark.parametrize("code", DOCUMENTS)
def test_each_cap_window_and_refusal_of_a_document_has_an_example(code):
    document = DOCUMENTS[code]

    assert sorted(set(wanted(document)) - asked(document)) == []


def rows_of(row: int | str) -> list[str]:
    """Return the rows that "41-43" names."""
    first, _, last = str(row).partition("-")
    return [str(number) for number in range(int(first), int(last) + 1)] if last else [first]


def wanted(document: Document) -> Iterator[str]:
    """Yield what could be refused under this document, as a refusal's code or as the name of the rule.

    What each channel, change or part of a payment has of its own is named with it.
    """
    yield from windows(document)
    requirements = [*document.eligibility, *document.merchants.requires, *document.spend.requires]
    yield from (requirement.code for requirement in requirements)
    yield from (cap.code for cap in document.caps)
    yield from (cap.code for cap in (document.earning.caps if document.earning else ()))
    if document.merchants.kinds:
        yield "kinds"
    if document.goods:
        yield "goods_not_allowed"
    if document.first_use:
        yield "first_use_missed"
    if document.funding.at_most_satang is not None:
        yield "price_too_large"
    if document.registration and document.registration.rota:
        yield "not_your_day"
    if document.funding.notes or document.grants:
        yield "right_used_up"


def windows(document: Document) -> Iterator[str]:
    """Yield what is possible for a time only: to enrol, to change, to spend on each channel, and for shops to wait."""
    yield from ("scheme_not_started", "scheme_ended") if not document.spend.stay else ("scheme_ended",)
    yield "channel_not_allowed"
    if document.registration:
        yield from ("registration_not_open", "registration_closed")
    for row in document.spend.hours:
        if row.opens != row.closes or row.weekdays:
            yield from (f"outside_hours on {channel}" for channel in row.channels)
    for change in document.changes:
        yield from (f"change_over of {change.code}", f"change_used_up of {change.code}")
    for due in document.settlement:
        yield from (f"{due.part} on {channel}" for channel in due.channels)


def asked(document: Document) -> set[str]:
    """Return what the examples expect to be refused or cut."""
    told: set[str | None] = set()
    cut = {cap.code for cap in document.caps if cap.counts == "state"}
    for example in document.examples:
        match example:
            case PaymentExample():
                told |= {value for payment in example.payments for value in (payment.refused, payment.rule)}
                told |= {f"{payment.refused} on {payment.channel}" for payment in example.payments}
                # One cap on the State's money: it must be the one that was reached.
                if len(cut) == 1 and any("cap_reached" in (payment.reasons or ()) for payment in example.payments):
                    told |= cut
            case GrantExample():
                told |= {example.refused, example.rule}
            case ChangeExample():
                told.add(f"{example.refused} of {example.change}")
            case DueExample():
                told.add(f"{example.part} on {example.channel}")
            case DaysExample():
                told.add(example.then_refused)
            case LeftExample() if not example.in_all_satang:
                told.add("scheme_ended")
    return {code for code in told if code is not None}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("price_satang = 400_00, state_satang = 200_00", "price_satang = 400_00, state_satang = 200_01"),
        ("citizen_satang = 49_51", "citizen_satang = 49_50"),
        ('refused = "first_use_missed"', 'refused = "scheme_ended"'),
        ("opens_at = 2025-11-05T06:00:00+07:00", "opens_at = 2025-11-05T00:00:00+07:00"),
        ('reasons = ["rate_of_price", "cap_reached"]', 'reasons = ["rate_of_price"]'),
        ("left_satang = 1_950_00", "left_satang = 1_950_01"),
        ('then_refused = "right_used_up"', 'then_refused = "daily_right_used_up"'),
        ("200_00, 200_00]\nthen", "200_00]\nthen"),
        ("due_at = 2025-10-30T02:00:00+07:00", "due_at = 2025-10-30T02:00:01+07:00"),
        ('rule = "thai_national"', 'rule = "sixteen_or_older"'),
        ("amount_satang = 2_400_00\n\n[[examples]]", "amount_satang = 2_000_00\n\n[[examples]]"),
        ("today_satang = 50_00", "today_satang = 50_01"),
    ],
)
def test_a_wrong_expectation_never_passes_as_right(right, wrong):
    assert wrong_answers(PLUS, right, wrong) == 1


@pytest.mark.parametrize(
    ("code", "right", "wrong"),
    [
        ("cdc-vouchers-supermarket", "lost_satang = 1_00", "lost_satang = 0"),
        ("ying-chai-ying-dai", "counted_satang = 2_000_00", "counted_satang = 3_000_00"),
        ("ying-chai-ying-dai", "earned_satang = 4_900_00", "earned_satang = 6_900_00"),
        ("ying-chai-ying-dai", "paid_at = 2021-11-07T06:00:00+07:00", "paid_at = 2021-10-07T06:00:00+07:00"),
        ("ying-chai-ying-dai", 'refused = "change_over"', 'refused = "change_used_up"'),
        ("we-travel-together-flight", "later_satang = 1_200_00", "later_satang = 1_200_01"),
        ("we-travel-together-flight", "later_at = 2020-10-15T10:00:00", "later_at = 2020-10-30T10:00:00"),
        ("state-welfare-card", "left_satang = 300_00 },\n]", "left_satang = 480_00 },\n]"),
        ("korea-relief-2020", "opens_at = 2020-05-12T00:00:00", "opens_at = 2020-05-13T00:00:00"),
        ("chim-shop-chai-3", 'pool = "seniors"', 'pool = "juniors"'),
        ("wic-food", 'rule = "eggs"', 'rule = "cereal"'),
    ],
)
def test_a_wrong_expectation_of_another_kind_never_passes_either(code, right, wrong):
    assert wrong_answers(LIBRARY / f"{code}.toml", right, wrong) == 1


def wrong_answers(path: Path, right: str, wrong: str) -> int:
    """Return how many answers are wrong once the document expects something else."""
    text = path.read_text(encoding="utf-8")
    assert right in text
    return [answer.is_right for answer in examples.run(read(text.replace(right, wrong, 1)))].count(False)
