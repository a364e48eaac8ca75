"""What the State pays of a sale, up to which limits, in which pieces, and what spending earns."""

from collections.abc import Sequence
from datetime import time, timedelta

from subsidies.compiling.conditions import Conditions
from subsidies.documents.document import Document
from subsidies.documents.sharing import Band, EarningCap, Step
from subsidies.documents.sharing import Cap as CapSection
from subsidies.rules.bands import Bands
from subsidies.rules.calendar import Calendar
from subsidies.rules.caps import Cap, Caps
from subsidies.rules.earning import Earning
from subsidies.rules.funding import Bounds, Rates, Steps
from subsidies.rules.notes import Note, Notes
from subsidies.rules.pays_back import PaysBack
from subsidies.rules.periods import Period


def bounds(document: Document) -> Bounds:
    """Return the smallest and largest price that the State shares."""
    return Bounds(document.funding.at_least_satang or 0, document.funding.at_most_satang)


def funding(document: Document, conditions: Conditions) -> Rates | Bands | Steps | None:
    """Return what the State pays of a price; None where it pays nothing at the till."""
    section = document.funding
    if section.rates is not None:
        return Rates(tuple((conditions.all_of(rate.when), rate.rate_bp) for rate in section.rates))
    return _worth(section.bands, section.steps, section.times and section.times.removeprefix("sale."))


def _worth(
    bands: Sequence[Band] | None, steps: Sequence[Step] | None, times: str | None = None
) -> Bands | Steps | None:
    if bands is not None:
        return Bands(tuple((band.up_to_satang, band.rate_bp) for band in bands))
    if steps is not None:
        return Steps(tuple((step.at_least_satang, step.pays_satang) for step in steps), times)
    return None


def notes(document: Document) -> Notes | None:
    """Return the pieces in which the right comes, the largest first; None where it is a sum."""
    section = document.funding
    if section.notes is None:
        return None
    rows = sorted(section.notes, key=lambda row: row.value_satang or 0, reverse=True)
    kinds = tuple(Note(row.code, row.value_satang, row.count, row.at_least_satang) for row in rows)
    return Notes(kinds, section.notes_per_sale, section.rest_of_note == "kept")


def pays_back(document: Document, calendar: Calendar) -> PaysBack | None:
    """Return when the citizen is paid back; None where the State pays at the till."""
    section = document.funding.pays_back
    if section is None:
        return None
    return PaysBack(calendar, tuple(section.on_days), section.at, section.after != "payment", section.wait_days)


def caps(document: Document, conditions: Conditions, calendar: Calendar) -> Caps:
    """Return all limits, in the order in which they are computed."""
    rules = [_cap(section, document, conditions, calendar) for section in document.caps]
    return Caps(_in(rules, "state"), _in(rules, "spend", "quantity", "payments", "fact"))


def _cap(section: CapSection, document: Document, conditions: Conditions, calendar: Calendar) -> Cap:
    period = None
    if section.per != "sale":
        period = Period(
            kind=section.per,
            calendar=calendar,
            resets=section.resets or time.min,
            week_starts=section.week_starts,
            tranches=section.tranches or (),
        )
    limit = section.limit_satang if section.limit is None else section.limit
    whose, _, name = (section.times or "").partition(".")
    return Cap(
        code=section.code,
        counts=section.counts,
        limit=limit or 0,
        per=section.per,
        period=period,
        times=(whose, name) if name else None,
        less=section.less and section.less.removeprefix("person."),
        fact=section.fact and section.fact.removeprefix("sale."),
        goods=None if section.goods is None else frozenset(section.goods),
        carried_since=document.spend.starts_at if section.unused == "carried" else None,
        applies=conditions.all_of(section.when),
    )


def _in(rules: Sequence[Cap], *counts: str) -> tuple[Cap, ...]:
    return tuple(cap for kind in counts for cap in rules if cap.counts == kind)


def earning(document: Document, conditions: Conditions, calendar: Calendar) -> Earning | None:
    """Return what spending earns; None where it earns nothing."""
    section = document.earning
    worth = None if section is None else _worth(section.bands, section.steps)
    if section is None or worth is None:
        return None
    return Earning(
        starts_at=section.starts_at,
        ends_at=section.ends_at,
        period=None if section.per == "sale" else Period(kind=section.per, calendar=calendar),
        worth=worth,
        at_most=section.at_most_satang,
        cases=tuple(conditions.all_of(step.when) for step in section.steps or ()),
        times=section.times and (section.times.removeprefix("sale."), section.times_at_most),
        caps=tuple(_earning_cap(cap, calendar) for cap in section.caps),
        over_bp=None if section.over is None else section.over.times_bp,
        to=section.to,
        pays_at=tuple(sorted(section.pays_at or ())),
        wait=timedelta(days=section.wait_days or 0),
    )


def _earning_cap(section: EarningCap, calendar: Calendar) -> Cap:
    period = None
    if section.per != "sale":
        period = Period(
            kind=section.per, calendar=calendar, resets=section.resets or time.min, week_starts=section.week_starts
        )
    return Cap(code=section.code, counts="spend", limit=section.limit_satang, per=section.per, period=period)
