"""On which lists somebody was on a day."""

from datetime import date

from subsidies.rules.snapshots import lists_on

SOMCHAI = {
    "tax-filers": {"2025-03-31": False, "2025-06-30": True, "2025-09-30": False},
    "welfare-card": {"2025-06-30": True},
}


def test_the_newest_list_of_that_day_or_before_counts():
    assert lists_on(date(2025, 6, 29), SOMCHAI) == []
    assert lists_on(date(2025, 6, 30), SOMCHAI) == ["tax-filers", "welfare-card"]
    assert lists_on(date(2025, 9, 29), SOMCHAI) == ["tax-filers", "welfare-card"]
    assert lists_on(date(2025, 9, 30), SOMCHAI) == ["welfare-card"]


def test_nobody_was_on_a_list_that_tells_of_later_days_only():
    assert lists_on(date(2025, 1, 1), SOMCHAI) == []
    assert lists_on(date(2025, 1, 1), {}) == []
