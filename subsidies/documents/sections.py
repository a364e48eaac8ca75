"""The sections of a scheme document, format 1. `docs/writing-a-scheme.md` tells authors what each is for.

Times of day are local to the scheme's zone; instants carry their offset. Money is satang, and TOML lets an author write
`200_00` for two hundred baht. Rates are basis points: 5_000 is a half.
"""

from datetime import date
from typing import Literal, Self
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from subsidies.documents.conditions import Conditions, Requirement
from subsidies.documents.section import (
    Amount,
    Clock,
    Code,
    Count,
    Instant,
    Part,
    Positive,
    RateBp,
    Section,
    Url,
    Weekday,
    Words,
)
from wallet.money import Rounding


class Identity(Section):
    """`[scheme]`: which programme this is, and which version of its rules."""

    code: Code
    family: Code = Field(description="phases of one programme share a family")
    version: int = Field(ge=1)
    effective_at: Instant = Field(description="from when payments are made under this version")
    name: Words
    zone: str = "Asia/Bangkok"
    sources: list[Url] = Field(min_length=1)

    @field_validator("zone")
    @classmethod
    def _must_exist(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("a time zone of the IANA list, such as Asia/Bangkok")
        return zone


class Calendar(Section):
    """`[calendar]`: public holidays, for rates and for settlement on banking days."""

    holidays: list[date] = Field(default_factory=list)


class Tier(Section):
    """`[[tiers]]`: groups of people; the first whose conditions hold is a person's tier, for good."""

    code: Code
    name: Words
    when: Conditions


class Registration(Section):
    """`[registration]`: when people may enrol."""

    starts_at: Instant
    ends_at: Instant
    opens: Clock | None = None
    closes: Clock | None = None

    @model_validator(mode="after")
    def _must_make_sense(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("an `ends_at` after `starts_at`")
        if (self.opens is None) != (self.closes is None):
            raise ValueError("both of `opens` and `closes`, or neither")
        return self


class Pool(Section):
    """`[[quota.pools]]`: places kept for some people."""

    code: Code
    places: Count
    when: Conditions


class Quota(Section):
    """`[quota]`: how many people, and when one is counted. A person is counted in the first pool that takes them."""

    places: Count
    counted: Literal["at_enrolment", "at_payment"] = "at_enrolment"
    forfeited_places: Literal["closed", "reopened"] = "closed"
    pools: list[Pool] = Field(default_factory=list)


class Grant(Section):
    """`[[grants]]`: money for the purse. Every row that fits a person is granted; rows of later dates follow later."""

    code: Code
    amount_satang: Positive
    when: Conditions
    joined_from: Instant | None = Field(None, description="only for those who enrol at or after this instant")
    joined_before: Instant | None = Field(None, description="only for those who enrol before this instant")
    pays_at: Instant | None = Field(None, description="when the purse is filled; without it, at enrolment")


class FirstUse(Section):
    """`[first_use]`: a right that is not used in time is lost."""

    within_days: int | None = Field(None, ge=1, description="days of 24 hours after enrolment")
    by: Instant | None = None

    @model_validator(mode="after")
    def _must_be_one(self) -> Self:
        if (self.within_days is None) == (self.by is None):
            raise ValueError("exactly one of `within_days` and `by`")
        return self


class Hours(Section):
    """`[[spend.hours]]`: when a channel is open. A channel without hours is closed."""

    channels: list[Code] = Field(min_length=1)
    opens: Clock
    closes: Clock = Field(description="not included; at or before `opens` it is on the next day")
    weekdays: list[Weekday] | None = Field(None, min_length=1)
    starts_at: Instant | None = Field(None, description="later than the scheme, such as delivery")
    ends_at: Instant | None = None


class Spend(Section):
    """`[spend]`: when the right can be used. Windows are half-open: `ends_at` itself is too late."""

    starts_at: Instant
    ends_at: Instant
    hours: list[Hours] = Field(min_length=1)
    activates_after_hours: int = Field(0, ge=0, description="hours between enrolment and first use")

    @model_validator(mode="after")
    def _must_make_sense(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("an `ends_at` after `starts_at`")
        return self


class ShopKind(Section):
    """`[[merchants.kinds]]`: one kind of shop that is let in."""

    code: Code
    when: Conditions


class Merchants(Section):
    """`[merchants]`: a shop must meet every requirement and be of at least one kind (when kinds are named)."""

    requires: list[Requirement] = Field(default_factory=list)
    kinds: list[ShopKind] = Field(default_factory=list)
    kinds_say: Words | None = Field(None, description="what a shop of no such kind is told")

    @model_validator(mode="after")
    def _must_have_words(self) -> Self:
        if bool(self.kinds) != (self.kinds_say is not None):
            raise ValueError("`kinds_say` beside `kinds`, and only there")
        return self


class Goods(Section):
    """`[[goods]]`: what may be bought. The first row that names the channel (or names none) rules."""

    channels: list[Code] | None = None
    allow: list[Code] | None = Field(None, min_length=1, description="only these categories")
    deny: list[Code] | None = Field(None, min_length=1, description="everything but these categories")
    rest: Literal["citizen", "refuse"] = Field(
        "citizen", description="what is not covered: the citizen pays for it, or the whole sale is refused"
    )

    @model_validator(mode="after")
    def _must_be_one(self) -> Self:
        if (self.allow is None) == (self.deny is None):
            raise ValueError("exactly one of `allow` and `deny`")
        return self


class Rate(Section):
    """`[[funding.rates]]`: the State's part of what is covered; the first whose conditions hold counts."""

    rate_bp: RateBp
    when: Conditions


class Step(Section):
    """`[[funding.steps]]`: from this much on, the State pays this sum."""

    at_least_satang: Amount
    pays_satang: Amount


class Funding(Section):
    """`[funding]`: what the State pays of one sale: a rate, or a sum by steps."""

    rates: list[Rate] | None = Field(None, min_length=1)
    steps: list[Step] | None = Field(None, min_length=1)
    at_least_satang: Amount | None = Field(None, description="smaller sales get nothing")
    at_most_satang: Amount | None = Field(None, description="a cliff: larger sales get nothing at all")
    combines: bool = Field(default=False, description="may share one sale with another scheme")

    @model_validator(mode="after")
    def _must_be_one(self) -> Self:
        if (self.rates is None) == (self.steps is None):
            raise ValueError("exactly one of `rates` and `steps`")
        sums = [step.at_least_satang for step in self.steps or []]
        if sums != sorted(set(sums)):
            raise ValueError("steps in rising order of `at_least_satang`")
        return self


class Cap(Section):
    """`[[caps]]`: a limit and its own clock. Any number of caps hold at once."""

    code: Code
    counts: Literal["state", "spend", "payments", "fact", "quantity"] = Field(
        "state",
        description="the State's money; the covered price; payments; a fact of the sale; the quantity of the lines",
    )
    per: Literal["sale", "day", "week", "month", "quarter", "year", "tranche", "scheme"]
    limit_satang: Amount | None = Field(None, description="for counts = state, spend")
    limit: Count | None = Field(None, description="for counts = payments, fact, quantity")
    fact: Literal["sale.covers", "sale.nights", "sale.seats", "sale.units"] | None = None
    times: Literal["sale.covers", "sale.nights", "sale.seats"] | None = Field(
        None, description="the limit is for each of these: 10 pounds for each diner"
    )
    goods: list[Code] | None = Field(None, min_length=1, description="counts only lines of these categories")
    resets: Clock | None = Field(None, description="the time at which a new period begins; midnight without it")
    week_starts: Weekday = "sun"
    tranches: list[Instant] | None = Field(None, min_length=1, description="where one tranche ends and the next begins")
    unused: Literal["lost", "carried"] = Field(
        "lost", description="what a period did not use of this cap (never of the purse) is gone, or adds to the next"
    )
    when: Conditions

    @model_validator(mode="after")
    def _must_make_sense(self) -> Self:
        money = self.counts in ("state", "spend")
        if (self.limit_satang is None) == money or (self.limit is None) != money:
            raise ValueError("`limit_satang` where money counts (state, spend), else `limit`; never both")
        if (self.fact is None) == (self.counts == "fact"):
            raise ValueError('`fact` beside counts = "fact", and only there')
        if self.goods is not None and self.counts not in ("spend", "quantity"):
            raise ValueError('`goods` only where counts = "spend" or "quantity"')
        if (self.tranches is None) == (self.per == "tranche"):
            raise ValueError('`tranches` beside per = "tranche", and only there')
        if self.unused == "carried" and self.per in ("sale", "tranche", "scheme"):
            raise ValueError('unused = "carried" only for a period of the calendar')
        return self


class RoundingRule(Section):
    """`[rounding]`: the State's share is a multiple of the unit; the citizen bears the rest."""

    unit_satang: Positive = 1
    mode: Rounding = Field(Rounding.DOWN, strict=False)


class Shortage(Section):
    """`[shortage]`: what happens when the purse has less left than the State's share."""

    right: Literal["partial", "refuse"] = "partial"


class Refunds(Section):
    """`[refunds]`: what a shop may give back, and until when."""

    within_days: int = Field(0, ge=0, description="business days after the payment's own; 0 is the same day")
    partial: bool = True
    keeps_first_use: bool = Field(default=False, description="a payment given back in full still counts as first use")


class Due(Section):
    """`[[settlement]]`: when a part of a business day's sales is paid out to the shop."""

    part: Part
    channels: list[Code] = Field(min_length=1)
    days: int = Field(ge=0, le=60, description="after the business date")
    at: Clock
    banking_days: bool = Field(default=False, description="skip Saturdays, Sundays and holidays when counting")


class End(Section):
    """`[end]`: what becomes of the State's unused money when the scheme is over."""

    unused: Literal["to_treasury", "to_citizen"] = "to_treasury"
    after_days: int = Field(0, ge=0)


class Reports(Section):
    """`[reports]`: the groups by which totals are published; each must add up to the same total."""

    by: list[Literal["tier", "channel", "merchant.class", "merchant.province", "merchant.legal_form"]] = Field(
        default_factory=list
    )
