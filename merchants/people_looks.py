"""An officer looks at a citizen: they say why, that is kept, and only then is anything shown."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from merchants import receipts
from merchants.receipts import Receipt
from subsidies import freezing, rights, standing
from subsidies.models import Freeze
from subsidies.rights import Home
from subsidies.standing import Standing
from wallet import audit, inspection, officers, people, refused
from wallet.audit import Done
from wallet.models import Device, RefusalRecord
from wallet.people import Profile

# What is shown of each history: a week or two of most people's.
NEWEST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that an officer is shown of a citizen.

    :ivar home: their own money, and what is left of each right.
    :ivar standings: every scheme that they asked to join, and what came of it.
    :ivar freezes: when their rights were stopped, newest first; the first may still be open.
    :ivar looks: who looked at them, or did something about their rights, and why.
    """

    profile: Profile
    phones: list[Device]
    home: Home
    standings: list[Standing]
    receipts: list[Receipt]
    refusals: list[RefusalRecord]
    freezes: list[Freeze]
    looks: list[Done]


def dossier(*, citizen_id: UUID, reason: str, actor: audit.Actor, at: dt.datetime) -> Dossier:
    """Return what is known of a citizen, and keep that this officer has looked, and why.

    :raises NotAnOfficer | ReasonTooShort | CitizenUnknown:
    """
    officers.of(actor)
    profile = inspection.look(citizen_id=citizen_id, reason=reason, actor=actor, at=at)
    return Dossier(
        profile=profile,
        phones=people.devices(citizen_id=citizen_id),
        home=rights.home(citizen_id=citizen_id, at=at),
        standings=standing.of_citizen(citizen_id=citizen_id),
        receipts=receipts.newest(citizen_id=citizen_id, at_most=NEWEST),
        refusals=refused.newest(citizen_id=citizen_id, at_most=NEWEST),
        freezes=freezing.of_citizen(citizen_id=citizen_id, at_most=NEWEST),
        looks=audit.done_by_the_house(subject_id=citizen_id, at_most=NEWEST),
    )
