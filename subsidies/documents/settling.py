"""What happens after a sale: giving it back, paying the shop, and the end of the scheme."""

from typing import Literal

from pydantic import Field

from subsidies.documents.section import Clock, Code, Days, Part, Section, Weekday


class Refunds(Section):
    """`[refunds]`: what a shop may give back, and until when."""

    within_days: Days = Field(0, description="business days after the payment's own; 0 is the same day")
    partial: bool = True
    keeps_first_use: bool = Field(default=False, description="a payment given back in full still counts as first use")
    right: Literal["returns", "lost"] = Field(
        "returns", description="the State's share goes back into the purse, or to the scheme"
    )


class Due(Section):
    """`[[settlement]]`: when a part of a business day's sales is paid out to the shop."""

    part: Part
    channels: list[Code] = Field(min_length=1)
    week_ends: Weekday | None = Field(None, description="business dates wait for this weekday; then the days count")
    days: int = Field(ge=0, le=60, description="after the business date, or after the end of its week")
    at: Clock
    banking_days: bool = Field(default=False, description="skip Saturdays, Sundays and holidays when counting")


class End(Section):
    """`[end]`: what becomes of the State's unused money when the scheme is over."""

    unused: Literal["to_treasury", "to_citizen"] = "to_treasury"
    after_days: Days = 0
