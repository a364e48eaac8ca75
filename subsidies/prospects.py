"""Each scheme as one citizen sees it: they are in, they wait, they may join, or why they may not."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from subsidies import entitlements, funding, people_facts, schemes, standing, stops
from subsidies.compiled import Scheme
from subsidies.models import Enrolment, PassedOver, SchemeVersion
from subsidies.rules.registration import EnrolledByList
from subsidies.standing import Standing
from wallet.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Prospect:
    """One scheme in force, as one citizen sees it.

    :ivar standing: what came of asking for a place; None for who never asked.
    :ivar no: why they may not join it now.
    """

    scheme: Scheme
    standing: Standing | None
    no: Refusal | None

    @property
    def place(self) -> Enrolment | None:
        """Their place, if they are in."""
        return self.standing.enrolment if self.standing and not self.standing.forfeit else None

    @property
    def ahead(self) -> int | None:
        """How many wait before them; None for who does not wait."""
        return self.standing.ahead if self.standing else None

    @property
    def why(self) -> Refusal | PassedOver | None:
        """What they are told of a no: where a list enrols, why they were passed over, if they were called."""
        called = self.standing.passed_over if self.standing else None
        return called if called and isinstance(self.no, EnrolledByList) else self.no

    @property
    def may_join(self) -> bool:
        """Whether asking would give them a place now, or a number in the queue."""
        lost = self.standing is not None and self.standing.forfeit is not None
        return self.place is None and self.ahead is None and self.no is None and not lost


def all_of(*, citizen_id: UUID, at: dt.datetime) -> list[Prospect]:
    """Return every scheme in force, by code, as this citizen sees it."""
    stands = _stands(citizen_id)
    return [_prospect(version, stands, citizen_id, at) for version in schemes.all_in_force(at=at)]


def of(*, citizen_id: UUID, code: str, at: dt.datetime) -> Prospect:
    """Return one scheme as this citizen sees it.

    :raises SchemeUnknown: no such scheme is in force.
    """
    return _prospect(schemes.in_force(code=code, at=at), _stands(citizen_id), citizen_id, at)


def _stands(citizen_id: UUID) -> dict[str, Standing]:
    return {found.scheme.code: found for found in standing.of_citizen(citizen_id=citizen_id)}


def _prospect(version: SchemeVersion, stands: dict[str, Standing], citizen_id: UUID, at: dt.datetime) -> Prospect:
    rules = schemes.compiled(version.id)
    stand = stands.get(rules.code)
    if stand is not None and (stand.enrolment is not None or stand.ahead is not None):
        return Prospect(rules, stand, None)
    try:
        entitlements.grant(scheme=rules, person=people_facts.facts_of(citizen_id=citizen_id, at=at), at=at)
        stops.must_go_on(scheme_id=version.scheme_id, at=at)
        funding.must_be_funded(version)
    except Refusal as refusal:
        return Prospect(rules, stand, refusal)
    return Prospect(rules, stand, None)
