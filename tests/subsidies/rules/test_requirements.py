"""A requirement carries its own name, its check, and the words for those who do not meet it."""

from subsidies.rules.conditions import Facts
from subsidies.rules.requirements import Requirement
from tests.subsidies.trying import bangkok, scheme


def test_a_document_words_its_own_requirements():
    of = scheme(
        eligibility=[
            {
                "code": "thai",
                "fact": "person.nationality",
                "is": "TH",
                "says": {"th": "สัญชาติไทย", "en": "Thai nationals."},
                "appeal": {"th": "ติดต่อคลังจังหวัด", "en": "Ask the provincial treasury."},
            }
        ]
    )
    (requirement,) = of.eligibility.requires

    assert requirement.facts == {
        "rule": "thai",
        "says_th": "สัญชาติไทย",
        "says_en": "Thai nationals.",
        "appeal_th": "ติดต่อคลังจังหวัด",
        "appeal_en": "Ask the provincial treasury.",
    }
    nationalities = ("TH", "MM")
    assert [
        requirement.check(Facts(at=bangkok(11, 3), person={"nationality": nationality}))
        for nationality in nationalities
    ] == [True, False]


def test_where_the_document_says_how_an_appeal_may_lift_it_until_its_instant():
    words = {"th": "ติดต่อคลังจังหวัด", "en": "Ask the provincial treasury."}
    rule = {"code": "thai", "fact": "person.nationality", "is": "TH", "says": words}
    said = [rule, {**rule, "code": "b", "appeal": words}, {**rule, "code": "c", "appeal": words, "appeal_until": UNTIL}]

    never, always, before = scheme(eligibility=said).eligibility.requires

    assert told(never) == [(False, None), (False, None)]
    assert told(always) == [(True, None), (True, None)]
    assert told(before) == [(True, UNTIL.isoformat()), (False, UNTIL.isoformat())]


UNTIL = bangkok(11, 8)


def told(requirement: Requirement) -> list[tuple[bool, str | None]]:
    """Return what is told a second before the instant, and at it."""
    facts = [requirement.appeal_at(at) for at in (bangkok(11, 7, 23, 59, 59), UNTIL)]
    return [(one["appeal"], one["appeal_until_at"]) for one in facts]
