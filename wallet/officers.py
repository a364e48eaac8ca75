"""Which finance officer acts."""

from typing import ClassVar

from wallet.audit import Actor
from wallet.models import Officer
from wallet.refusals import Refusal


class NotAnOfficer(Refusal):
    """Only a finance officer may do this."""

    code: ClassVar = "not_an_officer"
    status: ClassVar = 403


def of(actor: Actor) -> Officer:
    """Return the officer who acts.

    :raises NotAnOfficer: somebody else acts, or an officer who has left.
    """
    found = Officer.objects.filter(id=actor.id, user__is_active=True).first() if actor.kind == "officer" else None
    if found is None:
        raise NotAnOfficer
    return found
