"""Notes without change."""

import pytest

from subsidies.rules.calendar import LIFETIME
from subsidies.rules.caps import CapUse, RightUsedUp
from subsidies.rules.notes import Handed, Note, NoteNotNeeded, Notes, NotesNeedMore, NotesNotYours

SINGAPORE = Notes((Note("ten", 10_00, 5), Note("five", 5_00, 5), Note("two", 2_00, 5)))
WHOLE = Notes((Note("voucher", None, 1),))


def hand(notes, wanted, *, left=85_00, used=None, covered=None, chosen=None):
    used = {(code, LIFETIME): count for code, count in (used or {}).items()}
    return notes.hand_over(wanted, left=left, used=used, covered=covered or wanted, chosen=chosen)


def test_seven_dollars_are_a_five_and_a_two():
    assert hand(SINGAPORE, 7_00) == Handed(7_00, 0, [CapUse("five", LIFETIME, 1), CapUse("two", LIFETIME, 1)])


def test_the_best_notes_lose_nothing_while_any_note_fits():
    assert hand(SINGAPORE, 8_00).amount == 7_00
    assert hand(SINGAPORE, 8_00).lost == 0


def test_a_five_for_four_dollars_is_taken_and_no_dollar_comes_back():
    assert hand(SINGAPORE, 4_00, chosen={"five": 1}) == Handed(4_00, 1_00, [CapUse("five", LIFETIME, 1)])
    assert hand(SINGAPORE, 4_00, used={"two": 5}, left=75_00) == Handed(4_00, 1_00, [CapUse("five", LIFETIME, 1)])


def test_nobody_hands_over_a_note_that_is_not_needed_or_not_theirs():
    for chosen in ({"five": 2}, {"ten": 1, "two": 1}):
        with pytest.raises(NoteNotNeeded):
            hand(SINGAPORE, 4_00, chosen=chosen)
    for chosen in ({"five": 6}, {"fifty": 1}, {"five": -1}):
        with pytest.raises(NotesNotYours):
            hand(SINGAPORE, 90_00, chosen=chosen)


def test_where_the_purse_holds_less_than_the_notes_are_worth_the_purse_rules():
    assert hand(SINGAPORE, 60_00, left=12_00) == Handed(
        12_00, 0, [CapUse("ten", LIFETIME, 1), CapUse("two", LIFETIME, 1)]
    )
    with pytest.raises(NotesNotYours):
        hand(SINGAPORE, 60_00, left=12_00, chosen={"ten": 1, "five": 1})


def test_notes_that_are_gone_are_used_up():
    with pytest.raises(RightUsedUp):
        hand(SINGAPORE, 4_00, used={"ten": 5, "five": 5, "two": 5}, left=0)
    with pytest.raises(RightUsedUp):
        hand(WHOLE, 4_00, used={"voucher": 1}, left=100_00)


def test_one_coupon_in_a_sale_and_only_from_its_threshold_on():
    coupon = Notes((Note("coupon", 100_00, 3, at_least=250_00),), per_sale=1)

    assert hand(coupon, 600_00, left=300_00).amount == 100_00
    with pytest.raises(NotesNeedMore) as refused:
        hand(coupon, 249_99, left=300_00)
    assert refused.value.facts == {"at_least_satang": 250_00}
    with pytest.raises(NotesNotYours):
        hand(coupon, 600_00, left=300_00, chosen={"coupon": 2})


def test_a_single_voucher_is_closed_by_its_first_use():
    assert hand(WHOLE, 300_00, left=500_00) == Handed(300_00, 200_00, [CapUse("voucher", LIFETIME, 1)])
    assert hand(WHOLE, 700_00, left=500_00) == Handed(500_00, 0, [CapUse("voucher", LIFETIME, 1)])


def test_where_the_rest_is_kept_it_is_loose_money_that_pays_first():
    kept = Notes((Note("five", 5_00, 2),), keeps_rest=True)

    first = hand(kept, 4_00, left=10_00)
    assert first == Handed(4_00, 0, [CapUse("five", LIFETIME, 1)])
    second = hand(kept, 3_00, left=6_00, used={"five": 1})
    assert second == Handed(3_00, 0, [CapUse("five", LIFETIME, 1)])
    assert hand(kept, 3_00, left=3_00, used={"five": 2}) == Handed(3_00, 0, [])
