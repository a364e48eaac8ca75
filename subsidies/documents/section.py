"""What every section of a scheme document has in common, and the small types that sections are written with."""

from datetime import date, datetime, time
from typing import Annotated, Final, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from wallet.money import LARGEST_AMOUNT


class Section(BaseModel):
    """A table of the document: unknown fields are mistakes, nothing is converted, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)


# What may stand in a text, as a pattern and as an author is told.
CODE: Final = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"
CODE_OF_REQUIREMENT: Final = r"^[a-z0-9_]+$"
URL: Final = r"^https?://\S+$"
CURRENCY: Final = r"^[A-Z]{3}$"
PATTERNS: Final = {
    CODE: "small letters from a to z and digits, with - or _ between them",
    CODE_OF_REQUIREMENT: "small letters from a to z, digits and _",
    URL: "an address that begins with https:// or http://",
    CURRENCY: "three capital letters of ISO 4217, such as THB",
}

# No programme that anybody writes down is outside; within, every zone and every sum of days can be shown.
FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2150
LONGEST_DAYS: Final = 36_525

DayOrInstant = TypeVar("DayOrInstant", date, datetime)


def _of_our_time(day: DayOrInstant) -> DayOrInstant:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return day


Code = Annotated[str, Field(pattern=CODE, max_length=40)]
Amount = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)]
Positive = Annotated[int, Field(gt=0, le=LARGEST_AMOUNT)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Times = Annotated[int, Field(ge=1, le=1_000_000)]
Days = Annotated[int, Field(ge=0, le=LONGEST_DAYS)]
RateBp = Annotated[int, Field(gt=0, le=10_000)]
Instant = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
Day = Annotated[date, AfterValidator(_of_our_time)]
Clock = Annotated[time, Field(description="a local time such as 06:00:00; 00:00:00 as a closing time is midnight")]
Url = Annotated[str, Field(pattern=URL, max_length=2_000)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Part = Literal["citizen", "state"]


class Words(Section):
    """A sentence or name in both languages of the country."""

    th: str
    en: str
