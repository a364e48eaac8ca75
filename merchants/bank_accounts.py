"""Where a shop's money goes, and how that is changed without a thief's being quicker than the owner.

An owner asks with a second factor; a day must pass in which all owners, and the citizen who once opened the shop, can
see it and take it back; one officer vouches for it, having asked the shop by its old contact; then another approves it.
Until that moment payouts are built for the old account.
"""

import datetime as dt
from typing import ClassVar, Final, Literal
from uuid import UUID

from django.db import IntegrityError, transaction

from merchants import notices, staff
from merchants.models import BankAccountChange, Merchant, Role, Staff
from wallet import audit, officers, privacy, second_factors
from wallet.ids import uuid7
from wallet.refusals import Refusal

COOLING_OFF: Final = dt.timedelta(hours=24)
# A change that is neither decided nor withdrawn.
OPEN: Final = {"decided_at": None, "withdrawn_at": None}


class ChangeUnknown(Refusal):
    """There is no such change of a bank account, or not of this shop."""

    code: ClassVar = "bank_account_change_unknown"
    status: ClassVar = 404


class ChangeWaits(Refusal):
    """A change of this shop's bank account is being looked at already."""

    code: ClassVar = "bank_account_change_waits"


class ChangeEnded(Refusal):
    """The change was decided or withdrawn."""

    code: ClassVar = "bank_account_change_ended"


class CoolingOff(Refusal):
    """The day in which the shop's people can take it back is not over."""

    code: ClassVar = "cooling_off"


class ApproverAsked(Refusal):
    """Who asked for it never approves it."""

    code: ClassVar = "approver_asked"
    status: ClassVar = 403


class NotVouchedFor(Refusal):
    """No officer has said yet how they know that the account is the shop's own."""

    code: ClassVar = "not_vouched_for"


class VouchedAlready(Refusal):
    """An officer vouches for it already; another one approves it."""

    code: ClassVar = "vouched_already"


class ApproverVouched(Refusal):
    """Who vouches for it never approves it."""

    code: ClassVar = "approver_vouched"
    status: ClassVar = 403


def masked(merchant: Merchant) -> str:
    """Return a shop's bank account in force, all but its last four digits hidden."""
    return privacy.masked_digits(_opened(merchant.bank_account_sealed, merchant.id))


def masked_change(change: BankAccountChange) -> str:
    """Return the account that is asked for, all but its last four digits hidden."""
    return privacy.masked_digits(_opened(change.bank_account_sealed, change.merchant_id))


def state_of(change: BankAccountChange) -> Literal["waiting", "withdrawn", "approved", "rejected"]:
    """Return how a change stands."""
    if change.withdrawn_at is not None:
        return "withdrawn"
    if change.approved is None:
        return "waiting"
    return "approved" if change.approved else "rejected"


def ask(*, staff_id: UUID, bank_code: str, bank_account: str, second_factor: str, at: dt.datetime) -> BankAccountChange:
    """Ask, as an owner, that the shop's money go to another account.

    :raises NotAtWork: only an owner may.
    :raises SecondFactorWrong: counted, and that alone is committed.
    :raises ChangeWaits: another change is not decided yet.
    """
    try:
        with transaction.atomic(durable=True):
            owner = staff.at_work(staff_id=staff_id, roles=(Role.OWNER,))
            wrong = second_factors.judge_user(user_id=owner.user_id, code=second_factor)
            if wrong is None:
                return _write(owner, bank_code, bank_account, at)
    except IntegrityError as error:
        raise ChangeWaits from error
    raise wrong


def withdraw(*, staff_id: UUID, change_id: UUID, at: dt.datetime) -> None:
    """Take a change back, as any of the shop's owners: one's own, or one that somebody else smuggled in.

    :raises NotAtWork | ChangeUnknown | ChangeEnded:
    """
    owner = staff.at_work(staff_id=staff_id, roles=(Role.OWNER,))
    with transaction.atomic(durable=True):
        change = _of_shop(change_id, owner.merchant_id)
        _end(change, withdrawn_at=at)
        audit.record(actor=staff.actor(owner), act="bank_account.withdraw", subject_id=change.id, at=at)


def vouch(*, change_id: UUID, how: str, actor: audit.Actor, at: dt.datetime) -> BankAccountChange:
    """Vouch, as the first of two officers, that the account is the shop's own; the day of cooling off may still run.

    :param how: how the officer knows: whom they asked, by which contact; never the one that came with the change.
    :raises NotAnOfficer | ChangeUnknown | ApproverAsked | VouchedAlready | ChangeEnded:
    """
    officer = officers.of(actor)
    with transaction.atomic(durable=True):
        change = of(change_id=change_id)
        if change.asked_by.user_id == officer.user_id:
            raise ApproverAsked
        vouched = {"vouched_by": officer, "vouched_at": at, "vouched_for": how}
        if not BankAccountChange.objects.filter(**OPEN, id=change.id, vouched_by=None).update(**vouched):
            raise VouchedAlready if state_of(of(change_id=change_id)) == "waiting" else ChangeEnded
        audit.record(actor=actor, act="bank_account.vouch", subject_id=change.id, at=at, reason=how)
    return of(change_id=change_id)


