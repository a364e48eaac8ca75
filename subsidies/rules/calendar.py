"""Local days and times of a scheme: its zone and its holidays."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Further than any scheme lives, and far enough below datetime.max that any zone can show it.
LIFETIME: Final = datetime(9000, 1, 1, tzinfo=UTC)

ONE_DAY: Final = timedelta(days=1)


class Calendar:
    """A zone and its holidays; everything local in a scheme is asked here."""

    __slots__ = ("holidays", "zone")

    def __init__(self, *, zone: str, holidays: Iterable[date] = ()) -> None:
        """Keep the IANA zone and the public holidays."""
        self.zone = ZoneInfo(zone)
        self.holidays = frozenset(holidays)

    def local(self, at: datetime) -> datetime:
        """Return the instant as people on the spot read it."""
        return at.astimezone(self.zone)

    def instant(self, day: date, local_time: time) -> datetime:
        """Return the UTC instant of a local time on a local day."""
        return datetime.combine(day, local_time, tzinfo=self.zone).astimezone(UTC)

    def weekday(self, at: datetime) -> str:
        """Return mon … sun."""
        return WEEKDAYS[self.local(at).weekday()]

    def kind_of_day(self, at: datetime) -> str:
        """Return holiday for Saturday, Sunday and public holidays, else workday."""
        return self.kind_of(self.local(at).date())

    def kind_of(self, day: date) -> str:
        """Return holiday or workday for a local day."""
        return "workday" if self.is_banking_day(day) else "holiday"

    def is_banking_day(self, day: date) -> bool:
        """Return whether banks work on this day."""
        return day.weekday() < WEEKDAYS.index("sat") and day not in self.holidays


@lru_cache(maxsize=1024)
def as_date(text: str) -> date:
    """Return the date that an ISO text says; facts about people are plain JSON values."""
    return date.fromisoformat(text)
