"""An owner asks for another bank account, takes it back, and an officer decides."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER, OWNER
from config.doors import Door
from config.shapes import Instant, Reason, Shape, Totp
from merchants import bank_accounts
from merchants.api.describing import BIC, AccountNumber
from merchants.models import BankAccountChange
from wallet import clock

MOST_SHOWN = 100


class BankAccountAsked(Shape):
    """The new account, and a code from the owner's authenticator made now."""

    bank_code: BIC
    bank_account: AccountNumber
    totp: Totp


class ChangeVouching(Shape):
    """How the officer knows that the account is the shop's own: whom they asked, by which contact."""

    reason: Reason


class ChangeApproving(Shape):
    """A code from the officer's authenticator, made now."""

    totp: Totp


class ChangeRejecting(Shape):
    """Why not."""

    reason: Reason


class BankAccountChangeShown(Shape):
    """A change of a bank account. Payouts are built for the old one until an officer approves it."""

    id: UUID
    merchant_id: UUID
    bank_code: str
    bank_account_masked: str
    state: str
    reason: str
    asked_at: Instant
    cooled_at: Instant
    vouched_at: Instant | None = Field(description="when the first of two officers vouched for it")
    decided_at: Instant | None


class ChangesShown(Shape):
    """Changes of bank accounts."""

    results: list[BankAccountChangeShown]


class BankAccountChangesDoor(Door):
    """Where an owner asks for another bank account."""

    open_to: ClassVar = {"GET": OWNER, "POST": OWNER}

    @extend_schema(responses={200: ChangesShown})
    def get(self, request: Request) -> Response:
        """List the changes that the shop's owners asked for, newest first."""
        found = bank_accounts.of_shop(merchant_id=self.shop_id, at_most=MOST_SHOWN)
        return Response(ChangesShown(results=[_shown(each) for each in found]))

    @extend_schema(request=BankAccountAsked, responses={201: BankAccountChangeShown})
    def post(self, request: Request) -> Response:
        """Ask for another account. A day later an officer may approve it; all owners are told at once."""
        asked = self.body(BankAccountAsked)
        change = bank_accounts.ask(
            staff_id=self.caller.id,
            bank_code=asked.bank_code,
            bank_account=asked.bank_account,
            second_factor=asked.totp,
            at=clock.now(),
        )
        return Response(_shown(change), status=201)


class BankAccountChangeDoor(Door):
    """One change."""

    open_to: ClassVar = {"DELETE": OWNER}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, change_id: UUID) -> Response:
        """Take a change back, whoever of the owners asked for it."""
        bank_accounts.withdraw(staff_id=self.caller.id, change_id=change_id, at=clock.now())
        return Response(status=204)


class WaitingBankAccountChangesDoor(Door):
    """What waits for an officer."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={200: ChangesShown})
    def get(self, request: Request) -> Response:
        """List the changes that wait, oldest first."""
        return Response(ChangesShown(results=[_shown(each) for each in bank_accounts.waiting(at_most=MOST_SHOWN)]))


class BankAccountVouchingDoor(Door):
    """Where a first officer vouches for an account."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(request=ChangeVouching, responses={201: BankAccountChangeShown})
    def post(self, request: Request, change_id: UUID) -> Response:
        """Say how one knows that the account is the shop's own; another officer approves it."""
        change = bank_accounts.vouch(
            change_id=change_id, how=self.body(ChangeVouching).reason, actor=self.officer, at=clock.now()
        )
        return Response(_shown(change), status=201)


class BankAccountApprovalDoor(Door):
    """Where a second officer says yes."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(request=ChangeApproving, responses={201: BankAccountChangeShown})
    def post(self, request: Request, change_id: UUID) -> Response:
        """Approve a change that has cooled off and that another officer vouches for: the next batch pays it."""
        change = bank_accounts.approve(
            change_id=change_id,
            actor=self.officer,
            second_factor=self.body(ChangeApproving).totp,
            at=clock.now(),
        )
        return Response(_shown(change), status=201)


class BankAccountRejectionDoor(Door):
    """Where an officer says no."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(request=ChangeRejecting, responses={201: BankAccountChangeShown})
    def post(self, request: Request, change_id: UUID) -> Response:
        """Reject a change, and say why; the old account stays."""
        change = bank_accounts.reject(
            change_id=change_id, reason=self.body(ChangeRejecting).reason, actor=self.officer, at=clock.now()
        )
        return Response(_shown(change), status=201)


def _shown(change: BankAccountChange) -> BankAccountChangeShown:
    return BankAccountChangeShown(
        id=change.id,
        merchant_id=change.merchant_id,
        bank_code=change.bank_code,
        bank_account_masked=bank_accounts.masked_change(change),
        state=bank_accounts.state_of(change),
        reason=change.reason,
        asked_at=change.asked_at,
        cooled_at=change.cooled_at,
        vouched_at=change.vouched_at,
        decided_at=change.decided_at,
    )
