"""When a part of a business day's sales is paid out to the shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from subsidies.rules.calendar import ONE_DAY, Calendar


@dataclass(frozen=True, slots=True)
class Delay:
    """So many days after the business date, at a local time; banking days skip weekends and holidays.

    :ivar week_ends: the weekday (0 is Monday) for which business dates wait before the days count.
    """

    days: int
    at: time
    banking_days: bool = False
    week_ends: int | None = None

    def due_at(self, business_date: date, calendar: Calendar) -> datetime:
        """Return the UTC instant at which the money is due."""
        day = business_date
        if self.week_ends is not None:
            day += timedelta(days=(self.week_ends - day.weekday()) % 7)
        left = self.days
        while left or (self.banking_days and not calendar.is_banking_day(day)):
            day += ONE_DAY
            left -= left > 0 and (not self.banking_days or calendar.is_banking_day(day))
        return calendar.instant(day, self.at)


@dataclass(frozen=True, slots=True)
class Settlement:
    """The delay of each (part, channel); parts are citizen and state."""

    calendar: Calendar
    delays: Mapping[tuple[str, str], Delay]

    def due_at(self, *, part: str, channel: str, business_date: date) -> datetime:
        """Return when this part of this channel's sales of a business date is due, as a UTC instant."""
        return self.delays[part, channel].due_at(business_date, self.calendar)
