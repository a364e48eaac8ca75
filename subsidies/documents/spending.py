"""When, where and on what a right can be used."""

from typing import Literal, Self

from pydantic import Field, model_validator

from subsidies.documents.conditions import Conditions, Requirement
from subsidies.documents.section import LONGEST_DAYS, Clock, Code, Day, Days, Instant, Section, Weekday, Words


class Hours(Section):
    """`[[spend.hours]]`: when a channel is open. A channel without hours is closed."""

    channels: list[Code] = Field(min_length=1)
    opens: Clock
    closes: Clock = Field(description="not included; at or before `opens` it is on the next day")
    weekdays: list[Weekday] | None = Field(None, min_length=1)
    except_on: list[Day] = Field(default_factory=list, description="local days on which it stays closed")
    starts_at: Instant | None = Field(None, description="later than the scheme, such as delivery")
    ends_at: Instant | None = None


class Stay(Section):
    """`[spend.stay]`: a right of one's own time, from one's first day to one's last (a hotel's coupon)."""

    opens: Clock = Field(description="on the day of the fact person.stay_from")
    closes: Clock = Field(description="on the day of the fact person.stay_until; 00:00:00 is the midnight that ends it")


class Spend(Section):
    """`[spend]`: when the right can be used. Windows are half-open: `ends_at` itself is too late."""

    starts_at: Instant
    ends_at: Instant
    hours: list[Hours] = Field(min_length=1)
    activates_after_hours: int = Field(
        0, ge=0, le=24 * LONGEST_DAYS, description="hours between enrolment and first use"
    )
    lasts_days: Days | None = Field(None, ge=1, description="days of 24 hours after enrolment, then it is over")
    stay: Stay | None = None
    requires: list[Requirement] = Field(
        default_factory=list, description="what must be true of the sale itself: booked ahead, face to face, by card"
    )

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


class Places(Section):
    """`[places]`: which places lie next to one another, for the test `in_or_next_to`."""

    next_to: dict[str, list[str]] = Field(default_factory=dict, description="a place to its neighbours")


class Goods(Section):
    """`[[goods]]`: what may be bought. The first row that names the channel (or names none) rules."""

    channels: list[Code] | None = None
    allow: list[Code] | None = Field(None, min_length=1, description="only these categories")
    deny: list[Code] | None = Field(None, min_length=1, description="everything but these categories")
    allow_skus: list[str] | None = Field(None, min_length=1, description="of those, only these articles")
    deny_skus: list[str] | None = Field(None, min_length=1, description="and never these articles")
    rest: Literal["citizen", "refuse"] = Field(
        "citizen", description="what is not covered: the citizen pays for it, or the whole sale is refused"
    )

    @model_validator(mode="after")
    def _must_be_one(self) -> Self:
        if (self.allow is None) == (self.deny is None):
            raise ValueError("exactly one of `allow` and `deny`")
        return self
