"""A citizen changes what their scheme lets them change after enrolling: so often, until so long."""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from subsidies import entitlements, schemes
from subsidies.enrolment import why_over
from subsidies.models import Enrolment, FactChange
from subsidies.rules.changes import ChangeUnknown
from wallet import keys, ledger, people
from wallet.ids import uuid7
from wallet.refusals import Refusal


class EnrolmentUnknown(Refusal):
    """The citizen has no such place."""

    code: ClassVar = "enrolment_unknown"
    status: ClassVar = 404


class NothingChanged(Refusal):
    """It is so already; asking has not used up a change."""

    code: ClassVar = "nothing_changed"


def change_fact(
    *, citizen_id: UUID, device_id: UUID, enrolment_id: UUID, code: str, value: str, key: str, at: dt.datetime
) -> FactChange:
    """Change a fact by which the citizen's sales are judged, such as the province they chose.

    :param code: of the row in the scheme's `[[changes]]`, under the version in force.
    :raises DeviceRevoked: the phone that asks was signed out.
    :raises EnrolmentUnknown | RightForfeited | RightGivenUp | KeyReused | NothingChanged:
    :raises ChangeUnknown | ChangeOver | ChangeUsedUp: the scheme does not let them.
    """
    content = {"change": code, "enrolment": enrolment_id, "value": value}
    with ledger.posting(citizens=[citizen_id]):
        people.must_be_signed_in(citizen_id=citizen_id, device_id=device_id)
        change_id = uuid7()
        if was := keys.claim(caller_id=citizen_id, key=key, content=content, outcome_id=change_id, at=at):
            return FactChange.objects.get(id=was)
        enrolment = held(citizen_id=citizen_id, enrolment_id=enrolment_id)
        rules = schemes.of_place(enrolment, at=at)
        times = FactChange.objects.filter(enrolment_id=enrolment.id, code=code).count()
        entitlements.change(scheme=rules, code=code, times_before=times, was_used=False, at=at)
        fact = rules.changes[code].fact
        if fact is None:
            raise ChangeUnknown(change=code)
        before = enrolment.person.get(fact)
        if before == value:
            raise NothingChanged(change=code)
        enrolment.person = {**enrolment.person, fact: value}
        enrolment.save(update_fields=["person"])
        return FactChange.objects.create(
            id=change_id,
            citizen_id=citizen_id,
            enrolment_id=enrolment.id,
            code=code,
            number=times + 1,
            fact=fact,
            was=before,
            value=value,
            at=at,
        )


def held(*, citizen_id: UUID, enrolment_id: UUID) -> Enrolment:
    """Return a citizen's own place, under their lock.

    :raises EnrolmentUnknown: it is another's, or nobody's.
    :raises RightForfeited | RightGivenUp: it was theirs.
    """
    found = Enrolment.objects.filter(id=enrolment_id, citizen_id=citizen_id).first()
    if found is None:
        raise EnrolmentUnknown
    if over := why_over(found):
        raise over
    return found
