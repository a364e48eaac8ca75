"""The whole scheme document, and what its sections owe to one another."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from subsidies.documents.conditions import BeforeEnrolling, Requirement
from subsidies.documents.examples import Assumed, Example
from subsidies.documents.identity import Calendar, Identity, Reports, Tier
from subsidies.documents.joining import BuyIn, Change, FirstUse, Grant, PurseRule, Quota, Registration
from subsidies.documents.naming import SECTIONS
from subsidies.documents.section import Part, Section, Weekday, Words
from subsidies.documents.settling import Due, End, Refunds
from subsidies.documents.sharing import Cap, Earning, Funding, RoundingRule, Shortage
from subsidies.documents.spending import Goods, Merchants, Places, Spend

FORMAT = 1

# The counter under which a payment keeps what it earns; caps and notes have counters of their own codes.
EARNED = "earned"


def _codes_differ(rows: Sequence[Any]) -> Sequence[Any]:
    repeated = [code for code, times in Counter(row.code for row in rows).items() if times > 1]
    if repeated:
        raise ValueError("a code of its own for each row; repeated: " + ", ".join(repeated))
    return rows


class Document(Section):
    """One version of one scheme."""

    format: Literal[1]
    scheme: Identity
    calendar: Calendar = Field(default_factory=Calendar)
    tiers: Annotated[list[Tier], Field(min_length=1), AfterValidator(_codes_differ)]
    registration: Registration | None = Field(None, description="without it people are enrolled by list, not by asking")
    eligibility: Annotated[list[Annotated[Requirement, BeforeEnrolling]], AfterValidator(_codes_differ)] = Field(
        default_factory=list
    )
    quota: Quota | None = None
    grants: Annotated[list[Grant], AfterValidator(_codes_differ)] = Field(default_factory=list, validate_default=True)
    buy_in: BuyIn | None = None
    first_use: FirstUse | None = None
    purse: PurseRule = Field(default_factory=PurseRule)
    changes: Annotated[list[Change], AfterValidator(_codes_differ)] = Field(default_factory=list)
    spend: Spend
    merchants: Merchants = Field(default_factory=Merchants)
    places: Places = Field(default_factory=Places)
    goods: list[Goods] = Field(default_factory=list)
    funding: Funding
    caps: Annotated[list[Cap], AfterValidator(_codes_differ)] = Field(default_factory=list)
    earning: Earning | None = Field(None, validate_default=True)
    rounding: RoundingRule = Field(default_factory=RoundingRule)
    shortage: Shortage = Field(default_factory=Shortage)
    refunds: Refunds | None = Field(None, description="without it no payment can be given back")
    settlement: list[Due] = Field(min_length=1)
    end: End = Field(default_factory=End)
    reports: Reports = Field(default_factory=Reports)
    words: dict[str, Words] = Field(default_factory=dict, description="what the document's own codes are called")
    examples_assume: Assumed = Field(default_factory=Assumed)
    examples: list[Example] = Field(min_length=1)

    @field_validator("settlement")
    @classmethod
    def _must_settle_all(cls, rows: list[Due], info: ValidationInfo) -> list[Due]:
        channels = (info.context or {}).get("sale.channel", frozenset())
        settled = {(row.part, channel) for row in rows for channel in row.channels}
        missing = {f"{part} on {channel}" for part in get_args(Part) for channel in channels} - {
            f"{part} on {channel}" for part, channel in settled
        }
        if missing:
            raise ValueError("a row for each part of each channel; missing: " + ", ".join(sorted(missing)))
        return rows

    @field_validator("grants")
    @classmethod
    def _must_fill_the_purse(cls, rows: list[Grant], info: ValidationInfo) -> list[Grant]:
        if not rows and not {"buy_in", "earning"} & _sections(info):
            raise ValueError("at least one row, or a [buy_in] or an [earning] section: something must fill the purse")
        return rows

    @field_validator("funding")
    @classmethod
    def _must_pay_or_earn(cls, funding: Funding, info: ValidationInfo) -> Funding:
        if funding.rates or funding.bands or funding.steps or "earning" in _sections(info):
            return funding
        raise ValueError("exactly one of `rates`, `bands` and `steps`, or an [earning] section")

    @field_validator("earning")
    @classmethod
    def _must_count_apart(cls, earning: Earning | None, info: ValidationInfo) -> Earning | None:
        funding, caps = info.data.get("funding"), info.data.get("caps", [])
        notes = funding.notes or [] if funding else []
        counters = [row.code for row in (*caps, *notes, *(earning.caps if earning else []))]
        if repeated := [code for code, times in Counter([*counters, EARNED]).items() if times > 1]:
            raise ValueError(
                f"a code of its own for each cap and note, and never {EARNED}; repeated: " + ", ".join(repeated)
            )
        return earning


def _sections(info: ValidationInfo) -> frozenset[str]:
    return frozenset((info.context or {}).get(SECTIONS, ()))


def named_in(raw: dict[str, Any]) -> dict[str, frozenset[str]]:
    """Return what a raw document names and other sections may refer to, by the fact or section that it is for."""
    spend, earning = _table(raw.get("spend")), _table(raw.get("earning"))
    notes = _strings(_table(raw.get("funding")).get("notes"), "code")
    # A limit on each sale has no memory, and so no use that an example could begin with.
    limits = [row for row in _rows(raw.get("caps")) + _rows(earning.get("caps")) if row.get("per") != "sale"]
    return {
        SECTIONS: frozenset(raw),
        "tier": frozenset(_strings(raw.get("tiers"), "code")),
        "sale.channel": _channels(spend.get("hours")),
        "settled": _channels(raw.get("settlement")),
        "counters": frozenset([*_strings(limits, "code"), *notes, *([EARNED] if earning else [])]),
        "notes": frozenset(notes),
        "changes": frozenset(_strings(raw.get("changes"), "code")),
        "at.weekday": frozenset(get_args(Weekday)),
        "at.day": frozenset({"workday", "holiday"}),
        "sale.day": frozenset({"workday", "holiday"}),
    }


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _strings(value: Any, key: str) -> list[str]:
    return [row[key] for row in _rows(value) if isinstance(row.get(key), str)]


def _channels(value: Any) -> frozenset[str]:
    lists = (row.get("channels") for row in _rows(value))
    return frozenset(name for names in lists if isinstance(names, list) for name in names if isinstance(name, str))
