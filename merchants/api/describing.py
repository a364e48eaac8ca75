"""How a shop is described, by whoever applies and by the office: the shapes that several doors share."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from config.shapes import Code, Name, Shape
from merchants.applications import Account
from merchants.particulars import Described

ShopName = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
LatinName = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[ -~]+$")]
City = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[ -~]+$")]
BIC = Annotated[str, StringConstraints(pattern=r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$")]
AccountNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{10,15}$")]
# Thailand lies within these; what lies outside was keyed wrongly, or with its two numbers swapped.
LatitudeE6 = Annotated[int, Field(ge=5_600_000, le=20_500_000, description="degrees north, times a million")]
LongitudeE6 = Annotated[int, Field(ge=97_300_000, le=105_700_000, description="degrees east, times a million")]


class Place(Shape):
    """Where a shop or a branch stands."""

    province: Name
    district: Name
    latitude_e6: LatitudeE6 | None = None
    longitude_e6: LongitudeE6 | None = None


class ShopFacts(Place):
    """What schemes judge a shop by, as it says itself. What is left out is not known, and meets no condition."""

    legal_form: Literal["natural_person", "juristic_person", "cooperative", "community_fund", "state"]
    class_: Code = Field(alias="class", description="food, general, service, transport, hotel …")
    category_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = Field(
        None, description="ISO 18245"
    )
    platform: Code | None = Field(None, description="the one delivery platform that it is bound to")
    turnover_satang: Annotated[int, Field(ge=0, le=2**53)] | None = Field(None, description="a year")
    is_vat_registered: bool | None = None
    is_tax_registered: bool | None = None
    is_franchise: bool | None = None


class OfficeFacts(ShopFacts):
    """The same, and what only the office knows."""

    place_class: Literal["main_city", "secondary_city"] | None = None
    lists: list[Code] | None = Field(None, max_length=50)


class ShopDescribed(Shape):
    """What a shop wants to be called, and what it says of itself."""

    name: ShopName = Field(description="as people know it, Thai first")
    name_en: LatinName = Field(description="in Latin letters, for QR codes")
    city: City = "Bangkok"
    facts: ShopFacts

    @property
    def described(self) -> Described:
        """The same, as operations know it."""
        facts = self.facts.model_dump(by_alias=True, exclude_none=True)
        return Described(name=self.name, name_en=self.name_en, city=self.city, facts=facts)


class NewShop(ShopDescribed):
    """A shop that wants to be taken in, and where it wants its money."""

    bank_code: BIC
    bank_account: AccountNumber

    @property
    def account(self) -> Account:
        """Where it wants its money."""
        return Account(bank_code=self.bank_code, number=self.bank_account)
