"""What the API takes and gives, as shapes: the same declaration reads a request, writes an answer and describes both.

Reading is strict. An amount is a whole number, never `true`, `1.0` or `"1"`; a field that we do not know is refused,
for it may have been meant to change the act; text holds no control characters, which PostgreSQL cannot keep.
"""

import base64
import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from rest_framework.renderers import JSONRenderer

from wallet.money import LARGEST_AMOUNT

# Lists are read a page at a time; a phone shows twenty rows, a report takes a hundred.
USUAL_PAGE: Final = 20
LARGEST_PAGE: Final = 100


class Shape(BaseModel):
    """A JSON object of the API."""

    # Without inputs in errors, no PIN ever stands in a log.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


def _in_utc(instant: dt.datetime) -> dt.datetime:
    return instant.astimezone(dt.UTC)


def _decoded(written: str) -> str:
    base64.b64decode(written, validate=True)
    return written


Instant: TypeAlias = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Satang: TypeAlias = Annotated[int, Field(description="satang: a hundredth of a baht")]
# JSON Schema's own `time` wants an offset from UTC, and a shop's hours have none.
ClockTime: TypeAlias = Annotated[
    dt.time, WithJsonSchema({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]$"}, mode="serialization")
]
Price: TypeAlias = Annotated[int, Field(ge=1, le=LARGEST_AMOUNT, description="satang, more than nothing")]
Share: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT, description="satang")]

Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
Note: TypeAlias = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
Reason: TypeAlias = Annotated[str, StringConstraints(min_length=3, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]
# A short word by which a machine names a thing: a scheme, a category of goods.
Code: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_.-]+$")]
Pin: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Totp: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
# What a caller must send back as it was: tokens, secrets. Longer than any of ours, and never looked into.
Opaque: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=4096, pattern=r"^[!-~]+$")]
Base64: TypeAlias = Annotated[
    str, StringConstraints(min_length=4, max_length=1024, pattern=r"^[A-Za-z0-9+/]+={0,2}$"), AfterValidator(_decoded)
]


def _satang_or_none(typed: str) -> int:
    return _satang_of(typed) if typed.strip() else 0


def _satang_of(typed: str) -> int:
    whole, _, part = typed.replace(",", "").strip().partition(".")
    if not (whole.isascii() and whole.isdigit() and (part == "" or (part.isascii() and part.isdigit()))):
        raise ValueError("an amount in baht, such as 50 or 1,250.75")
    if len(part) > 2 or len(whole) > 9:
        raise ValueError("baht with at most two decimals")
    return int(whole) * 100 + int(part.ljust(2, "0"))


# Baht as a person types them into a form, read as satang.
TypedBaht: TypeAlias = Annotated[int, BeforeValidator(_satang_of), Field(ge=1, le=LARGEST_AMOUNT)]
# The same where nothing typed is nothing.
TypedBahtOrNone: TypeAlias = Annotated[int, BeforeValidator(_satang_or_none), Field(ge=0, le=LARGEST_AMOUNT)]
# The idempotency key that a page's form carries.
TypedKey: TypeAlias = Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[!-~]+$")]


class PageAsked(Shape):
    """Which part of a list, newest first."""

    before: UUID | None = None
    limit: int = Field(USUAL_PAGE, ge=1, le=LARGEST_PAGE)


class Problem(Shape):
    """Why not (RFC 9457). `code` is stable, so clients may branch on it; `detail_th` and `detail_en` are for people."""

    type: str = Field(description="the kind of problem, as a URN")
    title: str
    status: int
    code: str
    detail: str = Field(description="one of the two below, by Accept-Language")
    detail_th: str
    detail_en: str
    facts: dict[str, Any] = Field(description="what the sentences are made of: satang, codes, ISO instants")


class ShapeRenderer(JSONRenderer):
    """Writes an answer: a shape by its own declaration, anything else as plain JSON."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the body."""
        if isinstance(data, BaseModel):
            return data.model_dump_json().encode()
        rendered: bytes = super().render(data, accepted_media_type, renderer_context)
        return rendered
