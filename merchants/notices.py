"""What a shop must hear of: rows, which its app shows when it asks. Nothing here pretends that somebody was reached."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from merchants.models import Application, Notice
from wallet.ids import uuid7


def tell_shop(*, merchant_id: UUID, code: str, at: dt.datetime, **facts: Any) -> None:
    """Tell the owners and managers of a shop. Facts are plain JSON values and name nobody. Needs a transaction."""
    Notice.objects.create(id=uuid7(), merchant_id=merchant_id, code=code, facts=facts, at=at)


def tell_opener(*, merchant_id: UUID, code: str, at: dt.datetime, **facts: Any) -> None:
    """Tell the citizen who once applied for a shop, in their own app, if one did. Needs a transaction.

    Whoever has stolen an owner's password does not hold the citizen's phone as well.
    """
    citizen_id = Application.objects.filter(id=merchant_id).values_list("citizen_id", flat=True).first()
    if citizen_id is not None:
        tell_citizen(citizen_id=citizen_id, code=code, at=at, **facts)


def tell_citizen(*, citizen_id: UUID, code: str, at: dt.datetime, **facts: Any) -> None:
    """Tell a citizen, in their app. Needs a transaction."""
    Notice.objects.create(id=uuid7(), citizen_id=citizen_id, code=code, facts=facts, at=at)


def show_shop(*, merchant_id: UUID, at_most: int, before: UUID | None = None, at: dt.datetime) -> list[Notice]:
    """Return what a shop was told, newest first, and keep when it was first shown."""
    return _show(Notice.objects.filter(merchant_id=merchant_id, citizen_id=None), at_most, before, at)


def show_citizen(*, citizen_id: UUID, at_most: int, before: UUID | None = None, at: dt.datetime) -> list[Notice]:
    """Return what a citizen was told, newest first, and keep when it was first shown."""
    return _show(Notice.objects.filter(citizen_id=citizen_id, merchant_id=None), at_most, before, at)


def _show(rows: QuerySet[Notice], at_most: int, before: UUID | None, at: dt.datetime) -> list[Notice]:
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[:at_most])
    new = [notice.id for notice in found if notice.shown_at is None]
    if new:
        Notice.objects.filter(id__in=new, shown_at=None).update(shown_at=at)
    return found
