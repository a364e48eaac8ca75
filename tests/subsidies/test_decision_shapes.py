"""One sale, decided, where the State does more than share a price at the till."""

import pytest

from subsidies.decision import LIFETIME, CapUse, Sale, decide
from subsidies.rules.circumstances import SaleNotEligible
from subsidies.rules.funding import PriceTooSmall
from tests.subsidies.trying import HALF_EACH, bangkok, scheme, shared, somchai

NOON = bangkok(11, 3)


def test_a_note_of_five_for_four_dollars_takes_five_from_the_purse():
    whole = {"rates": [{"rate_bp": 10_000}], "notes": [{"code": "five", "value_satang": 5_00, "count": 2}]}
    purse = somchai(scheme(funding=whole), left=10_00)

    (share,) = decide(purses=[purse], sale=Sale(price=4_00), at=NOON).shares

    assert (share.amount, share.lost, share.taken) == (4_00, 1_00, 5_00)
    assert share.uses == (CapUse("five", LIFETIME, 1),)


def test_what_is_paid_back_later_is_set_aside_now_and_counts_against_every_cap():
    back = {"rates": [{"rate_bp": 4_000}], "pays_back": {"on_days": [15, 30], "at": NOON.time()}}
    purse = somchai(scheme(funding=back, caps=[{"code": "all", "per": "scheme", "limit_satang": 1_000_00}]))

    split = decide(purses=[purse], sale=Sale(price=3_000_00), at=NOON)

    (share,) = split.shares
    assert (split.citizen, share.amount, share.later, share.taken) == (3_000_00, 0, 1_000_00, 1_000_00)
    assert share.later_at == bangkok(11, 15, 5)
    assert share.uses == (CapUse("all", LIFETIME, 1_000_00),)


def test_so_much_is_always_somchais_own():
    nine = scheme(funding={"rates": [{"rate_bp": 10_000}], "own_at_least_satang": 9_00})

    split = decide(purses=[somchai(nine)], sale=Sale(price=86_00), at=NOON)

    assert shared(split) == (9_00, [77_00])
    assert [reason.code for reason in split.reasons] == ["rate_of_price", "own_part_at_least"]
    with pytest.raises(PriceTooSmall):
        decide(purses=[somchai(nine)], sale=Sale(price=9_00), at=NOON)


def test_the_scheme_of_the_lower_order_pays_first_whatever_somchai_chose():
    first, second = (
        scheme(funding={"rates": [{"rate_bp": 10_000}], "combines": True, "order": order}) for order in (1, 2)
    )

    split = decide(purses=[somchai(second, number=2), somchai(first, left=60_00)], sale=Sale(price=100_00), at=NOON)

    assert [(share.enrolment_id.int, share.amount) for share in split.shares] == [(1, 60_00), (2, 40_00)]


def test_a_sale_that_the_scheme_does_not_take_part_in_is_refused_in_its_own_words():
    says = {"th": "ใช้บัตรประชาชน", "en": "Use your ID card."}
    card = {"code": "card", "fact": "sale.token", "is": "id_card", "says": says}
    of = scheme(spend={**HALF_EACH["spend"], "requires": [card]})

    assert decide(purses=[somchai(of)], sale=Sale(price=100_00, facts={"token": "id_card"}), at=NOON).state == 50_00
    with pytest.raises(SaleNotEligible) as refused:
        decide(purses=[somchai(of)], sale=Sale(price=100_00), at=NOON)
    assert (refused.value.facts["rule"], refused.value.facts["says_en"]) == ("card", "Use your ID card.")
