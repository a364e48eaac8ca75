"""`[[examples]]`: what a scheme must answer, with the public page that says so. `scheme check` asks it."""

from datetime import time
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from subsidies.documents.naming import (
    SECTIONS,
    ChangeCode,
    ChannelCode,
    CounterCode,
    MerchantFacts,
    NoteCode,
    PersonFacts,
    SaleFacts,
    TierCode,
)
from subsidies.documents.section import Amount, Code, Count, Day, Instant, Part, Positive, Section, Url


class ExampleLine(Section):
    """One line of a bill."""

    category: Code
    amount_satang: Amount
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    sku: str = ""


class ExamplePayment(Section):
    """One payment that is tried, and what must come of it: money, or the code of the refusal."""

    at: Instant
    price_satang: Positive
    channel: Code = "shop"
    lines: list[ExampleLine] = Field(default_factory=list)
    facts: SaleFacts = Field(default_factory=dict, description="facts of the sale, without the word `sale.`")
    merchant: MerchantFacts = Field(default_factory=dict, description="laid over [examples_assume].merchant")
    own_money_only: bool = Field(default=False, description="the citizen did not choose the scheme")
    notes: dict[NoteCode, Count] | None = Field(None, description="the notes that the citizen hands over, by code")
    state_satang: Amount | None = None
    citizen_satang: Amount | None = None
    refused: str | None = None
    rule: str | None = Field(None, description="the requirement that was not met")
    opens_at: Instant | None = Field(None, description="when the refusal must say that it opens again")
    reasons: list[str] | None = Field(None, description="exactly the codes of the reasons, in order")
    left_satang: Amount | None = Field(None, description="what the purse must hold afterwards")
    lost_satang: Amount | None = Field(None, description="what a note was worth above its share")
    counted_satang: Amount | None = Field(None, description="what of this payment counts towards [earning]")
    later_satang: Amount | None = Field(None, description="what the citizen gets back later")
    later_at: Instant | None = None

    @model_validator(mode="after")
    def _must_expect_one(self) -> Self:
        if (self.state_satang is None) == (self.refused is None):
            raise ValueError("exactly one of `state_satang` and `refused`")
        if self.lines and (total := sum(line.amount_satang for line in self.lines)) != self.price_satang:
            raise ValueError(f"lines that add up to `price_satang`; they are {total}")
        return self


class Sourced(Section):
    """What every example carries."""

    name: str
    source: Url | None = None
    row: int | str | None = Field(None, description="row in the register of published examples, such as 16 or 25a")
    printed: bool = Field(default=False, description="the numbers stand in the source; else they follow from its rule")


class PaymentExample(Sourced):
    """One citizen, one purse, one or more payments in order."""

    asks: Literal["payments"]
    tier: TierCode | None = Field(None, description="without it, the last of the tiers")
    left_satang: Amount | None = Field(None, description="without it, what a new enrolment of the tier is granted")
    person: PersonFacts = Field(default_factory=dict)
    used: dict[CounterCode, Count] = Field(
        default_factory=dict, description="cap code to use in the first payment's period"
    )
    enrolled_at: Instant | None = None
    never_used: bool = Field(default=False, description="the right has not been used before the first payment")
    payments: list[ExamplePayment] = Field(min_length=1)


class DaysExample(Sourced):
    """The same purchase every day until the right is used up."""

    asks: Literal["days"]
    tier: TierCode | None = None
    starts_on: Day
    at: time
    price_satang: Positive
    left_satang: Amount | None = None
    state_each_day_satang: list[Positive] = Field(min_length=1)
    then_refused: str


class GrantExample(Sourced):
    """Somebody asks to enrol."""

    asks: Literal["grant"]
    at: Instant
    person: PersonFacts
    by_list: bool = Field(default=False, description="the State enrols the person; nobody asks")
    tier: Code | None = None
    amount_satang: Amount | None = None
    later_satang: dict[str, Amount] = Field(default_factory=dict, description="grant code to amount that follows later")
    pool: Code | None = None
    refused: str | None = None
    rule: str | None = Field(None, description="the requirement that was not met")
    opens_at: Instant | None = None

    @model_validator(mode="after")
    def _must_expect_one(self) -> Self:
        if (self.amount_satang is None) == (self.refused is None):
            raise ValueError("exactly one of `amount_satang` and `refused`")
        return self


class LeftExample(Sourced):
    """Somebody looks at the home screen."""

    asks: Literal["left"]
    at: Instant
    tier: TierCode | None = None
    left_satang: Amount
    used: dict[CounterCode, Count] = Field(default_factory=dict)
    never_used: bool = False
    today_satang: Amount
    in_all_satang: Amount


class Moment(Section):
    """One look into a purse, after all that was filled or emptied until then; and what is spent right after it."""

    at: Instant
    left_satang: Amount
    spends_satang: Amount = 0


class CalendarExample(Sourced):
    """Somebody looks into their purse again and again, as the timetable fills and empties it."""

    asks: Literal["calendar"]
    tier: TierCode | None = None
    person: PersonFacts = Field(default_factory=dict)
    enrolled_at: Instant
    moments: list[Moment] = Field(min_length=1)


class EarnedExample(Sourced):
    """So much counted spend: what has been earned, and what is paid of it at an instant."""

    asks: Literal["earned"]
    person: PersonFacts = Field(default_factory=dict)
    counted_satang: Amount
    earned_satang: Amount
    counted_at: Instant | None = Field(None, description="when it was spent; without it, at the start")
    paid_at: Instant | None = Field(None, description="when it must be paid")

    @model_validator(mode="after")
    def _must_have_what_earns(self, info: ValidationInfo) -> Self:
        if "earning" not in (info.context or {}).get(SECTIONS, ("earning",)):
            raise ValueError("an [earning] section in the document, which this example asks")
        return self


class ChangeExample(Sourced):
    """Somebody wants to change something after enrolling."""

    asks: Literal["change"]
    change: ChangeCode
    at: Instant
    times_before: Count = 0
    was_used: bool = Field(default=False, description="the right of the scheme to leave was used")
    refused: str | None = None


class BuyInExample(Sourced):
    """Somebody buys into the scheme with their own money."""

    asks: Literal["buy_in"]
    at: Instant
    times_before: Count = 0
    own_satang: Amount | None = None
    state_satang: Amount | None = None
    refused: str | None = None

    @model_validator(mode="after")
    def _must_expect_one(self) -> Self:
        if (self.state_satang is None) == (self.refused is None):
            raise ValueError("exactly one of `state_satang` and `refused`")
        return self


class DueExample(Sourced):
    """A shop asks when the money comes."""

    asks: Literal["due"]
    part: Part
    channel: ChannelCode
    business_date: Day
    due_at: Instant


Example = Annotated[
    PaymentExample
    | DaysExample
    | GrantExample
    | LeftExample
    | CalendarExample
    | EarnedExample
    | ChangeExample
    | BuyInExample
    | DueExample,
    Field(discriminator="asks"),
]


class Assumed(Section):
    """`[examples_assume]`: facts that every example shares unless it says otherwise."""

    merchant: MerchantFacts = Field(default_factory=dict)
    sale: SaleFacts = Field(default_factory=dict)
    person: PersonFacts = Field(default_factory=dict)
    enrolled_at: Instant | None = None
    first_used_at: Instant | None = None
