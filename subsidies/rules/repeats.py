"""A calendar of instants: daily, weekly on a weekday, monthly or quarterly on some days."""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from subsidies.rules.calendar import ONE_DAY, WEEKDAYS, Calendar


@dataclass(frozen=True, slots=True)
class Repeats:
    """When something is done again and again, between two local days that both count.

    :ivar every: day, week, month or quarter.
    :ivar interval: only every so many of these, the first of them included.
    :ivar on_days: days of the month; 31 is the last day of a short month.
    """

    calendar: Calendar
    every: str
    at: time
    starts_on: date
    ends_on: date
    weekday: str | None = None
    on_days: tuple[int, ...] = ()
    interval: int = 1

    def instants(self) -> Mapping[datetime, date]:
        """Return every instant, in order, in UTC, and its local day."""
        return _instants(self)

    def _days(self) -> Iterator[date]:
        if self.weekday is not None:
            ahead = (WEEKDAYS.index(self.weekday) - self.starts_on.weekday()) % 7
            return _steps(self.starts_on + timedelta(days=ahead), timedelta(weeks=self.interval), self.ends_on)
        if self.every == "day":
            return _steps(self.starts_on, ONE_DAY * self.interval, self.ends_on)
        return self._days_of_months(self.interval * (3 if self.every == "quarter" else 1))

    def _days_of_months(self, step: int) -> Iterator[date]:
        month = self.starts_on.year * 12 + self.starts_on.month - 1
        last = self.ends_on.year * 12 + self.ends_on.month - 1
        for index in range(month, last + 1, step):
            year, number = index // 12, index % 12 + 1
            yield from sorted({day_of_month(year, number, day) for day in self.on_days})


@lru_cache(maxsize=1024)
def _instants(repeats: Repeats) -> Mapping[datetime, date]:
    # The timetable asks this for everybody in a scheme; time zones are slow, and the answer is the same.
    days = (day for day in repeats._days() if repeats.starts_on <= day <= repeats.ends_on)  # noqa: SLF001  its own file
    return {repeats.calendar.instant(day, repeats.at): day for day in days}


def day_of_month(year: int, month: int, day: int) -> date:
    """Return the day of a month, or its last day where the month is too short."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def next_day_of(days: tuple[int, ...], after: date) -> date:
    """Return the first day on or after `after` that falls on one of these days of the month."""
    for index in range(after.year * 12 + after.month - 1, after.year * 12 + after.month + 1):
        for day in sorted(days):
            found = day_of_month(index // 12, index % 12 + 1, day)
            if found >= after:
                return found
    raise ValueError("at least one day of the month")


def _steps(first: date, step: timedelta, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += step
