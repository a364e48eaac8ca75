"""When, where and on what a right can be used."""

from datetime import timedelta

from subsidies.compiling.conditions import Conditions, says
from subsidies.documents.document import Document
from subsidies.documents.spending import Hours as HoursSection
from subsidies.rules.calendar import Calendar
from subsidies.rules.circumstances import Circumstances
from subsidies.rules.goods import Goods, GoodsByChannel
from subsidies.rules.merchants import Merchants
from subsidies.rules.stays import OwnTime
from subsidies.rules.windows import Hours, Windows


def windows(document: Document, calendar: Calendar) -> Windows:
    """Return the dates of the scheme and the hours of its channels."""
    spend = document.spend
    hours = {
        channel: tuple(_hours(row) for row in spend.hours if channel in row.channels) for channel in channels(document)
    }
    return Windows(calendar, spend.starts_at, spend.ends_at, hours)


def channels(document: Document) -> tuple[str, ...]:
    """Return the channels that have hours, in the order in which the document names them."""
    return tuple(dict.fromkeys(channel for row in document.spend.hours for channel in row.channels))


def _hours(row: HoursSection) -> Hours:
    weekdays = None if row.weekdays is None else frozenset(row.weekdays)
    return Hours(row.opens, row.closes, weekdays, row.starts_at, row.ends_at, frozenset(row.except_on))


def own_time(document: Document, calendar: Calendar) -> OwnTime | None:
    """Return the time of one's own; None where everybody has the scheme's dates."""
    spend = document.spend
    rule = OwnTime(
        calendar,
        timedelta(hours=spend.activates_after_hours),
        None if spend.lasts_days is None else timedelta(days=spend.lasts_days),
        None if spend.stay is None else (spend.stay.opens, spend.stay.closes),
    )
    return rule if rule.is_needed else None


def circumstances(document: Document, conditions: Conditions) -> Circumstances | None:
    """Return what must be true of a sale; None where nothing must."""
    requires = conditions.requirements(document.spend.requires)
    return Circumstances(requires) if requires else None


def goods(document: Document) -> GoodsByChannel:
    """Return which goods are covered, by channel."""
    rules: dict[str, Goods] = {}
    for row in document.goods:
        rule = Goods(
            None if row.allow is None else frozenset(row.allow),
            frozenset(row.deny or ()),
            row.rest == "refuse",
            None if row.allow_skus is None else frozenset(row.allow_skus),
            frozenset(row.deny_skus or ()),
        )
        for channel in row.channels or channels(document):
            rules.setdefault(channel, rule)
    return GoodsByChannel(rules)


def merchants(document: Document, conditions: Conditions) -> Merchants:
    """Return which shops are let in."""
    section = document.merchants
    return Merchants(
        conditions.requirements(section.requires),
        tuple(conditions.all_of(kind.when) for kind in section.kinds),
        says("says", section.kinds_say),
    )
