"""Somebody of the house looks for a person, or at one. That they did is kept before anything is shown.

Who is looked for is found by the keyed blind index, and shown masked. Who is looked at is shown in full, for a reason.
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from django.db import transaction

from wallet import audit, people, privacy
from wallet.models import Person
from wallet.people import Profile
from wallet.refusals import Refusal

# "see above" is no reason; a ticket's number and three words are.
SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 300

NATIONAL_ID_DIGITS: Final = 13


class CitizenUnknown(Refusal):
    """There is no such citizen."""

    code: ClassVar = "citizen_unknown"
    status: ClassVar = 404


class ReasonTooShort(Refusal):
    """Whoever looks at a person says why, in a sentence."""

    code: ClassVar = "reason_too_short"
    status: ClassVar = 422


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was looked for: enough to know that it is they, and no more."""

    citizen_id: UUID
    masked_name: str
    masked_phone: str


def find(*, number: str, actor: audit.Actor, at: dt.datetime) -> Found:
    """Return whom a phone number (ten digits) or a national ID (thirteen) belongs to, and keep that it was asked.

    The number itself is not kept: it would be somebody's, though nobody here has it.

    :raises CitizenUnknown: nobody's; that is kept too.
    """
    by = "national_id" if len(number) == NATIONAL_ID_DIGITS else "phone"
    person = Person.objects.filter(**{f"{by}_index": privacy.index_of(by, number)}).first()
    with transaction.atomic(durable=True):
        found = None if person is None else person.citizen_id
        audit.record(actor=actor, act="person.search", subject_id=found, at=at, by=by)
    if person is None:
        raise CitizenUnknown
    profile = people.profile(person.citizen_id)
    return Found(person.citizen_id, profile.masked_name, privacy.masked_digits(profile.phone))


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
