"""When people may enrol."""

from dataclasses import dataclass
from datetime import datetime

from subsidies.rules.windows import Windows
from wallet.refusals import Refusal


class RegistrationNotOpen(Refusal):
    """Enrolment has not begun, or is closed for the night."""

    code = "registration_not_open"


class RegistrationClosed(Refusal):
    """Enrolment is over."""

    code = "registration_closed"


class EnrolledByList(Refusal):
    """Nobody can ask to enrol: the State enrols people from a list."""

    code = "enrolled_by_list"


# Registration has the same kind of dates and hours as a channel that sells.
ENROL = "enrol"


@dataclass(frozen=True, slots=True)
class Registration:
    """The dates and daily hours of enrolment; `windows` is None where people are enrolled by list."""

    windows: Windows | None = None

    def must_be_open(self, at: datetime) -> None:
        """Return if people may enrol now.

        :raises RegistrationNotOpen: with `opens_at`.
        :raises RegistrationClosed: when it does not open again.
        :raises EnrolledByList: when it was never open.
        """
        if self.windows is None:
            raise EnrolledByList
        window = self.windows.open_window(channel=ENROL, at=at)
        if window is None:
            raise RegistrationClosed(ended_at=self.windows.ends_at.isoformat())
        if at < window[0]:
            raise RegistrationNotOpen(opens_at=window[0].isoformat())
