"""Today at a glance, and what waits for the officer who looks."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from config.authentication import OFFICER
from config.screens import Screen
from settlement import glances, waiting
from settlement.glances import Glance
from settlement.tallies import Sold
from settlement.web import charts
from settlement.web.batches import state_of
from settlement.web.charts import Pair
from wallet.clock import BANGKOK
from wallet.money import Satang

# Every third hour is named: all of them would touch each other on a tablet.
NAMED_EVERY: Final = 3
# The table behind the chart has all of them.
PROVINCES_DRAWN: Final = 10
PAID: Final = "answered"


class TodayScreen(Screen):
    """Where an officer begins."""

    open_to: ClassVar = OFFICER
    template = "settlement/today.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the figures, the charts of the open day, and what waits."""
        glance = glances.now(at=self.at)
        return {
            "now": self.at,
            "glance": glance,
            "figures": glance.figures,
            "hours": _hours(glance),
            "schemes": [(each, glance.whole - each.sold.whole) for each in glance.schemes],
            "provinces": _provinces(glance),
            "burns": [
                (burn, charts.bar(part=burn.spent, mark=burn.planned, whole=burn.funded)) for burn in glance.burns
            ],
            "payouts": _payouts(glance),
            "waiting": waiting.for_officer(officer_id=self.caller.id, at=self.at),
        }


class FiguresScreen(Screen):
    """The day's figures alone, as Today asks for them every few seconds."""

    open_to: ClassVar = OFFICER
    template = "settlement/figures.html"

    def seen(self) -> Mapping[str, Any]:
        """Return them."""
        return {"figures": glances.figures()}


def _hours(glance: Glance) -> Mapping[str, Any]:
    named = [f"{hour:02d}:00" for hour in range(len(glance.hours))]
    pairs = [
        Pair(sold.citizen, sold.state, name if hour % NAMED_EVERY == 0 else "")
        for hour, (sold, name) in enumerate(zip(glance.hours, named, strict=True))
    ]
    return {"columns": charts.columns(pairs), "rows": list(zip(named, glance.hours, strict=True))}


def _provinces(glance: Glance) -> list[tuple[str, Sold, Satang]]:
    most = list(glance.provinces.items())[:PROVINCES_DRAWN]
    return [(name, sold, glance.whole - sold.whole) for name, sold in most]


def _payouts(glance: Glance) -> Mapping[str, Any]:
    states = [state_of(batch) for batch in glance.batches]
    pairs = []
    for batch, state in zip(glance.batches, states, strict=True):
        built = batch.built_at.astimezone(BANGKOK)
        done, promised = (batch.amount, 0) if state == PAID else (0, 0 if state == "rejected" else batch.amount)
        pairs.append(Pair(done, promised, f"{built.day}/{built.month}"))
    return {"columns": charts.columns(pairs), "rows": list(zip(glance.batches, states, strict=True))}
