"""How a shop is described on a page: the form that a new shop and a known one share."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator

from config.shapes import Name, Shape, TypedBahtOrNone, TypedKey
from merchants import banks, provinces
from merchants.api.describing import BIC, AccountNumber, City, LatinName, ShopName
from merchants.applications import Account
from merchants.particulars import Described

LegalForm = Literal["natural_person", "juristic_person", "cooperative", "community_fund", "state"]
ShopClass = Literal["food", "general", "service", "transport", "hotel", "blue_flag", "franchise_convenience_store"]
# A tick: what is not ticked is not sent.
Tick = Annotated[bool, BeforeValidator(bool)]
TICKS: Final = ("is_vat_registered", "is_tax_registered", "is_franchise")


def _known(typed: str) -> str:
    if typed not in provinces.NAMES:
        raise ValueError("one of the provinces")
    return typed


def _digits(typed: str) -> str:
    return "".join(sign for sign in typed if sign not in " -")


Province = Annotated[str, AfterValidator(_known)]


class ShopTyped(Shape):
    """What a shop wants to be called, and what it says of itself."""

    name: ShopName
    name_en: LatinName
    city: City
    legal_form: LegalForm
    shop_class: ShopClass
    province: Province
    district: Name
    turnover: TypedBahtOrNone = 0
    is_vat_registered: Tick = False
    is_tax_registered: Tick = False
    is_franchise: Tick = False
    key: TypedKey

    @property
    def described(self) -> Described:
        """The same, as operations know it. A turnover that was left empty is not known."""
        facts: dict[str, Any] = {
            "legal_form": self.legal_form,
            "class": self.shop_class,
            "province": self.province,
            "district": self.district,
            **{tick: getattr(self, tick) for tick in TICKS},
        }
        if self.turnover:
            facts["turnover_satang"] = self.turnover
        return Described(name=self.name, name_en=self.name_en, city=self.city, facts=facts)


class AccountTyped(Shape):
    """Where the money is to go."""

    bank_code: BIC
    bank_account: Annotated[AccountNumber, BeforeValidator(_digits)]


class NewShopTyped(ShopTyped, AccountTyped):
    """A shop that wants to be taken in."""

    @property
    def account(self) -> Account:
        """Where it wants its money."""
        return Account(bank_code=self.bank_code, number=self.bank_account)


def choices() -> dict[str, Any]:
    """Return what such a form lets one choose from."""
    return {"provinces": provinces.NAMES, "banks": banks.ALL}
