"""Somebody's rights wait until they have been looked at. Their own money does not."""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from subsidies.models import Freeze, LimitBreach
from wallet import audit, officers
from wallet.ids import uuid7
from wallet.refusals import Refusal


class RightFrozen(Refusal):
    """The citizen's rights wait for somebody to look at them; their own money does not."""

    code: ClassVar = "right_frozen"


class AlreadyFrozen(Refusal):
    """The citizen's rights are frozen."""

    code: ClassVar = "already_frozen"


class NotFrozen(Refusal):
    """The citizen's rights are not frozen."""

    code: ClassVar = "not_frozen"


def freeze(*, citizen_id: UUID, reason: str, actor: audit.Actor, at: dt.datetime) -> Freeze:
    """Stop all rights of a citizen: payments with schemes are refused from now on.

    :raises NotAnOfficer: it is an officer who has left.
    :raises AlreadyFrozen: they are stopped.
    """
    officers.must_not_have_left(actor)
    with transaction.atomic(durable=True):
        found, made = Freeze.objects.get_or_create(
            citizen_id=citizen_id,
            lifted_at=None,
            defaults={"id": uuid7(), "reason": reason, "frozen_by": str(actor), "frozen_at": at},
        )
        if not made:
            raise AlreadyFrozen
        audit.record(actor=actor, act="rights.freeze", subject_id=citizen_id, at=at, reason=reason)
    return found


def lift(*, citizen_id: UUID, actor: audit.Actor, at: dt.datetime) -> None:
    """Let a citizen use their rights again.

    :raises NotAnOfficer: it is an officer who has left.
    :raises NotFrozen: nothing stops them.
    """
    officers.must_not_have_left(actor)
    with transaction.atomic(durable=True):
        stopped = Freeze.objects.filter(citizen_id=citizen_id, lifted_at=None)
        if not stopped.update(lifted_at=at, lifted_by=str(actor)):
            raise NotFrozen
        audit.record(actor=actor, act="rights.lift", subject_id=citizen_id, at=at)


def must_not_be(*, citizen_id: UUID) -> None:
    """Return if the citizen may use their rights.

    :raises RightFrozen: they may not.
    """
    if Freeze.objects.filter(citizen_id=citizen_id, lifted_at=None).exists():
        raise RightFrozen


def of_citizen(*, citizen_id: UUID, at_most: int) -> list[Freeze]:
    """Return when a citizen's rights were stopped, newest first; the first may still be open."""
    return list(Freeze.objects.filter(citizen_id=citizen_id).order_by("-id")[:at_most])


def now(*, citizen_id: UUID) -> Freeze | None:
    """Return why a citizen may not use their rights, or None if they may."""
    return Freeze.objects.filter(citizen_id=citizen_id, lifted_at=None).first()


def open_ones(*, at_most: int) -> list[Freeze]:
    """Return whose rights wait for somebody to look at them, the longest-waiting first."""
    return list(Freeze.objects.filter(lifted_at=None).order_by("id")[:at_most])


def breaches(*, at_most: int, before: UUID | None = None) -> list[tuple[LimitBreach, bool]]:
    """Return what the audit of limits found, newest first, and whether the citizen's rights are frozen now."""
    found = LimitBreach.objects.all() if before is None else LimitBreach.objects.filter(id__lt=before)
    newest = list(found.order_by("-id")[:at_most])
    frozen = set(
        Freeze.objects.filter(citizen_id__in=[breach.citizen_id for breach in newest], lifted_at=None).values_list(
            "citizen_id", flat=True
        )
    )
    return [(breach, breach.citizen_id in frozen) for breach in newest]
