"""A citizen's home: their money, what of it is set aside, and of each scheme what is left today and in all."""

from collections.abc import Mapping
from typing import Any, ClassVar

from config.authentication import CITIZEN
from config.screens import Screen
from merchants import deliveries
from subsidies import rights
from subsidies.rights import Right
from wallet import people
from wallet.money import Satang


class HomeScreen(Screen):
    """What one has."""

    open_to: ClassVar = CITIZEN
    template = "subsidies/home.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it, as it is at this instant."""
        home = rights.home(citizen_id=self.caller.id, at=self.at)
        return {
            "name": people.profile(self.caller.id).name,
            "cash": home.cash,
            "awaited": deliveries.awaited(citizen_id=self.caller.id, at=self.at),
            "rights": [_shown(right) for right in home.rights],
            "now": self.at,
        }


def _shown(right: Right) -> Mapping[str, Any]:
    used_today = max((day_limit(right) or 0) - right.left.today, 0)
    return {
        "code": right.scheme.code,
        "name": right.scheme.document.scheme.name,
        "left": right.left,
        "used_today": used_today,
        "suspended": right.suspended_at is not None and right.stopped_at is None,
        "over": not right.left.open_now and right.left.opens_at is None,
        "first_use_by": right.first_use_by,
        "ends_at": right.scheme.document.spend.ends_at,
    }


def day_limit(right: Right) -> Satang | None:
    """Return the most that the State pays for one person a day; None where the scheme has no such limit."""
    daily = (cap.limit_satang for cap in right.scheme.document.caps if cap.counts == "state" and cap.per == "day")
    return next(daily, None)
