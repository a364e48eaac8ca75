"""Who did what, to whom, and why: one append-only row for each act of an officer, a shop or the timetable."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from wallet.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it.

    The id is a citizen's, a till's, a staff member's or an officer's; an operator's is their user name, the timetable's
    its task.
    """

    kind: Literal["citizen", "cashier", "staff", "officer", "operator", "integrator", "timetable"]
    id: str

    def __str__(self) -> str:
        """Return the actor as the audit names it: `officer:0198…`."""
        return f"{self.kind}:{self.id}"


def record(*, actor: Actor, act: str, subject_id: UUID | None, at: dt.datetime, **facts: Any) -> None:
    """Keep that `actor` did `act`, with facts that are plain JSON values and hold no personal data."""
    AuditEntry.objects.create(
        actor_kind=actor.kind, actor_id=actor.id, act=act, subject_id=subject_id, facts=facts, at=at
    )
