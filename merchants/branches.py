"""A merchant sells in several places: branches open and close."""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from merchants.models import Branch, Merchant, Poster, Till
from merchants.particulars import Facts
from wallet import audit, tokens
from wallet.ids import uuid7
from wallet.refusals import Refusal


class BranchUnknown(Refusal):
    """The merchant has no such branch, or it is closed."""

    code: ClassVar = "branch_unknown"
    status: ClassVar = 404


def add(*, merchant: Merchant, name: str, facts: Facts, actor: audit.Actor, at: dt.datetime) -> Branch:
    """Open a branch. `facts` (province, district, latitude_e6, longitude_e6) stand before the merchant's."""
    with transaction.atomic(durable=True):
        branch = Branch.objects.create(id=uuid7(), merchant=merchant, name=name, facts=dict(facts), opened_at=at)
        audit.record(actor=actor, act="branch.open", subject_id=branch.id, at=at)
    return branch


def of(*, merchant_id: UUID, branch_id: UUID) -> Branch:
    """Return one of a merchant's open branches.

    :raises BranchUnknown: it is another's, or closed.
    """
    found = Branch.objects.filter(id=branch_id, merchant_id=merchant_id, closed_at=None).first()
    if found is None:
        raise BranchUnknown
    return found


def of_shop(*, merchant_id: UUID) -> list[Branch]:
    """Return a merchant's open branches, oldest first."""
    return list(Branch.objects.filter(merchant_id=merchant_id, closed_at=None).order_by("id"))


def close(*, branch: Branch, actor: audit.Actor, at: dt.datetime) -> None:
    """Close a branch: its tills are signed out, and its posters are worth nothing any more.

    :raises BranchUnknown: it was closed before.
    """
    with transaction.atomic(durable=True):
        if not Branch.objects.filter(id=branch.id, closed_at=None).update(closed_at=at):
            raise BranchUnknown
        for till in Till.objects.select_for_update().filter(branch=branch, revoked_at=None).order_by("id"):
            Till.objects.filter(id=till.id).update(revoked_at=at)
            tokens.revoke(subject_id=till.id, device_id=None, at=at)
        Poster.objects.filter(branch=branch, revoked_at=None).update(revoked_at=at, revoked_by=str(actor))
        audit.record(actor=actor, act="branch.close", subject_id=branch.id, at=at)
