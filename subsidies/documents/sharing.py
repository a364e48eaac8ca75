"""What the State pays of a sale, up to which limits, in which pieces, and what spending earns.

Money is satang, and TOML lets an author write `200_00` for two hundred baht. Rates are basis points: 5_000 is a half.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from subsidies.documents.conditions import Conditions
from subsidies.documents.joining import DayOfMonth
from subsidies.documents.section import (
    Amount,
    Clock,
    Code,
    Count,
    Days,
    Instant,
    Positive,
    RateBp,
    Section,
    Times,
    Weekday,
)
from wallet.money import Rounding


class Rate(Section):
    """`[[funding.rates]]`: the State's part of what is covered; the first whose conditions hold counts."""

    rate_bp: RateBp
    when: Conditions


class Step(Section):
    """`[[funding.steps]]`: from this much on, the State pays this sum."""

    at_least_satang: Amount
    pays_satang: Amount


class Band(Section):
    """One band of marginal rates: this rate for the part between the band before it and `up_to_satang`."""

    up_to_satang: Positive | None = Field(None, description="left out: without end; only in the last band")
    rate_bp: Annotated[int, Field(ge=0, le=100_000)]


class Note(Section):
    """`[[funding.notes]]`: the right comes in pieces that are handed over whole, without change."""

    code: Code
    value_satang: Positive | None = Field(None, description="left out: one voucher for all that is in the purse")
    count: Annotated[int, Field(ge=1, le=10_000)]
    at_least_satang: Amount = Field(0, description="one such note for each so much of the covered price")


class PaysBack(Section):
    """`[funding.pays_back]`: the citizen pays the full price, and the State's share comes to them later."""

    on_days: list[DayOfMonth] = Field(min_length=1, description="of each month; 31 is the last of a short month")
    at: Clock
    after: Literal["payment", "sale.ends_on"] = "payment"
    wait_days: Days = 0


