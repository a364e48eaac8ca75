"""Today at a glance, and what waits for the officer who looks."""

from collections.abc import Mapping
from typing import Any, ClassVar

from config.authentication import OFFICER
from config.screens import Screen
from settlement import days, hours, summary, waiting
from settlement.web import charts


class TodayScreen(Screen):
    """Where an officer begins."""

    open_to: ClassVar = OFFICER
    template = "settlement/today.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the figures, the hours of the open day, and what waits."""
        open_day = next(iter(days.newest(at_most=1)), None)
        of_today = hours.spent(business_date=open_day.business_date) if open_day else []
        return {
            "now": self.at,
            "open_day": open_day,
            "due_at": days.due_to_close_at(open_day) if open_day else None,
            "figures": summary.all_books(),
            "hours": of_today,
            "columns": charts.columns(of_today) if of_today else [],
            "spent": sum(hour.whole for hour in of_today),
            "waiting": waiting.for_officer(officer_id=self.caller.id),
        }
