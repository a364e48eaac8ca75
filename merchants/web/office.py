"""What the finance office does about shops: takes them in or not, stops them, lets their money go elsewhere."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from config.authentication import OFFICER
from config.screens import Screen
from config.shapes import Reason, Shape, Totp
from merchants import applications, bank_accounts, onboarding, suspensions


class Why(Shape):
    """Why."""

    reason: Reason


class Vouching(Shape):
    """How an officer knows."""

    how: Reason


class Approving(Shape):
    """The version that the officer was shown, and a code made now."""

    seen: UUID
    totp: Totp


class Rejecting(Shape):
    """The version that the officer was shown, and why not."""

    seen: UUID
    reason: Reason


class CodeTyped(Shape):
    """A code made now."""

    totp: Totp


class ShopScreen(Screen):
    """A shop as anybody knows it, and whether it may take payments."""

    open_to: ClassVar = OFFICER
    template = "merchants/office_shop.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it; what only its owners may see is shown for a reason, by the API."""
        shop = onboarding.merchant(merchant_id=self.kwargs["merchant_id"])
        return {"shop": shop, "suspension": suspensions.now(merchant=shop)}


class StopScreen(ShopScreen):
    """Where a shop is stopped."""

    def post(self, request: HttpRequest, merchant_id: UUID) -> HttpResponse:
        """Stop it."""
        shop, reason = onboarding.merchant(merchant_id=merchant_id), self.form(Why).reason
        suspensions.suspend(merchant=shop, reason=reason, actor=self.officer, at=self.at)
        return self.to("office-shop", merchant_id)


class GoOnScreen(ShopScreen):
    """Where it may go on."""

    def post(self, request: HttpRequest, merchant_id: UUID) -> HttpResponse:
        """Let it take payments again."""
        shop, reason = onboarding.merchant(merchant_id=merchant_id), self.form(Why).reason
        suspensions.restore(merchant=shop, reason=reason, actor=self.officer, at=self.at)
        return self.to("office-shop", merchant_id)


class ApplicationScreen(Screen):
    """What a shop says of itself, to be decided as it stands."""

    open_to: ClassVar = OFFICER
    template = "merchants/office_application.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it."""
        return {"standing": applications.of(application_id=self.kwargs["application_id"])}

    def post(self, request: HttpRequest, application_id: UUID) -> HttpResponse:
        """Take the shop in, or let its new particulars hold."""
        typed = self.form(Approving)
        applications.approve(
            application_id=application_id,
            seen=typed.seen,
            actor=self.officer,
            second_factor=typed.totp,
            at=self.at,
        )
        return self.to("office-application", application_id)


class NoScreen(ApplicationScreen):
    """Where it is rejected."""

    def post(self, request: HttpRequest, application_id: UUID) -> HttpResponse:
        """Say no, and why."""
        typed = self.form(Rejecting)
        applications.reject(
            application_id=application_id, seen=typed.seen, reason=typed.reason, actor=self.officer, at=self.at
        )
        return self.to("office-application", application_id)


class AccountScreen(Screen):
    """Another bank account that a shop asks for: one officer vouches for it, another approves it."""

    open_to: ClassVar = OFFICER
    template = "merchants/office_account.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the account in force and the one that is asked for, masked, and whether a day has passed."""
        change = bank_accounts.of(change_id=self.kwargs["change_id"])
        return {
            "change": change,
            "state": bank_accounts.state_of(change),
            "was": bank_accounts.masked(change.merchant),
            "asked": bank_accounts.masked_change(change),
            "cooled": self.at >= change.cooled_at,
            "mine": str(change.vouched_by_id) == str(self.caller.id),
        }

    def post(self, request: HttpRequest, change_id: UUID) -> HttpResponse:
        """Approve it with the second factor."""
        code = self.form(CodeTyped).totp
        bank_accounts.approve(change_id=change_id, actor=self.officer, second_factor=code, at=self.at)
        return self.to("office-account", change_id)


class VouchingScreen(AccountScreen):
    """Where a first officer vouches for it."""

    def post(self, request: HttpRequest, change_id: UUID) -> HttpResponse:
        """Keep how they know that it is the shop's own."""
        bank_accounts.vouch(change_id=change_id, how=self.form(Vouching).how, actor=self.officer, at=self.at)
        return self.to("office-account", change_id)


class NoAccountScreen(AccountScreen):
    """Where it is rejected."""

    def post(self, request: HttpRequest, change_id: UUID) -> HttpResponse:
        """Say no, and why."""
        bank_accounts.reject(change_id=change_id, reason=self.form(Why).reason, actor=self.officer, at=self.at)
        return self.to("office-account", change_id)
