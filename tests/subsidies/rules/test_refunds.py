"""A sale is given back on its own business day, or so many after, whole or in part, as the document says."""

from datetime import date

import pytest

from subsidies.rules.refunds import Refunds, RefundTooLate, RefundWholeOnly

FRIDAY, SATURDAY, MONDAY = date(2025, 10, 31), date(2025, 11, 1), date(2025, 11, 3)


def rule(*, within_days: int = 0, partial: bool = True) -> Refunds:
    return Refunds(within_days=within_days, partial=partial, keeps_first_use=False, returns=True)


def test_the_last_day_is_in_and_the_next_is_out():
    rule().must_allow(sold_on=FRIDAY, business_date=FRIDAY, whole=False)
    rule(within_days=3).must_allow(sold_on=FRIDAY, business_date=MONDAY, whole=False)
    with pytest.raises(RefundTooLate) as no:
        rule().must_allow(sold_on=FRIDAY, business_date=SATURDAY, whole=True)
    assert no.value.facts == {"last_date": "2025-10-31"}
    with pytest.raises(RefundTooLate) as no:
        rule(within_days=2).must_allow(sold_on=FRIDAY, business_date=MONDAY, whole=True)
    assert no.value.facts == {"last_date": "2025-11-02"}


def test_where_no_part_may_come_back_the_whole_may():
    rule(partial=False).must_allow(sold_on=FRIDAY, business_date=FRIDAY, whole=True)
    with pytest.raises(RefundWholeOnly):
        rule(partial=False).must_allow(sold_on=FRIDAY, business_date=FRIDAY, whole=False)
