"""What a person may change after enrolling: so often, until an instant, and a scheme only before its first use."""

from dataclasses import dataclass
from datetime import datetime

from wallet.refusals import Refusal


class ChangeUnknown(Refusal):
    """The scheme lets nobody change this."""

    code = "change_unknown"
    status = 404


class ChangeOver(Refusal):
    """It could be changed until some time ago."""

    code = "change_over"


class ChangeUsedUp(Refusal):
    """It was changed as often as the scheme allows."""

    code = "change_used_up"


class RightAlreadyUsed(Refusal):
    """Whoever has used a right stays with it."""

    code = "right_already_used"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that may change: a fact of the enrolment, or the scheme that a person comes over from."""

    code: str
    until: datetime
    times: int
    fact: str | None = None
    scheme: str | None = None

    def must_allow(self, *, times_before: int, was_used: bool, at: datetime) -> None:
        """Return if it may be changed now.

        :param was_used: whether the right of the scheme that the person leaves was ever used.
        :raises ChangeOver, ChangeUsedUp, RightAlreadyUsed: when it may not.
        """
        if at >= self.until:
            raise ChangeOver(ended_at=self.until.isoformat())
        if times_before >= self.times:
            raise ChangeUsedUp(times=self.times)
        if self.scheme is not None and was_used:
            raise RightAlreadyUsed(scheme=self.scheme)
