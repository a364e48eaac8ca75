"""When people may enrol."""

from dataclasses import dataclass
from typing import NamedTuple

from subsidies.rules.conditions import Check, Facts
from subsidies.rules.rota import Rota
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


class Round(NamedTuple):
    """The dates and hours of one round, and whom it is for; None is everybody."""

    windows: Windows
    applies: Check | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """The dates and daily hours of enrolment, in rounds; there are none where people are enrolled by list."""

    rounds: tuple[Round, ...] = ()
    rota: Rota | None = None

    def must_be_open(self, facts: Facts) -> None:
        """Return if this person may enrol now.

        :raises RegistrationNotOpen: with `opens_at`.
        :raises RegistrationClosed: when it does not open again.
        :raises EnrolledByList: when it was never open.
        :raises NotYourDay: when it is open for others today.
        """
        if not self.rounds:
            raise EnrolledByList
        theirs = [windows for windows, applies in self.rounds if applies is None or applies(facts)]
        ahead = [windows.open_window(channel=ENROL, at=facts.at) for windows in theirs]
        opens_at = min((window[0] for window in ahead if window is not None), default=None)
        if opens_at is None:
            last = max(windows.ends_at for windows in theirs or [windows for windows, _ in self.rounds])
            raise RegistrationClosed(ended_at=last.isoformat())
        if facts.at < opens_at:
            raise RegistrationNotOpen(opens_at=opens_at.isoformat())
        if self.rota is not None:
            self.rota.must_be_the_day_of(facts)
