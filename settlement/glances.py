"""Today at a glance: what was sold so far and where, how far budgets are burned, and what became of payouts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from settlement import batches, burning, days, tallies
from settlement.burning import Burn
from settlement.models import Batch
from settlement.tallies import Sold
from subsidies import schemes
from subsidies.documents.section import Words
from wallet.accounts import NIL
from wallet.models import BusinessDay
from wallet.money import Satang

# Two batches a day: a week at one look.
BATCHES_SHOWN: Final = 14


@dataclass(frozen=True, slots=True)
class Figures:
    """The open day so far, and how old what was counted last is."""

    sold: Sold
    age: dt.timedelta

    @property
    def late_minutes(self) -> int:
        """For how many whole minutes nothing was counted; the timetable does it every few seconds."""
        return int(self.age.total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class SchemeSold:
    """What one scheme paid of the day's sales; without a name, what citizens paid of their own."""

    name: Words | None
    sold: Sold


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """All that is seen at a glance, in satang.

    :ivar batches: the newest, oldest first, with their decisions.
    """

    open_day: BusinessDay | None
    due_at: dt.datetime | None
    figures: Figures | None
    hours: list[Sold]
    schemes: list[SchemeSold]
    provinces: dict[str, Sold]
    burns: list[Burn]
    batches: list[Batch]

    @property
    def whole(self) -> Satang:
        """All that was sold today."""
        return self.figures.sold.whole if self.figures else 0


def figures() -> Figures | None:
    """Return the figures of the open day alone: this is asked every few seconds. None before the books are open."""
    open_day = _open_day()
    return _figures(open_day) if open_day else None


def now(*, at: dt.datetime) -> Glance:
    """Return what is to be seen at this instant."""
    open_day = _open_day()
    day = tallies.of_day(business_date=open_day.business_date) if open_day else None
    return Glance(
        open_day=open_day,
        due_at=days.due_to_close_at(open_day) if open_day else None,
        figures=_figures(open_day) if open_day else None,
        hours=day.hours if day else [],
        schemes=_named(day.schemes, at) if day else [],
        provinces=day.provinces if day else {},
        burns=burning.all_schemes(at=at),
        batches=batches.recent(most=BATCHES_SHOWN)[::-1],
    )


def _open_day() -> BusinessDay | None:
    return next(iter(days.newest(at_most=1)), None)


def _figures(open_day: BusinessDay) -> Figures:
    return Figures(tallies.so_far(business_date=open_day.business_date), tallies.age())


def _named(sold: Mapping[UUID, Sold], at: dt.datetime) -> list[SchemeSold]:
    versions = schemes.ids_in_force(scheme_ids=sold.keys() - {NIL}, at=at)
    named = [
        SchemeSold(schemes.compiled(versions[scheme_id]).document.scheme.name if scheme_id != NIL else None, each)
        for scheme_id, each in sold.items()
    ]
    return sorted(named, key=lambda each: -each.sold.whole)
