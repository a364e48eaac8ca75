"""What the finance office does about shops: takes them in or not, stops them, lets their money go elsewhere."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from pydantic import StringConstraints

from config.authentication import OFFICER
from config.screens import Screen
from config.shapes import Reason, Shape, Totp
from merchants import applications, approvals, bank_accounts, banks, finding, looks, onboarding, suspensions

SHOPS_SHOWN: Final = 50
APPLICATIONS_SHOWN: Final = 50
LOOKS_SHOWN: Final = 20


class Why(Shape):
    """Why."""

    reason: Reason


class Vouching(Shape):
    """How an officer knows."""

    how: Reason


class Looking(Shape):
    """Why an officer looks. Another name than the other reason: both stand on one page."""

    look: Reason


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


class ShopsAsked(Shape):
    """How the name begins, or the e-wallet id; whether only who may not take payments is shown; before which shop."""

    words: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] = ""
    stopped: Literal["", "yes"] = ""
    before: UUID | None = None


class ShopsScreen(Screen):
    """Every shop, the newest first, and the applications that wait."""

    open_to: ClassVar = OFFICER
    template = "merchants/office_shops.html"

    def seen(self) -> Mapping[str, Any]:
        """Return a page of them."""
        asked = self.query(ShopsAsked)
        found = finding.shops(
            words=asked.words, suspended=asked.stopped == "yes", before=asked.before, at_most=SHOPS_SHOWN + 1
        )
        return {
            "asked": asked,
            "shops": found[:SHOPS_SHOWN],
            "next": found[SHOPS_SHOWN - 1].shop.id if len(found) > SHOPS_SHOWN else None,
            "applications": applications.waiting(at_most=APPLICATIONS_SHOWN),
        }


class ShopScreen(Screen):
    """A shop as anybody knows it, whether it may take payments, and who looked at what only its owners see."""

    open_to: ClassVar = OFFICER
    template = "merchants/office_shop.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it; what only its owners may see is shown for a reason."""
        shop = onboarding.merchant(merchant_id=self.kwargs["merchant_id"])
        return {
            "shop": shop,
            "suspension": suspensions.now(merchant=shop),
            "looks": looks.of_shop(merchant_id=shop.id, at_most=LOOKS_SHOWN),
        }


class DossierScreen(ShopScreen):
    """Where an officer says why they look at a shop's data, and sees it this once."""

    def post(self, request: HttpRequest, merchant_id: UUID) -> HttpResponse:
        """Show it."""
        why = self.form(Looking).look
        found = looks.dossier(merchant_id=merchant_id, reason=why, actor=self.officer, at=self.at)
        return self.show(dossier=found, bank=banks.called(found.merchant.bank_code))


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
        standing = applications.of(application_id=self.kwargs["application_id"])
        return {"standing": standing, "bank": banks.called(standing.version.bank_code)}

    def post(self, request: HttpRequest, application_id: UUID) -> HttpResponse:
        """Take the shop in, or let its new particulars hold."""
        typed = self.form(Approving)
        approvals.approve(
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
        approvals.reject(
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
            "bank_was": banks.called(change.merchant.bank_code),
            "asked": bank_accounts.masked_change(change),
            "bank_asked": banks.called(change.bank_code),
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
