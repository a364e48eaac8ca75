"""What must be true of a sale."""

import pytest

from subsidies.rules.circumstances import Circumstances, SaleNotEligible
from subsidies.rules.conditions import Facts
from subsidies.rules.requirements import Requirement
from tests.subsidies.trying import bangkok

SAYS = {"rule": "three_days_ahead", "says_th": "จองล่วงหน้า 3 วัน", "says_en": "Book three days ahead."}
RULE = Circumstances((Requirement("three_days_ahead", lambda facts: facts.sale.get("lead_days", 0) >= 3, SAYS),))


def test_a_room_that_is_booked_too_late_is_refused_in_the_documents_own_words():
    RULE.must_allow(Facts(at=bangkok(11, 3), sale={"lead_days": 3}))
    with pytest.raises(SaleNotEligible) as refused:
        RULE.must_allow(Facts(at=bangkok(11, 3), sale={"lead_days": 2}))
    assert refused.value.facts == SAYS
