"""A right that is not used in time is lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from subsidies.rules.conditions import Check, Facts
from wallet.refusals import Refusal


class FirstUseMissed(Refusal):
    """The right was not used before its first-use deadline."""

    code = "first_use_missed"


@dataclass(frozen=True, slots=True)
class FirstUse:
    """One date and time for all whom it is for, or a time after each enrolment."""

    by: datetime | None = None
    within: timedelta | None = None
    applies: Check | None = None

    def deadline(self, enrolled_at: datetime, facts: Facts) -> datetime | None:
        """Return the instant at which an unused right is lost, or None."""
        if self.applies is not None and not self.applies(facts):
            return None
        return self.by if self.within is None else enrolled_at + self.within

    def must_be_met(self, *, enrolled_at: datetime, first_used_at: datetime | None, facts: Facts) -> None:
        """Return if the right was used in time or still can be.

        :raises FirstUseMissed: with the deadline.
        """
        deadline = self.deadline(enrolled_at, facts)
        if deadline is not None and facts.at >= deadline and (first_used_at is None or first_used_at >= deadline):
            raise FirstUseMissed(deadline_at=deadline.isoformat())
