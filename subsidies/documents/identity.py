"""Which programme a document is, its calendar, its groups of people, and how it is reported."""

from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from subsidies.documents.conditions import ConditionsOfPeople
from subsidies.documents.section import CURRENCY, Code, Day, Instant, Section, Times, Url, Words


class Identity(Section):
    """`[scheme]`: which programme this is, and which version of its rules."""

    code: Code
    family: Code = Field(description="phases and purses of one programme share a family")
    version: Times
    effective_at: Instant = Field(description="from when payments are made under this version")
    name: Words
    zone: str = "Asia/Bangkok"
    currency: str = Field("THB", pattern=CURRENCY, description="ISO 4217; fields in `_satang` hold its hundredths")
    sources: list[Url] = Field(min_length=1)

    @field_validator("zone")
    @classmethod
    def _must_exist(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("a time zone of the IANA list, such as Asia/Bangkok")
        return zone


class Calendar(Section):
    """`[calendar]`: public holidays, for rates and for settlement on banking days."""

    holidays: list[Day] = Field(default_factory=list)


class Tier(Section):
    """`[[tiers]]`: groups of people; the first whose conditions hold is a person's tier, for good."""

    code: Code
    name: Words
    when: ConditionsOfPeople


class Reports(Section):
    """`[reports]`: the groups by which totals are published; each must add up to the same total."""

    by: list[Literal["tier", "channel", "merchant.class", "merchant.province", "merchant.legal_form"]] = Field(
        default_factory=list
    )