class Funding(Section):
    """`[funding]`: what the State pays of one sale: a rate, marginal bands, or a sum by steps."""

    rates: list[Rate] | None = Field(None, min_length=1)
    bands: list[Band] | None = Field(None, min_length=1)
    steps: list[Step] | None = Field(None, min_length=1)
    times: Literal["sale.covers", "sale.nights", "sale.seats", "sale.rooms", "sale.units"] | None = Field(
        None, description="with steps: the sum is for each of these, such as litres at a pump"
    )
    at_least_satang: Amount | None = Field(None, description="smaller sales get nothing")
    at_most_satang: Amount | None = Field(None, description="a cliff: larger sales get nothing at all")
    own_at_least_satang: Amount = Field(0, description="so much of the covered price the citizen always pays")
    notes: list[Note] | None = Field(None, min_length=1)
    notes_per_sale: Times | None = None
    rest_of_note: Literal["lost", "kept"] = Field(
        "lost", description="what a note is worth above the price: gone, or kept as loose money for the next sale"
    )
    pays_back: PaysBack | None = None
    combines: bool = Field(default=False, description="may share one sale with another scheme")
    order: Annotated[int, Field(ge=-1_000, le=1_000)] = Field(
        0, description="of several schemes in one sale, the lower number pays first"
    )

    @model_validator(mode="after")
    def _must_be_one(self) -> Self:
        if sum(shape is not None for shape in (self.rates, self.bands, self.steps)) > 1:
            raise ValueError("exactly one of `rates`, `bands` and `steps`")
        sums = [step.at_least_satang for step in self.steps or []]
        if sums != sorted(set(sums)):
            raise ValueError("steps in rising order of `at_least_satang`")
        must_rise(self.bands or [])
        if self.times is not None and self.steps is None:
            raise ValueError("`times` only beside `steps`")
        if self.notes is None and (self.notes_per_sale is not None or self.rest_of_note == "kept"):
            raise ValueError("`notes_per_sale` and `rest_of_note` only beside `notes`")
        if len(self.notes or ()) > 1 and any(note.value_satang is None for note in self.notes or ()):
            raise ValueError("a `value_satang` for each of several notes")
        if self.notes is not None and self.pays_back is not None:
            raise ValueError("at most one of `notes` and `pays_back`")
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
    fact: Literal["sale.covers", "sale.nights", "sale.rooms", "sale.seats", "sale.units"] | None = None
    times: (
        Literal["sale.covers", "sale.nights", "sale.seats", "sale.rooms", "person.household_size", "person.children"]
        | None
    ) = Field(None, description="the limit is for each of these: 10 pounds for each diner")
    less: Literal["person.nights_used_before", "person.used_before"] | None = Field(
        None, description="less what the person used of it in earlier phases"
    )
    goods: list[Code] | None = Field(None, min_length=1, description="counts only lines of these categories")
    resets: Clock | None = Field(None, description="the time at which a new period begins; midnight without it")
    week_starts: Weekday = "sun"
    tranches: list[Instant] | None = Field(None, min_length=1, description="where one tranche ends and the next begins")
    unused: Literal["stays", "carried", "lost"] = Field(
        "stays",
        description="what a period did not use of this cap: stays in the purse for other periods, raises the next "
        "period's limit too, or is taken out of the purse",
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
        if self.unused == "lost" and (self.counts != "state" or self.per in ("sale", "scheme") or self.times):
            raise ValueError('unused = "lost" only for State money in a period, without `times`')
        return self


class EarningStep(Step):
    """`[[earning.steps]]`: from this much on, this sum is earned; of the rows that hold, the last one counts."""

    when: Conditions


class EarningCap(Section):
    """`[[earning.caps]]`: so much spend counts in one period, whatever was really spent."""

    code: Code
    per: Literal["sale", "day", "week", "month"]
    limit_satang: Positive
    resets: Clock | None = None
    week_starts: Weekday = "sun"


class Increase(Section):
    """`[earning.over]`: only spend above the person's own base counts."""

    fact: Literal["person.base_spend_satang"]
    times_bp: int = Field(10_000, ge=0, le=1_000_000, description="10_300: only what is above 103 % of the base")


class Earning(Section):
    """`[earning]`: what people spend of their own money earns them something later.

    With `per = "sale"` each payment earns for the next one; else the spend of a whole period is added up.
    """

    starts_at: Instant
    ends_at: Instant
    per: Literal["sale", "month", "quarter", "scheme"] = "scheme"
    bands: list[Band] | None = Field(None, min_length=1)
    steps: list[EarningStep] | None = Field(None, min_length=1)
    times: Literal["sale.covers", "sale.nights", "sale.seats", "sale.rooms"] | None = Field(
        None, description="with per = sale: what a sale earns is for each of these"
    )
    times_at_most: Times | None = Field(None, description="so many of them count")
    over: Increase | None = None
    at_most_satang: Positive = Field(description="in each period; with per = sale, in all")
    caps: list[EarningCap] = Field(default_factory=list)
    to: Literal["purse", "cash"] = Field("purse", description="a voucher for the purse, or the citizen's own money")
    pays_at: list[Instant] | None = Field(None, min_length=1, description="what was earned so far and not paid yet")
    wait_days: Days | None = Field(None, description="or: so many days after the period, or after the sale")

    @model_validator(mode="after")
    def _must_make_sense(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("an `ends_at` after `starts_at`")
        if (self.bands is None) == (self.steps is None):
            raise ValueError("exactly one of `bands` and `steps`")
        must_rise(self.bands or [])
        if (self.pays_at is None) == (self.wait_days is None):
            raise ValueError("exactly one of `pays_at` and `wait_days`")
        if self.per == "sale" and self.over is not None:
            raise ValueError("`over` only where the spend of a period is added up")
        if self.per != "sale" and (self.times or any(step.when for step in self.steps or ())):
            raise ValueError('`times`, and `when` in steps, only with per = "sale"')
        if self.times is None and self.times_at_most is not None:
            raise ValueError("`times_at_most` only beside `times`")
        return self


def must_rise(bands: list[Band]) -> None:
    """Refuse bands that do not follow one another."""
    tops = [band.up_to_satang for band in bands]
    if None in tops[:-1] or [top for top in tops if top] != sorted({top for top in tops if top}):
        raise ValueError("bands in rising order of `up_to_satang`; only the last may have none")


class RoundingRule(Section):
    """`[rounding]`: the State's share is a multiple of the unit; the citizen bears the rest."""

    unit_satang: Positive = 1
    mode: Rounding = Field(Rounding.DOWN, strict=False)


class Shortage(Section):
    """`[shortage]`: what happens when the purse has less left than the State's share."""

    right: Literal["partial", "refuse"] = "partial"
