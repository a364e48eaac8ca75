"""What every section of a scheme document has in common, and the small types that sections are written with."""

from datetime import time
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from wallet.money import LARGEST_AMOUNT


class Section(BaseModel):
    """A table of the document: unknown fields are mistakes, nothing is converted, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)


Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=40)]
Amount = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)]
Positive = Annotated[int, Field(gt=0, le=LARGEST_AMOUNT)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
RateBp = Annotated[int, Field(gt=0, le=10_000)]
Instant = AwareDatetime
Clock = Annotated[time, Field(description="a local time such as 06:00:00; 00:00:00 as a closing time is midnight")]
Url = Annotated[str, Field(pattern=r"^https?://\S+$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Part = Literal["citizen", "state"]


class Words(Section):
    """A sentence or name in both languages of the country."""

    th: str
    en: str
