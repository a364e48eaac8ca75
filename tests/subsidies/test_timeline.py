"""What falls due on Somchai's right, in order, whenever somebody looks."""

from datetime import time
from typing import Any
from uuid import UUID

from subsidies.rules.calendar import LIFETIME
from subsidies.timeline import Aside, Counted, Due, Moved, Right, falls_due
from tests.subsidies.trying import HALF_EACH, bangkok, scheme
from wallet.models import TransferKind

MONTHLY = {
    "grants": [
        {
            "code": "goods",
            "amount_satang": 300_00,
            "repeats": {
                "every": "month",
                "on_days": [1],
                "at": time(0),
                "starts_on": bangkok(11, 1).date(),
                "ends_on": bangkok(1, 31, year=2026).date(),
            },
        }
    ],
    "purse": {"empties": "month"},
}


def somchais(*sections: dict[str, Any], **read: Any) -> Right:
    """Return Somchai's right in half each with other sections; he enrolled on 20 October and nothing is done yet."""
    written = {key: value for section in sections for key, value in section.items()}
    known = {"enrolled_at": bangkok(10, 20), "due_at": bangkok(10, 20), "left": 0, **read}
    return Right(scheme=scheme(**written), tier="general", person={}, **known)


def test_a_plain_right_is_due_when_it_ends_and_never_again() -> None:
    right = somchais(left=2_000_00)
    end = bangkok(2, 1, 0, year=2026)
    assert falls_due(right, until=bangkok(11, 5)) == ([], end)
    assert falls_due(right, until=end) == ([Due(TransferKind.ENDED, 2_000_00, end)], LIFETIME)


def test_a_month_is_emptied_before_the_next_is_filled() -> None:
    first, second = bangkok(11, 1, 0), bangkok(12, 1, 0)
    dues, due_next = falls_due(somchais(MONTHLY), until=first)
    assert dues == [Due(TransferKind.GRANT, 300_00, first, code="goods-2025-11-01")]
    assert due_next == second
    dues, due_next = falls_due(somchais(MONTHLY, due_at=second, left=180_00), until=second)
    assert dues == [
        Due(TransferKind.EMPTIED, 180_00, second),
        Due(TransferKind.GRANT, 300_00, second, code="goods-2025-12-01"),
    ]


def test_who_comes_late_empties_what_was_left_then_not_what_is_left_now() -> None:
    second = bangkok(12, 1, 0)
    spent_since = [Moved(bangkok(12, 1, 9), -50_00, spent=50_00)]
    dues, _ = falls_due(somchais(MONTHLY, due_at=second, left=130_00, moved=spent_since), until=bangkok(12, 1, 10))
    assert [(due.kind, due.amount) for due in dues] == [(TransferKind.EMPTIED, 180_00), (TransferKind.GRANT, 300_00)]


def test_nothing_is_taken_that_is_not_there_any_more() -> None:
    third = bangkok(2, 1, 0, year=2026)
    spent_since = [Moved(third, -50_00, spent=50_00)]
    dues, due_next = falls_due(somchais(MONTHLY, due_at=third, left=130_00, moved=spent_since), until=third)
    assert (dues, due_next) == ([Due(TransferKind.EMPTIED, 130_00, third)], LIFETIME)


def test_money_that_was_set_aside_is_paid_even_after_the_end() -> None:
    end, later = bangkok(2, 1, 0, year=2026), bangkok(2, 15, 10, year=2026)
    right = somchais(due_at=end, left=100_00, aside=[Aside(UUID(int=7), later, 40_00)])
    assert falls_due(right, until=end) == ([Due(TransferKind.ENDED, 100_00, end)], later)
    paid = somchais(due_at=later, aside=[Aside(UUID(int=7), later, 40_00)])
    assert falls_due(paid, until=later) == (
        [Due(TransferKind.PAID_BACK, 40_00, later, to_cash=True, hold_id=UUID(int=7))],
        LIFETIME,
    )


EARNING = {
    "earning": {
        "starts_at": HALF_EACH["spend"]["starts_at"],
        "ends_at": HALF_EACH["spend"]["ends_at"],
        "per": "sale",
        "bands": [{"rate_bp": 1_000}],
        "at_most_satang": 30_00,
        "to": "cash",
        "wait_days": 1,
    }
}


def test_what_each_sale_earned_is_paid_a_day_later_and_never_more_than_the_most() -> None:
    monday, tuesday = bangkok(11, 4), bangkok(11, 5)
    counted = [Counted(monday, LIFETIME, 20_00), Counted(tuesday, LIFETIME, 20_00)]
    dues, due_next = falls_due(somchais(EARNING, due_at=monday, counted=counted), until=monday)
    assert dues == [Due(TransferKind.EARNED, 20_00, monday, code=monday.isoformat(), to_cash=True)]
    assert due_next == tuesday
    dues, _ = falls_due(somchais(EARNING, due_at=tuesday, counted=counted, earned=20_00), until=tuesday)
    assert [due.amount for due in dues] == [10_00]


BUY_IN = {"buy_in": {"pays_satang": 1_000_00, "gets_satang": 3_000_00, "until": bangkok(12, 1)}, "grants": []}


def test_what_somchai_bought_and_did_not_use_is_his_in_proportion() -> None:
    end = bangkok(2, 1, 0, year=2026)
    moved = [
        Moved(bangkok(11, 2), 3_000_00, put_in=3_000_00),
        Moved(bangkok(11, 3), -600_00, spent=600_00),
    ]
    dues, _ = falls_due(somchais(BUY_IN, due_at=end, left=2_400_00, moved=moved, own=1_000_00), until=end)
    assert dues == [
        Due(TransferKind.ENDED, 800_00, end, to_cash=True),
        Due(TransferKind.ENDED, 1_600_00, end),
    ]
