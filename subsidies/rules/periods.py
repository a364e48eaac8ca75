"""The clock of a cap: when the period that an instant falls into began, and when it ends."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from subsidies.rules.calendar import LIFETIME, WEEKDAYS, Calendar

BEGINNING = datetime(1, 1, 3, tzinfo=UTC)


class Period:
    """A repeating period of the calendar that begins at a local time (KLK's day begins at 06:00)."""

    __slots__ = ("_calendar", "_current", "_kind", "_resets", "_resets_at", "_tranches", "_week_offset")

    def __init__(
        self,
        *,
        kind: str,
        calendar: Calendar,
        resets: time = time.min,
        week_starts: str = "sun",
        tranches: Sequence[datetime] = (),
    ) -> None:
        """Keep the kind: day, week, month, quarter, year, tranche or scheme."""
        self._kind = kind
        self._calendar = calendar
        self._resets_at = resets
        self._resets = timedelta(hours=resets.hour, minutes=resets.minute, seconds=resets.second)
        # date.toordinal() counts from a Monday, which is 1.
        self._week_offset = 1 + WEEKDAYS.index(week_starts)
        self._tranches = sorted(tranches)
        # The period that was found last: most payments fall into it. One tuple, so that threads see it whole.
        self._current = (LIFETIME, LIFETIME)

    def ends_at(self, at: datetime) -> datetime:
        """Return the first instant after the period of `at`: the key under which its use is counted."""
        starts, ends = self._current
        if starts <= at < ends:
            return ends
        self._current = current = self._around(at)
        return current[1]

    def ends_before(self, ended_at: datetime) -> bool:
        """Return whether one of these periods ends exactly at this instant."""
        return self.ends_at(ended_at - timedelta(microseconds=1)) == ended_at

    def count(self, since: datetime, at: datetime) -> int:
        """Return how many periods have begun from the one of `since` to the one of `at`, both included."""
        if self._kind == "scheme":
            return 1
        return self._index(at) - self._index(since) + 1

    def _around(self, at: datetime) -> tuple[datetime, datetime]:
        if self._kind == "scheme":
            return BEGINNING, LIFETIME
        if self._kind == "tranche":
            edges = [BEGINNING, *self._tranches, LIFETIME]
            return next((start, end) for start, end in pairwise(edges) if start <= at < end)
        index = self._index(at)
        return self._begins(index), self._begins(index + 1)

    def _index(self, at: datetime) -> int:
        """Return the number of the period; the next period has the next number."""
        day = (self._calendar.local(at).replace(tzinfo=None) - self._resets).date()
        match self._kind:
            case "day":
                return day.toordinal()
            case "week":
                return (day.toordinal() - self._week_offset) // 7
            case "month":
                return day.year * 12 + day.month - 1
            case "quarter":
                return day.year * 4 + (day.month - 1) // 3
            case "year":
                return day.year
        raise ValueError(f"a {self._kind} does not repeat")

    def _begins(self, index: int) -> datetime:
        match self._kind:
            case "day":
                first = date.fromordinal(index)
            case "week":
                first = date.fromordinal(index * 7 + self._week_offset)
            case "month":
                first = date(index // 12, index % 12 + 1, 1)
            case "quarter":
                first = date(index // 4, index % 4 * 3 + 1, 1)
            case _:
                first = date(index, 1, 1)
        return self._calendar.instant(first, self._resets_at)
