"""The citizen pays the full price at the counter, and the State's share comes to them on a later day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from subsidies.rules.calendar import Calendar, as_date
from subsidies.rules.caps import FactMissing
from subsidies.rules.repeats import next_day_of


@dataclass(frozen=True, slots=True)
class PaysBack:
    """On some days of the month, so many days after the payment or after the last day of what was bought."""

    calendar: Calendar
    on_days: tuple[int, ...]
    at: time
    after_end: bool = False
    wait_days: int = 0

    def pays_at(self, *, paid_at: datetime, sale: Mapping[str, Any]) -> datetime:
        """Return the instant at which the citizen gets the State's share.

        :raises FactMissing: when the sale does not say its last day.
        """
        day = self.calendar.local(paid_at).date()
        if self.after_end:
            ends_on = sale.get("ends_on")
            if not ends_on:
                raise FactMissing(fact="ends_on")
            day = max(day, as_date(ends_on))
        pays_at = self.calendar.instant(next_day_of(self.on_days, day + timedelta(days=self.wait_days)), self.at)
        if pays_at > paid_at:
            return pays_at
        return self.calendar.instant(next_day_of(self.on_days, day + timedelta(days=self.wait_days + 1)), self.at)
