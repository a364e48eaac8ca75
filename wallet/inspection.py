"""An operator looks at a person. They say why, and that they looked is kept before anything is shown."""

import datetime as dt
from typing import ClassVar, Final
from uuid import UUID

from django.db import transaction

from wallet import audit, people
from wallet.models import Person
from wallet.people import Profile
from wallet.refusals import Refusal

# "see above" is no reason; a ticket's number and three words are.
SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 300


class CitizenUnknown(Refusal):
    """There is no such citizen."""

    code: ClassVar = "citizen_unknown"
    status: ClassVar = 404


class ReasonTooShort(Refusal):
    """Whoever looks at a person says why, in a sentence."""

    code: ClassVar = "reason_too_short"
    status: ClassVar = 422


def look(*, citizen_id: UUID, reason: str, actor: audit.Actor, at: dt.datetime) -> Profile:
    """Return what is known about a citizen, after keeping who looked and why.

    :raises ReasonTooShort: nobody could tell later why.
    :raises CitizenUnknown: there is nobody of this id.
    """
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise ReasonTooShort(shortest=SHORTEST_REASON, longest=LONGEST_REASON)
    if not Person.objects.filter(citizen_id=citizen_id).exists():
        raise CitizenUnknown
    with transaction.atomic(durable=True):
        audit.record(actor=actor, act="person.look", subject_id=citizen_id, at=at, reason=reason.strip())
    return people.profile(citizen_id)