def approve(*, change_id: UUID, actor: audit.Actor, second_factor: str, at: dt.datetime) -> BankAccountChange:
    """Approve, as the second of two officers, a change that has cooled off: batches from now on pay the new account.

    :raises NotAnOfficer | ChangeUnknown | ApproverAsked | ApproverVouched | CoolingOff | NotVouchedFor | ChangeEnded:
    :raises SecondFactorWrong: counted, and that alone is committed.
    """
    officer = officers.of(actor)
    with transaction.atomic(durable=True):
        change = of(change_id=change_id)
        if change.asked_by.user_id == officer.user_id:
            raise ApproverAsked
        if change.vouched_by_id == officer.id:
            raise ApproverVouched
        if state_of(change) != "waiting":
            raise ChangeEnded
        if change.vouched_by_id is None:
            raise NotVouchedFor
        if at < change.cooled_at:
            raise CoolingOff(until_at=change.cooled_at.isoformat())
        wrong = second_factors.judge_user(user_id=officer.user_id, code=second_factor)
        if wrong is None:
            _end(change, approved=True, officer=officer, decided_at=at)
            Merchant.objects.filter(id=change.merchant_id).update(
                bank_code=change.bank_code, bank_account_sealed=change.bank_account_sealed
            )
            audit.record(actor=actor, act="bank_account.approve", subject_id=change.id, at=at)
            _tell(change, "bank_account_changed", at=at)
            return change
        audit.record(actor=actor, act="bank_account.second_factor_wrong", subject_id=change.id, at=at)
    raise wrong


def reject(*, change_id: UUID, reason: str, actor: audit.Actor, at: dt.datetime) -> BankAccountChange:
    """Reject a change, at any time before it is decided: the old account stays.

    :raises NotAnOfficer | ChangeUnknown | ChangeEnded:
    """
    officer = officers.of(actor)
    with transaction.atomic(durable=True):
        change = of(change_id=change_id)
        _end(change, approved=False, officer=officer, decided_at=at, reason=reason)
        audit.record(actor=actor, act="bank_account.reject", subject_id=change.id, at=at, reason=reason)
        _tell(change, "bank_account_change_rejected", at=at, reason=reason)
    return change


def waiting(*, at_most: int) -> list[BankAccountChange]:
    """Return the changes that wait for an officer, oldest first."""
    rows = BankAccountChange.objects.select_related("merchant").filter(**OPEN)
    return list(rows.order_by("id")[:at_most])


def of_shop(*, merchant_id: UUID, at_most: int) -> list[BankAccountChange]:
    """Return a shop's changes, newest first."""
    return list(BankAccountChange.objects.filter(merchant_id=merchant_id).order_by("-id")[:at_most])


def _write(owner: Staff, bank_code: str, bank_account: str, at: dt.datetime) -> BankAccountChange:
    change = BankAccountChange.objects.create(
        id=uuid7(),
        merchant_id=owner.merchant_id,
        bank_code=bank_code,
        bank_account_sealed=privacy.seal({"account": bank_account}, subject_id=owner.merchant_id),
        asked_by=owner,
        asked_at=at,
        cooled_at=at + COOLING_OFF,
    )
    audit.record(actor=staff.actor(owner), act="bank_account.ask", subject_id=change.id, at=at)
    _tell(change, "bank_account_change_asked", at=at, cooled_at=change.cooled_at.isoformat())
    return change


def of(*, change_id: UUID) -> BankAccountChange:
    """Return a change of a bank account, with its shop and who asked.

    :raises ChangeUnknown: there is none of this id.
    """
    found = BankAccountChange.objects.select_related("asked_by", "merchant").filter(id=change_id).first()
    if found is None:
        raise ChangeUnknown
    return found


def _of_shop(change_id: UUID, merchant_id: UUID) -> BankAccountChange:
    change = of(change_id=change_id)
    if change.merchant_id != merchant_id:
        raise ChangeUnknown
    return change


def _end(change: BankAccountChange, **how: object) -> None:
    # Whoever comes second, a withdrawal beside an approval, waits for the row here and then finds it ended.
    if not BankAccountChange.objects.filter(**OPEN, id=change.id).update(**how):
        raise ChangeEnded
    for name, value in how.items():
        setattr(change, name, value)


def _tell(change: BankAccountChange, code: str, *, at: dt.datetime, **facts: str) -> None:
    said = {"account": masked_change(change), **facts}
    notices.tell_shop(merchant_id=change.merchant_id, code=code, at=at, **said)
    notices.tell_opener(merchant_id=change.merchant_id, code=code, at=at, **said)


def _opened(sealed: bytes | memoryview, merchant_id: UUID) -> str:
    account: str = privacy.unseal(sealed, subject_id=merchant_id)["account"]
    return account
