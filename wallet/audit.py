"""Who did what, to whom, and why: one append-only row for each act of an officer, a shop or the timetable."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from wallet.models import OF_THE_HOUSE, AuditEntry, Officer

Kind = Literal["citizen", "cashier", "staff", "officer", "operator", "integrator", "timetable"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it.

    The id is a citizen's, a till's, a staff member's or an officer's; an operator's is their user name, the timetable's
    its task.
    """

    kind: Kind
    id: str

    def __str__(self) -> str:
        """Return the actor as the audit names it: `officer:0198…`."""
        return f"{self.kind}:{self.id}"


def record(*, actor: Actor, act: str, subject_id: UUID | None, at: dt.datetime, **facts: Any) -> None:
    """Keep that `actor` did `act`, with facts that are plain JSON values and hold no personal data."""
    AuditEntry.objects.create(
        actor_kind=actor.kind, actor_id=actor.id, act=act, subject_id=subject_id, facts=facts, at=at
    )


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done, and who did it, as their colleagues call them."""

    entry: AuditEntry
    who: str


def done_by_the_house(
    *,
    kind: Kind | None = None,
    actor_id: str = "",
    act: str = "",
    subject_id: UUID | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before: UUID | None = None,
    at_most: int,
) -> list[Done]:
    """Return what officers, operators and the timetable did, newest first; what shops and citizens did is not shown.

    :param since: the first instant, `until` the first that is not asked for any more.
    :param before: only what is older than this entry.
    """
    rows = AuditEntry.objects.filter(actor_kind__in=OF_THE_HOUSE)
    asked = {
        "actor_kind": kind,
        "actor_id": actor_id,
        "act": act,
        "subject_id": subject_id,
        "at__gte": since,
        "at__lt": until,
        "id__lt": before,
    }
    entries = list(rows.filter(**{name: value for name, value in asked.items() if value}).order_by("-id")[:at_most])
    officers = {entry.actor_id for entry in entries if entry.actor_kind == "officer"}
    names = Officer.objects.filter(id__in=officers).values_list("id", "user__username")
    called = {str(officer_id): name for officer_id, name in names}
    return [Done(entry, called.get(entry.actor_id, entry.actor_id)) for entry in entries]
