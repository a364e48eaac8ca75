"""A requirement carries its own name, its check, and the words for those who do not meet it."""

from subsidies.rules.conditions import Facts
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
