"""Where a shop begins, and what stands on its every page; the settings of this browser."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from config.authentication import SHOP
from config.screens import Screen
from merchants import onboarding, tills
from wallet.tokens import TokenRefused


class OfShop(Screen):
    """A page of a shop: of one of its tills, or of somebody of its staff."""

    @property
    def shop_id(self) -> UUID:
        """The shop whose till or staff is at this browser.

        :raises TokenRefused: it is no shop's.
        """
        if self.caller.merchant_id is None:
            raise TokenRefused
        return self.caller.merchant_id

    @property
    def till_id(self) -> UUID | None:
        """The till that this browser is; None for the staff, who see all tills."""
        return self.caller.id if self.caller.role == "till" else None


class ShopScreen(OfShop):
    """Where a shop begins: a till at the keypad, the staff at today's tally."""

    open_to: ClassVar = SHOP

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Go there."""
        return self.to("shop-keypad" if self.till_id else "shop-today")


class ShopSettingsScreen(OfShop):
    """Language, large type, sound; who is at this browser, and out."""

    open_to: ClassVar = SHOP
    template = "merchants/shop/settings.html"

    def seen(self) -> Mapping[str, Any]:
        """Return whose browser this is."""
        return {
            "shop": onboarding.merchant(merchant_id=self.shop_id),
            "till": tills.of(till_id=self.till_id) if self.till_id else None,
        }
