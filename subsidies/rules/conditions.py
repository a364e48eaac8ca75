"""Conditions on facts, compiled to one closure each. An unknown fact never satisfies a condition."""

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypeAlias

from subsidies.rules.calendar import Calendar, as_date


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


def compile_condition(
    *, fact: str, test: str, value: Any, calendar: Calendar, on: date | None = None
) -> Check:
    """Return a function that says whether the facts meet the condition.

    :param test: a name in `COMPARED`, or same_as / differs_from, whose value names another fact.
    :param on: for person.age, the day on which the age counts; without it, the day of the question.
    """
    read = reader_of(fact, calendar=calendar, on=on)
    if test in ("same_as", "differs_from"):
        read_other = reader_of(value, calendar=calendar)
        wants_same = test == "same_as"

        def check_two(facts: Facts) -> bool:
            found, other = read(facts), read_other(facts)
            return found is not None and other is not None and (found == other) is wants_same

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
    root, _, name = fact.partition(".")
    match root, name:
        case "tier", "":
            return lambda facts: facts.tier
        case "sale", "channel":
            return lambda facts: facts.channel
        case "at", "weekday":
            return lambda facts: calendar.weekday(facts.at)
        case "at", "day":
            return lambda facts: calendar.kind_of_day(facts.at)
        case "at", "date":
            return lambda facts: calendar.local(facts.at).date()
        case "person", "age":
            return lambda facts: _age(facts, on or calendar.local(facts.at).date())
        case "person", "birth_year_digit":
            return lambda facts: _born(facts) and _born(facts).year % 10  # type: ignore[union-attr]  # None stays None
        case "person", "born_on" | "verified_on":
            return lambda facts: facts.person.get(name) and as_date(facts.person[name])
        case "person", _:
            return lambda facts: facts.person.get(name)
        case "merchant", _:
            return lambda facts: facts.merchant.get(name)
        case "sale", _:
            return lambda facts: facts.sale.get(name)
    raise ValueError(f"no fact is called {fact}")


def _born(facts: Facts) -> date | None:
    text = facts.person.get("born_on")
    return as_date(text) if text else None


def _age(facts: Facts, day: date) -> int | None:
    born = _born(facts)
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
