"""A shop is stopped from taking payments, and let go on: rows with who, when and why."""

import datetime as dt
from typing import ClassVar, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from merchants import notices
from merchants.models import Merchant, Suspension
from wallet import audit, officers
from wallet.ids import uuid7
from wallet.refusals import Refusal

LASTS: Final = "SELECT EXISTS (SELECT 1 FROM merchants_suspension WHERE merchant_id = %s AND lifted_at IS NULL)"


class AlreadySuspended(Refusal):
    """The merchant is suspended already."""

    code: ClassVar = "already_suspended"


class NotSuspended(Refusal):
    """There is no suspension to lift."""

    code: ClassVar = "not_suspended"


def suspend(*, merchant: Merchant, reason: str, actor: audit.Actor, at: dt.datetime) -> Suspension:
    """Stop a merchant from taking payments.

    :raises NotAnOfficer: it is an officer who has left.
    :raises AlreadySuspended: it is stopped already.
    """
    officers.must_not_have_left(actor)
    try:
        with transaction.atomic(durable=True):
            audit.record(actor=actor, act="merchant.suspend", subject_id=merchant.id, at=at, reason=reason)
            notices.tell_shop(merchant_id=merchant.id, code="shop_suspended", at=at, reason=reason)
            return Suspension.objects.create(id=uuid7(), merchant=merchant, by=str(actor), reason=reason, at=at)
    except IntegrityError as error:
        raise AlreadySuspended from error


def now(*, merchant: Merchant) -> Suspension | None:
    """Return why a merchant may not take payments, or None if it may."""
    return Suspension.objects.filter(merchant=merchant, lifted_at=None).first()


def lasts(*, merchant_id: UUID) -> bool:
    """Tell whether a merchant may not take payments; each capture asks."""
    with connection.cursor() as cursor:
        cursor.execute(LASTS, [merchant_id])
        (found,) = cursor.fetchone()
        return bool(found)


def restore(*, merchant: Merchant, reason: str, actor: audit.Actor, at: dt.datetime) -> None:
    """Let a suspended merchant take payments again.

    :raises NotAnOfficer: it is an officer who has left.
    :raises NotSuspended: it is not suspended.
    """
    officers.must_not_have_left(actor)
    with transaction.atomic(durable=True):
        open_ones = Suspension.objects.filter(merchant=merchant, lifted_at=None)
        if not open_ones.update(lifted_at=at, lifted_by=str(actor), lifted_reason=reason):
            raise NotSuspended
        audit.record(actor=actor, act="merchant.restore", subject_id=merchant.id, at=at, reason=reason)
        notices.tell_shop(merchant_id=merchant.id, code="shop_restored", at=at, reason=reason)
