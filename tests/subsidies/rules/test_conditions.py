"""Conditions on facts."""

from datetime import date

import pytest

from subsidies.rules.calendar import Calendar
from subsidies.rules.conditions import Facts, all_of, compile_condition
from tests.subsidies.trying import bangkok

BANGKOK = Calendar(zone="Asia/Bangkok", holidays=[date(2025, 12, 10)])
SOMCHAI = Facts(
    at=bangkok(12, 10),
    tier="general",
    person={"nationality": "TH", "born_on": "2009-10-21", "province": "Nan", "lists": ["a", "b"], "income_satang": 5},
    merchant={"province": "Nan", "class": "food"},
    sale={"covers": 2, "is_face_to_face": True},
    channel="shop",
)


def holds(fact, test, value, facts=SOMCHAI, **more):
    return compile_condition(fact=fact, test=test, value=value, calendar=BANGKOK, **more)(facts)


@pytest.mark.parametrize(
    ("fact", "test", "value", "other"),
    [
        ("tier", "is", "general", "tax_filer"),
        ("person.nationality", "is", "TH", "MM"),
        ("person.nationality", "is_not", "MM", "TH"),
        ("merchant.class", "one_of", ["food", "otop"], ["otop"]),
        ("merchant.class", "none_of", ["otop"], ["food", "otop"]),
        ("person.income_satang", "at_least", 5, 6),
        ("person.income_satang", "at_most", 5, 4),
        ("person.income_satang", "above", 4, 5),
        ("person.income_satang", "below", 6, 5),
        ("person.lists", "has", "a", "c"),
        ("person.lists", "has_none_of", ["c"], ["c", "b"]),
        ("person.province", "same_as", "merchant.province", "merchant.class"),
        ("person.province", "differs_from", "merchant.class", "merchant.province"),
        ("person.birth_year_digit", "is", 9, 0),
        ("person.born_on", "at_most", date(2009, 10, 21), date(2009, 10, 20)),
        ("sale.channel", "is", "shop", "delivery"),
        ("sale.covers", "is", 2, 3),
        ("sale.is_face_to_face", "is", True, False),
        ("at.weekday", "is", "wed", "thu"),
        ("at.day", "is", "holiday", "workday"),
        ("at.date", "below", date(2025, 12, 11), date(2025, 12, 10)),
    ],
)
def test_each_test_holds_for_the_one_value_and_not_for_the_other(fact, test, value, other):
    assert holds(fact, test, value)
    assert not holds(fact, test, other)


@pytest.mark.parametrize(
    ("test", "value"),
    [("is", "x"), ("is_not", "x"), ("none_of", ["x"]), ("same_as", "merchant.province"), ("differs_from", "tier")],
)
def test_an_unknown_fact_satisfies_nothing_whichever_way_it_is_asked(test, value):
    assert not holds("person.district", test, value)


def test_age_counts_full_years_on_the_named_day_or_else_on_the_day_itself():
    assert holds("person.age", "is", 16)
    assert holds("person.age", "is", 15, on=date(2025, 10, 20))
    assert holds("person.age", "is", 16, on=date(2025, 10, 21))
    assert not holds("person.age", "at_least", 0, facts=Facts(at=SOMCHAI.at))


def test_lists_count_as_known_on_the_named_day_or_else_as_they_are_known_now():
    filer = Facts(at=SOMCHAI.at, person={"lists": ["b"], "lists_as_of": {"a": {"2025-06-30": True}, "b": {}}})
    assert holds("person.lists", "has", "a", facts=filer, on=date(2025, 6, 30))
    assert not holds("person.lists", "has", "a", facts=filer, on=date(2025, 6, 29))
    assert not holds("person.lists", "has", "b", facts=filer, on=date(2025, 6, 30))
    assert holds("person.lists", "has_none_of", ["b"], facts=filer, on=date(2025, 6, 30))
    assert not holds("person.lists", "has", "a", facts=filer)
    # Of whom no days are known, such as the people of an example, the lists are those of any day.
    assert holds("person.lists", "has", "a", on=date(2025, 6, 30))
    assert not holds("person.lists", "has_none_of", ["c"], facts=Facts(at=SOMCHAI.at), on=date(2025, 6, 30))


def test_all_conditions_must_hold_and_no_conditions_need_no_check():
    yes, no = (lambda _facts: True), (lambda _facts: False)

    assert all_of([]) is None
    for checks, met in (([yes], True), ([no], False), ([yes, yes], True), ([yes, no], False)):
        check = all_of(checks)
        assert check is not None
        assert check(SOMCHAI) is met


def test_next_door_is_the_same_place_or_one_that_the_document_puts_next_to_it():
    near = compile_condition(
        fact="merchant.province",
        test="in_or_next_to",
        value="person.province",
        calendar=Calendar(zone="Asia/Bangkok"),
        next_to={"Bangkok": frozenset({"Nonthaburi"})},
    )

    def buys(home, shop):
        return near(Facts(at=bangkok(11, 3), person={"province": home}, merchant={"province": shop}))

    assert buys("Bangkok", "Bangkok")
    assert buys("Bangkok", "Nonthaburi")
    assert not buys("Nonthaburi", "Bangkok")
    assert not buys("Bangkok", "Phuket")
    assert not near(Facts(at=bangkok(11, 3), person={"province": "Bangkok"}))
