"""On some weekdays only people whose year of birth ends in certain digits may enrol."""

from dataclasses import dataclass
from datetime import datetime

from subsidies.rules.calendar import ONE_DAY, Calendar, as_date
from subsidies.rules.conditions import Facts
from wallet.refusals import Refusal

DAYS_TO_LOOK = 8


class NotYourDay(Refusal):
    """Others may enrol today; this person on another day."""

    code = "not_your_day"


@dataclass(frozen=True, slots=True)
class RotaDay:
    """Weekdays and the digits whose turn it is on them, for as long as the rota holds."""

    weekdays: frozenset[str]
    digits: frozenset[int]
    until: datetime | None = None

    def holds(self, at: datetime, weekday: str) -> bool:
        """Return whether this row rules a day."""
        return weekday in self.weekdays and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Rota:
    """All rows. A weekday that no row names is open to everybody."""

    calendar: Calendar
    rows: tuple[RotaDay, ...] = ()

    def must_be_the_day_of(self, facts: Facts) -> None:
        """Return if it is the person's day.

        :raises NotYourDay: with the day that is, when there is one within a week.
        """
        born_on = facts.person.get("born_on")
        digit = as_date(born_on).year % 10 if born_on else None
        if self._allows(facts.at, digit):
            return
        day = self.calendar.local(facts.at)
        for ahead in range(1, DAYS_TO_LOOK):
            then = self.calendar.instant((day + ahead * ONE_DAY).date(), day.time().min)
            if self._allows(then, digit):
                raise NotYourDay(digit=digit, opens_at=then.isoformat())
        raise NotYourDay(digit=digit, opens_at=None)

    def _allows(self, at: datetime, digit: int | None) -> bool:
        weekday = self.calendar.weekday(at)
        holding = [row for row in self.rows if row.holds(at, weekday)]
        return not holding or any(digit in row.digits for row in holding)
