"""A document, compiled."""

from datetime import date, time

from subsidies.decision import LIFETIME
from tests.subsidies.trying import bangkok, scheme


def test_an_enrolment_keeps_only_the_facts_that_its_sales_are_judged_by():
    of = scheme(
        eligibility=[
            {"code": "poor", "fact": "person.income_satang", "at_most": 5, "says": {"th": "จน", "en": "Poor."}},
        ],
        merchants={
            "requires": [
                {
                    "code": "home",
                    "fact": "merchant.district",
                    "same_as": "person.district",
                    "says": {"th": "ในอำเภอ", "en": "At home."},
                }
            ]
        },
        funding={"rates": [{"rate_bp": 6_000, "when": [{"fact": "person.age", "at_least": 60}]}, {"rate_bp": 5_000}]},
    )

    assert of.facts_when_spending == {"district", "born_on"}
    assert scheme().facts_when_spending == set()

    filers = {"fact": "person.lists", "has": "tax-filers"}
    now = {"rates": [{"rate_bp": 6_000, "when": [filers]}, {"rate_bp": 5_000}]}
    as_known = {"rates": [{"rate_bp": 6_000, "when": [{**filers, "on": date(2025, 6, 30)}]}, {"rate_bp": 5_000}]}
    assert scheme(funding=now).facts_when_spending == {"lists"}
    assert scheme(funding=as_known).facts_when_spending == {"lists", "lists_as_of"}


def test_the_periods_to_read_are_those_that_a_decision_at_that_instant_counts_in():
    caps = [
        {"code": "day", "per": "day", "resets": time(6), "limit_satang": 1},
        {"code": "bill", "per": "sale", "limit_satang": 1},
        {"code": "saved", "per": "month", "unused": "carried", "limit_satang": 1},
        {"code": "times", "per": "week", "counts": "payments", "limit": 1},
    ]

    assert dict(scheme(caps=caps).periods_at(bangkok(11, 3, 5))) == {
        "day": bangkok(11, 3, 6),
        "saved": LIFETIME,
        "times": bangkok(11, 9, 0),
    }


def test_a_scheme_without_a_quota_has_no_number_of_places():
    assert scheme().places is None
    assert scheme(quota={"places": 7}).places == 7


def test_the_places_open_to_all_are_those_that_no_pool_keeps():
    pools = [
        {"code": "seniors", "places": 500, "when": [{"fact": "person.age", "at_least": 60}]},
        {"code": "students", "places": 200, "when": [{"fact": "person.age", "below": 20}]},
    ]
    of = scheme(quota={"places": 1_000, "pools": pools})
    assert [of.places_in(pool) for pool in ("", "seniors", "students", "elsewhere")] == [300, 500, 200, 0]
    assert scheme().places_in("") == 0


def test_people_are_counted_at_enrolment_unless_the_document_says_otherwise():
    assert not scheme().counted_at_payment
    assert not scheme(quota={"places": 7}).counted_at_payment
    assert scheme(quota={"places": 7, "counted": "at_payment"}).counted_at_payment
