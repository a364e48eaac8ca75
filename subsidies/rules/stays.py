"""A right that holds for a time of one's own: for some days from enrolment, or during one's stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from subsidies.rules.calendar import ONE_DAY, Calendar, as_date
from subsidies.rules.windows import SchemeEnded, SchemeNotStarted


@dataclass(frozen=True, slots=True)
class OwnTime:
    """From when to when one person's right can be used; None where the scheme's dates alone rule.

    :ivar lasts: how long after enrolment.
    :ivar stay: the local times at which a stay begins on its first day and ends on its last.
    """

    calendar: Calendar
    activates_after: timedelta = timedelta()
    lasts: timedelta | None = None
    stay: tuple[time, time] | None = None

    @property
    def is_needed(self) -> bool:
        """Return whether anything here can stop a sale; most schemes have nothing."""
        return bool(self.activates_after or self.lasts or self.stay)

    def starts_at(self, *, enrolled_at: datetime, person: Mapping[str, Any]) -> datetime | None:
        """Return the first instant at which the person may use the right, as far as it is their own."""
        begins = enrolled_at + self.activates_after if self.activates_after else None
        stay_from = self._stay(person, "stay_from", 0)
        return max(begins, stay_from) if begins and stay_from else begins or stay_from

    def ends_at(self, *, enrolled_at: datetime, person: Mapping[str, Any]) -> datetime | None:
        """Return the first instant at which the person's own time is over."""
        ends = enrolled_at + self.lasts if self.lasts else None
        stay_until = self._stay(person, "stay_until", 1)
        return min(ends, stay_until) if ends and stay_until else ends or stay_until

    def must_hold(self, *, at: datetime, enrolled_at: datetime, person: Mapping[str, Any]) -> None:
        """Return if it is the person's time.

        :raises SchemeNotStarted: with `opens_at`.
        :raises SchemeEnded: when it is over.
        """
        starts_at = self.starts_at(enrolled_at=enrolled_at, person=person)
        if starts_at is not None and at < starts_at:
            raise SchemeNotStarted(opens_at=starts_at.isoformat())
        ends_at = self.ends_at(enrolled_at=enrolled_at, person=person)
        if ends_at is not None and at >= ends_at:
            raise SchemeEnded(ended_at=ends_at.isoformat())

    def _stay(self, person: Mapping[str, Any], fact: str, which: int) -> datetime | None:
        if self.stay is None or not person.get(fact):
            return None
        day, local_time = as_date(person[fact]), self.stay[which]
        if which and local_time == time.min:
            day += ONE_DAY
        return self.calendar.instant(day, local_time)
