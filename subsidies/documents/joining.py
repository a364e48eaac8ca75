"""How people come into a scheme, what they are granted and when, and what they may change or buy afterwards."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from subsidies.documents.conditions import ConditionsOfHolders, ConditionsOfPeople
from subsidies.documents.section import Clock, Code, Count, Day, Days, Instant, Positive, Section, Times, Weekday

# Money is granted at most daily for a year or two, or monthly for twenty; a longer calendar is a slip of the pen.
LONGEST_DAILY_DAYS = 800
LONGEST_CALENDAR_DAYS = 7_320
DayOfMonth = Annotated[int, Field(ge=1, le=31)]


class Dates(Section):
    """From when to when, between which hours of each day, and for whom; `ends_at` itself is too late."""

    starts_at: Instant
    ends_at: Instant
    opens: Clock | None = None
    closes: Clock | None = None
    when: ConditionsOfPeople

    @model_validator(mode="after")
    def _must_make_sense(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("an `ends_at` after `starts_at`")
        if (self.opens is None) != (self.closes is None):
            raise ValueError("both of `opens` and `closes`, or neither")
        return self


class RotaDay(Section):
    """`[[registration.rota]]`: on these weekdays, only people whose year of birth ends in one of these digits."""

    weekdays: list[Weekday] = Field(min_length=1)
    digits: list[Annotated[int, Field(ge=0, le=9)]] = Field(min_length=1)
    until: Instant | None = Field(None, description="from then on everybody may come on any day")


class Registration(Dates):
    """`[registration]`: when people may enrol. Later rounds (a mop-up of places that were given back) may follow."""

    rounds: list[Dates] = Field(default_factory=list)
    rota: list[RotaDay] = Field(default_factory=list)


class Pool(Section):
    """`[[quota.pools]]`: places kept for some people."""

    code: Code
    places: Count
    when: ConditionsOfHolders


class Quota(Section):
    """`[quota]`: how many people, and when one is counted. A person is counted in the first pool that takes them."""

    places: Count
    counted: Literal["at_enrolment", "at_payment"] = "at_enrolment"
    forfeited_places: Literal["closed", "reopened"] = "closed"
    pools: list[Pool] = Field(default_factory=list)

    @model_validator(mode="after")
    def _must_have_room_for_its_pools(self) -> Self:
        codes = [pool.code for pool in self.pools]
        if len(set(codes)) < len(codes):
            raise ValueError("a code of its own for each pool")
        if (kept := sum(pool.places for pool in self.pools)) > self.places:
            raise ValueError(f"`places` for everybody, those of the pools among them: at least {kept}")
        return self


class Repeats(Section):
    """A calendar of instants: every day, every week on a weekday, every month (or third month) on some days.

    With an `interval` only every so many of them: every fourth week, every second month.
    """

    every: Literal["day", "week", "month", "quarter"]
    interval: int = Field(1, ge=1, le=60, description="4 with a week: every fourth week, from the first one on")
    at: Clock
    starts_on: Day = Field(
        description="the first day that can count; weeks, months and quarters are counted from its own"
    )
    ends_on: Day = Field(description="the last day that can count")
    weekday: Weekday | None = None
    on_days: list[DayOfMonth] | None = Field(None, min_length=1, description="31 means the last day of a short month")

    @model_validator(mode="after")
    def _must_make_sense(self) -> Self:
        if (self.weekday is None) == (self.every == "week"):
            raise ValueError('`weekday` beside every = "week", and only there')
        if (self.on_days is None) == (self.every in ("month", "quarter")):
            raise ValueError("`on_days` beside a month or quarter, and only there")
        if not self.starts_on <= self.ends_on:
            raise ValueError("an `ends_on` that is not before `starts_on`")
        longest = LONGEST_DAILY_DAYS if self.every == "day" else LONGEST_CALENDAR_DAYS
        if (self.ends_on - self.starts_on).days > longest:
            raise ValueError(f"at most {longest} days from `starts_on` to `ends_on`")
        return self


class BackPay(Section):
    """`back_pay`: who comes late is paid the runs that were missed, together with their first one."""

    at_most_runs: Times | None = None


class Grant(Section):
    """`[[grants]]`: money for the purse. Every row that fits a person is granted; rows of later dates follow later."""

    code: Code
    amount_satang: Positive | None = None
    amount_from: Literal["person.left_before_satang"] | None = Field(
        None, description="the sum is a fact about the person, at most `at_most_satang`"
    )
    times: (
        Literal["person.household_size", "person.children", "person.workday_nights", "person.holiday_nights"] | None
    ) = Field(None, description="the sum is for each of these, and at most `at_most_satang` together")
    at_most_satang: Positive | None = None
    when: ConditionsOfHolders
    joined_from: Instant | None = Field(None, description="only for those who enrol at or after this instant")
    joined_before: Instant | None = Field(None, description="only for those who enrol before this instant")
    pays_at: Instant | None = Field(None, description="when the purse is filled; without it, at enrolment")
    repeats: Repeats | None = Field(None, description="filled again and again, instead of once")
    verified_by_day: DayOfMonth | None = Field(
        None, description="a run pays those whose identity was proven by this day of the month before it"
    )
    back_pay: BackPay | None = None
    if_spent_satang: Positive | None = Field(
        None, description="only if so much of the right was spent before; with `repeats`, once, at the first such run"
    )

    @model_validator(mode="after")
    def _must_make_sense(self) -> Self:
        if (self.amount_satang is None) == (self.amount_from is None):
            raise ValueError("exactly one of `amount_satang` and `amount_from`")
        if (self.at_most_satang is None) == (self.amount_from is not None or self.times is not None):
            raise ValueError("`at_most_satang` beside `amount_from` or `times`, and only there")
        if self.repeats is not None and self.pays_at is not None:
            raise ValueError("at most one of `pays_at` and `repeats`")
        if self.repeats is None and (self.back_pay is not None or self.verified_by_day is not None):
            raise ValueError("`back_pay` and `verified_by_day` only beside `repeats`")
        if self.if_spent_satang is not None and self.pays_at is None and self.repeats is None:
            raise ValueError("`pays_at` or `repeats` beside `if_spent_satang`: nothing is spent at enrolment")
        return self


class FirstUse(Section):
    """`[first_use]`: a right that is not used in time is lost."""

    within_days: Days | None = Field(None, ge=1, description="days of 24 hours after enrolment")
    by: Instant | None = None
    when: ConditionsOfHolders

    @model_validator(mode="after")
    def _must_be_one(self) -> Self:
        if (self.within_days is None) == (self.by is None):
            raise ValueError("exactly one of `within_days` and `by`")
        return self


class Change(Section):
    """`[[changes]]`: what a person may change after enrolling, how often, and until when."""

    code: Code
    fact: Literal["person.chosen_province", "person.province", "person.district"] | None = None
    scheme: Code | None = Field(None, description="may come over from this scheme, if its right was never used")
    until: Instant
    times: Times = 1

    @model_validator(mode="after")
    def _must_be_one(self) -> Self:
        if (self.fact is None) == (self.scheme is None):
            raise ValueError("exactly one of `fact` and `scheme`")
        return self


class BuyIn(Section):
    """`[buy_in]`: people pay their own money into the purse, and the State adds to it."""

    pays_satang: Positive
    gets_satang: Positive
    times: Times = Field(1, description="how often one person may")
    until: Instant
    unused_own_part: Literal["to_citizen", "to_treasury"] = "to_citizen"

    @model_validator(mode="after")
    def _must_be_more(self) -> Self:
        if self.gets_satang < self.pays_satang:
            raise ValueError("a `gets_satang` that is at least `pays_satang`")
        return self


class PurseRule(Section):
    """`[purse]`: what becomes of money in the purse as time goes by."""

    empties: Literal["never", "day", "week", "month", "quarter", "year"] = Field(
        "never", description="what is left when such a period ends goes back to the scheme"
    )
    resets: Clock | None = Field(None, description="the time at which a new period begins; midnight without it")
    week_starts: Weekday = "sun"
    withdrawable: bool = Field(default=False, description="the citizen may take it out as their own money")
