"""What has changed between two versions."""

from subsidies.differences import between
from subsidies.documents import read
from tests.subsidies.test_library import PLUS

TEXT = PLUS.read_text(encoding="utf-8")
OLD = read(TEXT)


def test_a_document_differs_in_nothing_from_itself():
    same = between(OLD, read("# another comment\n" + TEXT))

    assert (same.was, same.now, same.fields) == ((), (), ())


def test_a_new_limit_is_said_in_both_languages_and_named_by_its_field():
    new = read(TEXT.replace("limit_satang = 200_00", "limit_satang = 150_00", 1))

    changed = between(OLD, new)

    assert changed.was == (
        (
            "รัฐจ่ายไม่เกิน 200 บาท ต่อวัน เริ่มวันใหม่เวลา 06:00 น.",
            "The State pays at most 200 baht a day; a new day begins at 06:00.",
        ),
    )
    assert [english for _, english in changed.now] == [
        "The State pays at most 150 baht a day; a new day begins at 06:00."
    ]
    assert changed.fields == (("caps[day].limit_satang", 200_00, 150_00),)


def test_a_rule_that_is_gone_and_an_example_that_came_are_named():
    without = TEXT.replace('[[eligibility]]\ncode = "sixteen_or_older"', '[[eligibility]]\ncode = "eighteen_or_older"')

    changed = between(OLD, read(without))

    assert ("eligibility[sixteen_or_older].at_least", 16, None) in changed.fields
    assert ("eligibility[eighteen_or_older].at_least", None, 16) in changed.fields
    assert changed.was == ()
