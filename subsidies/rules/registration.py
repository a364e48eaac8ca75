"""When people may enrol."""

from dataclasses import dataclass

from subsidies.rules.conditions import Facts
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


@dataclass(frozen=True, slots=True)
class Registration:
    """The dates and daily hours of enrolment, in rounds; there are none where people are enrolled by list."""

    rounds: tuple[Windows, ...] = ()
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
        windows = [round_.open_window(channel=ENROL, at=facts.at) for round_ in self.rounds]
        opens_at = min((window[0] for window in windows if window is not None), default=None)
        if opens_at is None:
            raise RegistrationClosed(ended_at=max(round_.ends_at for round_ in self.rounds).isoformat())
        if facts.at < opens_at:
            raise RegistrationNotOpen(opens_at=opens_at.isoformat())
        if self.rota is not None:
            self.rota.must_be_the_day_of(facts)
