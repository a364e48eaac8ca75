"""What has become of a scheme's money: totals that foot, and warnings that come once."""

import pytest

from settlement import days
from subsidies import budgets, tasks
from subsidies.budgets import Totals
from subsidies.models import BudgetWarning, SummedDay
from tests.cast import Stage
from tests.subsidies.programmes import begin, buy, join, let_in, thai
from wallet import clock

pytestmark = pytest.mark.django_db


GRANT = """
[[grants]]
code = "all"
amount_satang = 1_000_00
"""


def test_the_totals_foot_and_stay_what_they_are_when_a_day_is_closed_and_summed(stage: Stage) -> None:
    scheme = begin(stage, "cdc-vouchers-heartland")
    somchai, hawker = stage.citizen("somchai", cash_satang=10_00), stage.stall("malee", **{"class": "hawker"})
    funded = budgets.totals(scheme_id=scheme.id)[scheme.id].funded
    let_in(stage, somchai, scheme, at=thai(2023, 2, 1), household_is_served=False)
    buy(somchai, hawker, 4_00, at=thai(2023, 2, 2), facts={"token": "app"}, notes={scheme.code: {"five": 1}})
    expected = Totals(
        funded=funded,
        committed=149_00,
        left=funded - 149_00,
        lapsed=1_00,
        bought_in=0,
        spent=4_00,
        paid_out=0,
        in_purses=145_00,
    )
    assert budgets.totals(scheme_id=scheme.id) == {scheme.id: expected}
    days.close_due(at=thai(2025, 11, 1, 1))
    assert budgets.sum_days(at=thai(2025, 11, 1, 1)) == 1
    assert budgets.sum_days(at=thai(2025, 11, 1, 1)) == 0
    assert SummedDay.objects.count() == 1
    assert budgets.totals()[scheme.id] == expected
    buy(somchai, hawker, 7_00, at=thai(2023, 2, 3), facts={"token": "app"})
    found = budgets.totals()[scheme.id]
    assert (found.spent, found.in_purses, found.committed) == (11_00, 138_00, 149_00)


def test_each_threshold_warns_once(stage: Stage, settings: object) -> None:
    settings.DEMO_CLOCK = True  # type: ignore[attr-defined]
    clock.stand_at(thai(2025, 11, 1))
    document = "\n".join([half_each_text(places=5), GRANT])
    stage.scheme(document=document, funded=5_000_00)
    malee = stage.stall("malee")
    joined = []
    for number in range(5):
        joined.append(stage.citizen(f"citizen {number}", cash_satang=1_000_00))
        join(stage, joined[-1], "half-each", at=thai(2025, 10, 20))
        tasks.watch_budgets()
        tasks.watch_budgets()
    assert warned() == [("committed", 80, 4_000_00), ("committed", 95, 5_000_00), ("committed", 100, 5_000_00)]
    for someone in joined[:4]:
        buy(someone, malee, 2_000_00, at=thai(2025, 11, 1))
    assert [(one.of, one.percent) for one in budgets.watch(at=thai(2025, 11, 1))] == [("spent", 80)]
    assert budgets.watch(at=thai(2025, 11, 1)) == []


def half_each_text(*, places: int) -> str:
    """Return half each with so many places."""
    from tests.subsidies.programmes import HALF_EACH

    return HALF_EACH.replace("places = 1_000", f"places = {places}")


def warned() -> list[tuple[str, int, int]]:
    """Return the warnings so far."""
    return list(BudgetWarning.objects.order_by("at", "percent").values_list("of", "percent", "amount"))
