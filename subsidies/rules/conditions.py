"""Conditions on facts, compiled to one closure each. An unknown fact never satisfies a condition."""

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypeAlias

from subsidies.rules.calendar import Calendar, as_date
from subsidies.rules.snapshots import lists_on


class Facts(NamedTuple):
    """All that is known when a question is asked; plain JSON values (dates as ISO texts)."""

    at: datetime
    tier: str = ""
    person: Mapping[str, Any] = {}
    merchant: Mapping[str, Any] = {}
    sale: Mapping[str, Any] = {}
    channel: str = ""


Check: TypeAlias = Callable[[Facts], bool]
Reader: TypeAlias = Callable[[Facts], Any]

ACCEPTED_ON: Final = "merchant.accepted_on"

COMPARED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "one_of": lambda found, allowed: found in allowed,
    "none_of": lambda found, denied: found not in denied,
    "at_least": operator.ge,
    "at_most": operator.le,
    "above": operator.gt,
    "below": operator.lt,
    "has": lambda found, wanted: wanted in found,
    "has_none_of": lambda found, denied: denied.isdisjoint(found),
}

# A place to the places next to it, itself included.
NextTo: TypeAlias = Mapping[str, frozenset[str]]


OF_TWO: Final[Mapping[str, Callable[[Any, Any, NextTo], bool]]] = {
    "same_as": lambda found, other, _places: found == other,
    "differs_from": lambda found, other, _places: found != other,
    "in_or_next_to": lambda found, other, places: found == other or found in places.get(other, frozenset()),
}


def compile_condition(
    *,
    fact: str,
    test: str,
    value: Any,
    calendar: Calendar,
    on: date | None = None,
    next_to: NextTo | None = None,
    scheme: str = "",
) -> Check:
    """Return a function that says whether the facts meet the condition.

    :param test: a name in `COMPARED`, or same_as / differs_from / in_or_next_to, whose value names another fact.
    :param next_to: for in_or_next_to, a place to its neighbours.
    :param scheme: the code of the scheme that asks, for merchant.accepted_on.
    :param on: for person.age and person.lists, the day on which they count; without it, the day of the question.
    """
    read = reader_of(fact, calendar=calendar, on=on) if fact != ACCEPTED_ON else _accepted_on(scheme)
    compare_two = OF_TWO.get(test)
    if compare_two is not None:
        read_other, places = reader_of(value, calendar=calendar), next_to or {}

        def check_two(facts: Facts) -> bool:
            found, other = read(facts), read_other(facts)
            return found is not None and other is not None and compare_two(found, other, places)

        return check_two
    compare = COMPARED[test]
    against = frozenset(value) if isinstance(value, list) else value

    def check(facts: Facts) -> bool:
        found = read(facts)
        return found is not None and compare(found, against)

    return check


def all_of(checks: Iterable[Check]) -> Check | None:
    """Return one function for all the checks, or None where there is nothing to check."""
    several = tuple(checks)
    match several:
        case ():
            return None
        case (only,):
            return only
        case _:
            return lambda facts: all(check(facts) for check in several)


def reader_of(fact: str, *, calendar: Calendar, on: date | None = None) -> Reader:
    """Return a function that reads one fact of the vocabulary; None is unknown."""
    derive = DERIVED.get(fact)
    if derive is not None:
        return lambda facts: derive(facts, calendar, on)
    root, _, name = fact.partition(".")
    known = operator.attrgetter(root)
    return lambda facts: known(facts).get(name)


def _accepted_on(scheme: str) -> Reader:
    """Return a function that reads when a shop accepted a scheme's terms: of a shop's dates by scheme, this one's."""

    def read(facts: Facts) -> date | None:
        found = facts.merchant.get("accepted_on")
        text = found.get(scheme) if isinstance(found, Mapping) else found
        return as_date(text) if text else None

    return read


def _born(facts: Facts) -> date | None:
    text = facts.person.get("born_on")
    return as_date(text) if text else None


def _age(facts: Facts, day: date) -> int | None:
    born = _born(facts)
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _lists(facts: Facts, _calendar: Calendar, on: date | None) -> list[str] | None:
    snapshots = facts.person.get("lists_as_of")
    if on is None or snapshots is None:
        found: list[str] | None = facts.person.get("lists")
        return found
    return lists_on(on, snapshots)


def _date_of(root: str, name: str) -> Callable[[Facts, Calendar, date | None], date | None]:
    known = operator.attrgetter(root)

    def read(facts: Facts, _calendar: Calendar, _on: date | None) -> date | None:
        text = known(facts).get(name)
        return as_date(text) if text else None

    return read


def _birth_year_digit(facts: Facts, _calendar: Calendar, _on: date | None) -> int | None:
    born = _born(facts)
    return None if born is None else born.year % 10


def _lead_days(facts: Facts, calendar: Calendar, _on: date | None) -> int | None:
    starts_on = facts.sale.get("starts_on")
    return None if not starts_on else (as_date(starts_on) - calendar.local(facts.at).date()).days


def _day_of_sale(facts: Facts, calendar: Calendar, _on: date | None) -> str | None:
    starts_on = facts.sale.get("starts_on")
    return None if not starts_on else calendar.kind_of(as_date(starts_on))


# Facts that are not simply looked up under their name.
DERIVED: Final[Mapping[str, Callable[[Facts, Calendar, date | None], Any]]] = {
    "tier": lambda facts, _calendar, _on: facts.tier,
    "sale.channel": lambda facts, _calendar, _on: facts.channel,
    "at.weekday": lambda facts, calendar, _on: calendar.weekday(facts.at),
    "at.day": lambda facts, calendar, _on: calendar.kind_of_day(facts.at),
    "at.hour": lambda facts, calendar, _on: calendar.local(facts.at).hour,
    "at.date": lambda facts, calendar, _on: calendar.local(facts.at).date(),
    "person.age": lambda facts, calendar, on: _age(facts, on or calendar.local(facts.at).date()),
    "person.birth_year_digit": _birth_year_digit,
    "person.born_on": _date_of("person", "born_on"),
    "person.lists": _lists,
    "person.verified_on": _date_of("person", "verified_on"),
    "person.stay_from": _date_of("person", "stay_from"),
    "person.stay_until": _date_of("person", "stay_until"),
    "sale.starts_on": _date_of("sale", "starts_on"),
    "sale.lead_days": _lead_days,
    "sale.day": _day_of_sale,
    "sale.ends_on": _date_of("sale", "ends_on"),
}
