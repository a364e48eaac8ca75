"""Which finance officer acts."""

import datetime as dt
from typing import ClassVar

from django.db import transaction

from wallet import audit
from wallet.audit import Actor
from wallet.models import Officer
from wallet.refusals import Refusal


class NotAnOfficer(Refusal):
    """Only a finance officer may do this."""

    code: ClassVar = "not_an_officer"
    status: ClassVar = 403


def appoint(*, officer: Officer, actor: Actor, at: dt.datetime) -> None:
    """Make a person, who signs in as a Django user with a device of their own, a finance officer."""
    with transaction.atomic():  # the admin has a transaction of its own around it
        officer.save(force_insert=True)
        audit.record(actor=actor, act="officer.appoint", subject_id=officer.id, at=at)


def of(actor: Actor) -> Officer:
    """Return the officer who acts.

    :raises NotAnOfficer: somebody else acts, or an officer who has left.
    """
    found = Officer.objects.filter(id=actor.id, user__is_active=True).first() if actor.kind == "officer" else None
    if found is None:
        raise NotAnOfficer
    return found


def must_not_have_left(actor: Actor) -> None:
    """Return unless an officer acts who has left: their token may be good for some minutes more.

    :raises NotAnOfficer:
    """
    if actor.kind == "officer":
        of(actor)


def everyone() -> list[Officer]:
    """Return all officers by name, also who has left: what they did stays."""
    return list(Officer.objects.select_related("user").order_by("user__username"))
