"""A small scheme (half each, 06:00 to 23:00) of which tests change one section, and Somchai's purse in it."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any
from uuid import UUID

from subsidies.compiled import Scheme, compile_scheme
from subsidies.decision import Line, Purse, Sale, Share, Split, decide
from subsidies.documents.document import Document, named_in

BANGKOK = timezone(timedelta(hours=7))

HALF_EACH: dict[str, Any] = {
    "format": 1,
    "scheme": {
        "code": "half-each",
        "family": "half-each",
        "version": 1,
        "effective_at": datetime(2025, 10, 1, tzinfo=UTC),
        "name": {"th": "ครึ่งต่อครึ่ง", "en": "Half each"},
        "sources": ["https://example.org/half-each"],
    },
    "tiers": [{"code": "general", "name": {"th": "ทั่วไป", "en": "General"}}],
    "grants": [{"code": "all", "amount_satang": 2_000_00}],
    "spend": {
        "starts_at": datetime(2025, 11, 1, tzinfo=BANGKOK),
        "ends_at": datetime(2026, 2, 1, tzinfo=BANGKOK),
        "hours": [{"channels": ["shop"], "opens": time(6), "closes": time(23)}],
    },
    "funding": {"rates": [{"rate_bp": 5_000}]},
    "settlement": [
        {"part": "citizen", "channels": ["shop"], "days": 1, "at": time(2)},
        {"part": "state", "channels": ["shop"], "days": 1, "at": time(17, 30)},
    ],
    "examples": [
        {
            "asks": "due",
            "name": "the next night",
            "part": "citizen",
            "channel": "shop",
            "business_date": datetime(2025, 11, 1, tzinfo=BANGKOK).date(),
            "due_at": datetime(2025, 11, 2, 2, tzinfo=BANGKOK),
        }
    ],
}


def scheme(**sections: Any) -> Scheme:
    """Return the half-each scheme with some sections written differently."""
    raw = {**HALF_EACH, **sections}
    return compile_scheme(Document.model_validate(raw, context=named_in(raw)))


def bangkok(month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0, *, year: int = 2025) -> datetime:
    """Return the UTC instant of a Bangkok time."""
    return datetime(year, month, day, hour, minute, second, tzinfo=BANGKOK).astimezone(UTC)


def somchai(
    of: Scheme,
    *,
    left: int = 2_000_00,
    used: Mapping[tuple[str, datetime], int] | None = None,
    number: int = 1,
    person: Mapping[str, Any] | None = None,
    first_used_at: datetime | None = None,
    enrolled_at: datetime | None = None,
    tier: str = "general",
) -> Purse:
    """Return Somchai's purse in a scheme."""
    return Purse(
        enrolment_id=UUID(int=number),
        scheme_id=UUID(int=100 + number),
        version_id=UUID(int=200 + number),
        scheme=of,
        left=left,
        tier=tier,
        person=person or {},
        enrolled_at=enrolled_at or bangkok(10, 20),
        first_used_at=first_used_at,
        used=used or {},
    )


def shared(split: Split) -> tuple[int, list[int]]:
    """Return what the citizen pays and what each purse pays, in satang."""
    return split.citizen, [share.amount for share in split.shares]


__all__ = ["BANGKOK", "HALF_EACH", "Line", "Sale", "Share", "bangkok", "decide", "scheme", "shared", "somchai"]
