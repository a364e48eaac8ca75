"""Where a citizen stands with the schemes that they asked to join, or that called them from a list.

They are in, in the queue, passed over, or out.
"""

from dataclasses import dataclass
from uuid import UUID

from subsidies import schemes, tickets
from subsidies.compiled import Scheme
from subsidies.models import OPEN_TO_ALL, Enrolment, Forfeit, PassedOver, SchemeVersion, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What came of asking for a place in one scheme, or of being called to it, as it stands now.

    :ivar scheme: the version under which they are in; for who waits, the newest.
    :ivar ahead: how many wait before them; None for who does not wait.
    :ivar passed_over: why, when their turn came, in the queue or on the list, and they are without a place.
    """

    scheme: Scheme
    pool: str
    ticket: Ticket | None
    enrolment: Enrolment | None
    ahead: int | None
    passed_over: PassedOver | None
    forfeit: Forfeit | None


def of_citizen(*, citizen_id: UUID) -> list[Standing]:
    """Return where a citizen stands in every scheme that they asked to join or that called them, newest first."""
    drawn = {ticket.scheme_id: ticket for ticket in Ticket.objects.filter(citizen_id=citizen_id)}
    held = {one.scheme_id: one for one in Enrolment.objects.filter(citizen_id=citizen_id)}
    passed = {one.scheme_id: one for one in PassedOver.objects.filter(citizen_id=citizen_id).order_by("id")}
    lost = {one.enrolment_id: one for one in Forfeit.objects.filter(enrolment_id__in=[e.id for e in held.values()])}
    asked_at = {scheme_id: ticket.drawn_at for scheme_id, ticket in drawn.items()}
    asked_at |= {scheme_id: one.enrolled_at for scheme_id, one in held.items() if scheme_id not in drawn}
    asked_at = {scheme_id: one.at for scheme_id, one in passed.items()} | asked_at
    newest = _newest_versions([scheme_id for scheme_id in asked_at if scheme_id not in held])
    found = []
    for scheme_id in sorted(asked_at, key=asked_at.__getitem__, reverse=True):
        ticket, enrolment = drawn.get(scheme_id), held.get(scheme_id)
        waits = ticket is not None and ticket.waits
        found.append(
            Standing(
                scheme=schemes.compiled(enrolment.version_id if enrolment else newest[scheme_id]),
                pool=enrolment.pool if enrolment else ticket.pool if ticket else OPEN_TO_ALL,
                ticket=ticket,
                enrolment=enrolment,
                ahead=tickets.ahead(ticket) if ticket and waits else None,
                passed_over=None if enrolment or waits else passed.get(scheme_id),
                forfeit=lost.get(enrolment.id) if enrolment else None,
            )
        )
    return found


def _newest_versions(scheme_ids: list[UUID]) -> dict[UUID, UUID]:
    versions = SchemeVersion.objects.filter(scheme_id__in=scheme_ids).order_by("scheme_id", "-number")
    return dict(versions.distinct("scheme_id").values_list("scheme_id", "id"))
