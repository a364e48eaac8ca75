"""What a shop is known by, where its money goes and which terms it has accepted: seen and changed by its owners."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from config.authentication import MANAGERS, OWNER, STAFF
from config.shapes import Code, Reason, Shape, Totp
from merchants import applications, bank_accounts, banks, looks, notices, onboarding, particulars, staff
from merchants.models import BankAccountChange, Role
from merchants.particulars import AlreadyAccepted
from merchants.web.describing import AccountTyped, ShopTyped, choices
from merchants.web.shops import OfShop
from subsidies import schemes

MOST_SHOWN: Final = 20


class ShopCorrected(ShopTyped):
    """What the shop is to be known by from now on, and why."""

    reason: Reason


class AnotherAccount(AccountTyped):
    """Another account, and the digits of the owner's authenticator app."""

    totp: Totp


class ChangeMeant(Shape):
    """Which change of the account."""

    change_id: UUID


class TermsRead(Shape):
    """The scheme, and the number of the terms that were shown."""

    scheme: Code
    version: int


class ParticularsScreen(OfShop):
    """What the shop is known by, and what its owners have asked for."""

    open_to: ClassVar = OWNER
    template = "merchants/shop/particulars.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it as it is in force, and what waits for an officer."""
        return {
            **choices(),
            "shop": onboarding.merchant(merchant_id=self.shop_id),
            "standings": applications.of_shop(merchant_id=self.shop_id, at_most=MOST_SHOWN),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for other particulars; they hold once an officer has approved them."""
        typed = self.form(ShopCorrected)
        applications.apply_for_change(
            staff_id=self.caller.id, described=typed.described, reason=typed.reason, key=typed.key, at=self.at
        )
        return self.to("shop-particulars")


class BankAccountScreen(OfShop):
    """Where the shop's money goes, and another account that was asked for."""

    open_to: ClassVar = OWNER
    template = "merchants/shop/bank_account.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the account in force and the changes, masked, newest first."""
        shop = onboarding.merchant(merchant_id=self.shop_id)
        changes = bank_accounts.of_shop(merchant_id=self.shop_id, at_most=MOST_SHOWN)
        return {
            "bank": banks.called(shop.bank_code),
            "account": bank_accounts.masked(shop),
            "changes": [_shown(change) for change in changes],
            "banks": banks.ALL,
            "now": self.at,
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for another account."""
        typed = self.form(AnotherAccount)
        bank_accounts.ask(
            staff_id=self.caller.id,
            bank_code=typed.bank_code,
            bank_account=typed.bank_account,
            second_factor=typed.totp,
            at=self.at,
        )
        return self.to("shop-bank-account")


class WithdrawalScreen(BankAccountScreen):
    """Where any of the owners takes such a change back."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send who reloads to the account."""
        return self.to("shop-bank-account")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take it back."""
        bank_accounts.withdraw(staff_id=self.caller.id, change_id=self.form(ChangeMeant).change_id, at=self.at)
        return self.to("shop-bank-account")


class TermsScreen(OfShop):
    """The schemes whose terms there are, and which the shop has accepted."""

    open_to: ClassVar = STAFF
    template = "merchants/shop/terms.html"

    def seen(self) -> Mapping[str, Any]:
        """Return them by code."""
        found = particulars.terms(merchant_id=self.shop_id)
        return {
            "terms": [(each, schemes.compiled(each.version_id).document.scheme.name) for each in found],
            "owns": self.caller.staff_role == "owner",
        }


class AcceptanceScreen(TermsScreen):
    """Where an owner accepts the terms of a scheme."""

    open_to: ClassVar = OWNER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send who reloads to the list."""
        return self.to("shop-terms")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Accept them. Twice is the same as once."""
        typed, owner = self.form(TermsRead), staff.at_work(staff_id=self.caller.id, roles=(Role.OWNER,))
        with suppress(AlreadyAccepted):
            particulars.accept_terms(
                merchant=owner.merchant,
                scheme=typed.scheme,
                version=typed.version,
                actor=staff.actor(owner),
                at=self.at,
            )
        return self.to("shop-terms")


class ToldScreen(OfShop):
    """What the shop was told; and for owners, who of the office has looked at its data, and why."""

    open_to: ClassVar = MANAGERS
    template = "merchants/shop/told.html"

    def seen(self) -> Mapping[str, Any]:
        """Return both, newest first."""
        owns = self.caller.staff_role == "owner"
        return {
            "notices": notices.show_shop(merchant_id=self.shop_id, at_most=MOST_SHOWN, at=self.at),
            "looks": looks.of_shop(merchant_id=self.shop_id, at_most=MOST_SHOWN) if owns else [],
            "owns": owns,
        }


def _shown(change: BankAccountChange) -> Mapping[str, Any]:
    return {
        "change": change,
        "bank": banks.called(change.bank_code),
        "account": bank_accounts.masked_change(change),
        "state": bank_accounts.state_of(change),
    }
