"""Who may come in, what they are granted, what they may change."""

from datetime import time, timedelta

from subsidies.compiling.conditions import Conditions
from subsidies.documents.document import Document
from subsidies.documents.joining import Dates
from subsidies.documents.joining import Grant as GrantSection
from subsidies.rules.buy_in import BuyIn
from subsidies.rules.calendar import LIFETIME, Calendar
from subsidies.rules.changes import Change
from subsidies.rules.conditions import Facts
from subsidies.rules.eligibility import Eligibility
from subsidies.rules.first_use import FirstUse
from subsidies.rules.grants import Grants, Row, Runs, Sum
from subsidies.rules.periods import Period
from subsidies.rules.registration import ENROL, Registration, Round
from subsidies.rules.repeats import Repeats
from subsidies.rules.rota import Rota, RotaDay
from subsidies.rules.windows import Hours, Windows


def registration(document: Document, conditions: Conditions, calendar: Calendar) -> Registration:
    """Return when people may enrol."""
    section = document.registration
    if section is None:
        return Registration()
    rota = tuple(RotaDay(frozenset(row.weekdays), frozenset(row.digits), row.until) for row in section.rota)
    rounds = tuple(
        Round(_windows(dates, calendar), conditions.all_of(dates.when)) for dates in (section, *section.rounds)
    )
    return Registration(rounds, Rota(calendar, rota) if rota else None)


def _windows(dates: Dates, calendar: Calendar) -> Windows:
    hours = Hours(dates.opens or time.min, dates.closes or time.min)
    return Windows(calendar, dates.starts_at, dates.ends_at, {ENROL: (hours,)})


def eligibility(document: Document, conditions: Conditions) -> Eligibility:
    """Return who may enrol, and in which tier."""
    return Eligibility(
        conditions.requirements(document.eligibility),
        tuple((tier.code, conditions.all_of(tier.when)) for tier in document.tiers),
    )


def grants(document: Document, conditions: Conditions, calendar: Calendar) -> Grants:
    """Return what fills the purse, and when."""
    rows = tuple(_row(section, document, conditions, calendar) for section in document.grants)
    return Grants(rows, may_be_none=not rows)


def _row(section: GrantSection, document: Document, conditions: Conditions, calendar: Calendar) -> Row:
    of_tier = [conditions.check(condition) for condition in section.when if condition.fact == "tier"]
    codes = [tier.code for tier in document.tiers]
    return Row(
        section.code,
        Sum(section.amount_satang or 0, _name(section.times), _name(section.amount_from), section.at_most_satang),
        frozenset(code for code in codes if all(check(Facts(at=LIFETIME, tier=code)) for check in of_tier)),
        conditions.all_of(section.when),
        section.joined_from,
        section.joined_before,
        section.pays_at,
        _runs(section, calendar),
        section.if_spent_satang or 0,
    )


def _runs(section: GrantSection, calendar: Calendar) -> Runs | None:
    dates = section.repeats
    if dates is None:
        return None
    repeats = Repeats(
        calendar,
        dates.every,
        dates.at,
        dates.starts_on,
        dates.ends_on,
        dates.weekday,
        tuple(dates.on_days or ()),
        dates.interval,
    )
    return Runs(repeats, section.verified_by_day, 0 if section.back_pay is None else section.back_pay.at_most_runs)


def _name(fact: str | None) -> str | None:
    return fact and fact.removeprefix("person.")


def first_use(document: Document, conditions: Conditions) -> FirstUse | None:
    """Return until when an unused right must be used."""
    section = document.first_use
    if section is None:
        return None
    within = None if section.within_days is None else timedelta(days=section.within_days)
    return FirstUse(section.by, within, conditions.all_of(section.when))


def changes(document: Document) -> dict[str, Change]:
    """Return what may be changed after enrolling, by code."""
    return {row.code: Change(row.code, row.until, row.times, _name(row.fact), row.scheme) for row in document.changes}


def buy_in(document: Document) -> BuyIn | None:
    """Return what buying in costs and gives."""
    section = document.buy_in
    return None if section is None else BuyIn(section.pays_satang, section.gets_satang, section.times, section.until)


def emptied(document: Document, calendar: Calendar) -> Period | None:
    """Return the period at whose end the purse is emptied."""
    section = document.purse
    if section.empties == "never":
        return None
    return Period(
        kind=section.empties, calendar=calendar, resets=section.resets or time.min, week_starts=section.week_starts
    )
