"""Who works at a shop, what they may do, and that they leave.

A token says what somebody was when it was made. What must hold to the minute is asked here, of the row.
"""

import datetime as dt
from typing import ClassVar, Final, cast
from uuid import UUID

from django.db import transaction

from merchants.models import Merchant, Role, Staff
from wallet import audit, tokens
from wallet.refusals import Refusal
from wallet.tokens import StaffRole

OWNERS: Final = (Role.OWNER,)
MANAGERS: Final = (Role.OWNER, Role.MANAGER)


class NotAtWork(Refusal):
    """They have left the shop, or are not of its staff, or may not do this in their role."""

    code: ClassVar = "not_at_work"
    status: ClassVar = 403


class StaffUnknown(Refusal):
    """Nobody of this id works at the shop."""

    code: ClassVar = "staff_unknown"
    status: ClassVar = 404


class LastOwner(Refusal):
    """A shop keeps at least one owner."""

    code: ClassVar = "last_owner"


def actor(member: Staff) -> audit.Actor:
    """Return a member of the staff as operations and the audit know them."""
    return audit.Actor("staff", str(member.id))


def role_of(member: Staff) -> StaffRole:
    """Return what a member of the staff is, as their token will say it."""
    return cast(StaffRole, member.role)  # one of the choices of the column


def at_work(*, staff_id: UUID, roles: tuple[Role, ...] = (Role.OWNER, Role.MANAGER, Role.CASHIER)) -> Staff:
    """Return somebody who works at their shop now, in one of these roles.

    :raises NotAtWork: they left, or have another role.
    """
    found = Staff.objects.select_related("merchant").filter(id=staff_id, left_at=None, role__in=roles).first()
    if found is None:
        raise NotAtWork
    return found


def of_shop(*, merchant_id: UUID) -> list[Staff]:
    """Return who works at a shop, oldest first."""
    return list(Staff.objects.select_related("user").filter(merchant_id=merchant_id, left_at=None).order_by("id"))


def leave(*, staff_id: UUID, by: Staff, at: dt.datetime) -> None:
    """Let somebody leave the shop: they get no new access token. Anybody may leave; only an owner sends others away.

    :raises NotAtWork: `by` may not send this person away.
    :raises StaffUnknown: nobody of this id works at the shop.
    :raises LastOwner:
    """
    if staff_id != by.id and by.role != Role.OWNER:
        raise NotAtWork
    with transaction.atomic(durable=True):
        member = _locked(staff_id, merchant_id=by.merchant_id)
        _must_keep_an_owner(member)
        Staff.objects.filter(id=member.id).update(left_at=at)
        tokens.revoke(subject_id=member.id, device_id=None, at=at)
        audit.record(actor=actor(by), act="staff.leave", subject_id=member.id, at=at)


def change_role(*, staff_id: UUID, role: Role, by: Staff, at: dt.datetime) -> Staff:
    """Let an owner give somebody another role. They sign in anew; owners are made by invitation, with a second factor.

    :raises NotAtWork: `by` is no owner, or the new role is owner.
    :raises StaffUnknown | LastOwner:
    """
    if by.role != Role.OWNER or role == Role.OWNER:
        raise NotAtWork
    with transaction.atomic(durable=True):
        member = _locked(staff_id, merchant_id=by.merchant_id)
        _must_keep_an_owner(member)
        Staff.objects.filter(id=member.id).update(role=role)
        tokens.revoke(subject_id=member.id, device_id=None, at=at)
        audit.record(actor=actor(by), act="staff.change_role", subject_id=member.id, at=at, was=member.role, role=role)
    member.role = role
    return member


def _locked(staff_id: UUID, *, merchant_id: UUID) -> Staff:
    # The shop's row, so that of two owners who leave at once one stays.
    Merchant.objects.select_for_update(no_key=True).get(id=merchant_id)
    found = Staff.objects.filter(id=staff_id, merchant_id=merchant_id, left_at=None).first()
    if found is None:
        raise StaffUnknown
    return found


def _must_keep_an_owner(member: Staff) -> None:
    owners = Staff.objects.filter(merchant_id=member.merchant_id, role=Role.OWNER, left_at=None)
    if member.role == Role.OWNER and not owners.exclude(id=member.id).exists():
        raise LastOwner
