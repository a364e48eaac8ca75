"""Conditions and requirements, compiled with the calendar and the places of their document."""

from collections.abc import Iterable, Iterator

from subsidies.documents.conditions import Condition
from subsidies.documents.conditions import Requirement as RequirementSection
from subsidies.documents.document import Document
from subsidies.documents.section import Words
from subsidies.rules.calendar import Calendar
from subsidies.rules.conditions import Check, all_of, compile_condition
from subsidies.rules.requirements import Requirement


class Conditions:
    """What conditions of one document need to know."""

    def __init__(self, document: Document, calendar: Calendar) -> None:
        """Keep the calendar, and which places lie next to one another."""
        self.calendar = calendar
        self.scheme = document.scheme.code
        self.next_to = {place: frozenset(others) for place, others in document.places.next_to.items()}

    def check(self, condition: Condition) -> Check:
        """Return the function that says whether a condition holds."""
        test, value = condition.test
        return compile_condition(
            fact=condition.fact,
            test=test,
            value=value,
            calendar=self.calendar,
            on=condition.on,
            next_to=self.next_to,
            scheme=self.scheme,
        )

    def all_of(self, conditions: Iterable[Condition]) -> Check | None:
        """Return the function that says whether all of them hold; None where there are none."""
        return all_of(self.check(condition) for condition in conditions)

    def requirements(self, sections: Iterable[RequirementSection]) -> tuple[Requirement, ...]:
        """Return the requirements with their words."""
        return tuple(
            Requirement(
                section.code,
                self.check(section),
                {"rule": section.code, **says("says", section.says), **says("appeal", section.appeal)},
                appeals=section.appeal is not None,
                appeals_until=section.appeal_until,
            )
            for section in sections
        )


def says(name: str, words: Words | None) -> dict[str, str]:
    """Return words as two facts of a refusal."""
    return {f"{name}_th": words.th if words else "", f"{name}_en": words.en if words else ""}


def facts_when_spending(document: Document) -> Iterator[str]:
    """Yield which of a person's facts sales and later grants are judged by; an enrolment keeps these and no others."""
    earned = document.earning.steps or () if document.earning else ()
    cases = [*document.merchants.kinds, *(document.funding.rates or ()), *document.caps, *earned]
    conditions = [
        *document.merchants.requires,
        *document.spend.requires,
        *(document.first_use.when if document.first_use else ()),
        *(condition for case in cases for condition in case.when),
    ]
    asked = [fact for condition in conditions for fact in (condition.fact, condition.other_fact)]
    asked += ["person.lists_as_of" for condition in conditions if condition.fact == "person.lists" and condition.on]
    asked += [fact for cap in document.caps for fact in (cap.times, cap.less)]
    asked += [change.fact for change in document.changes]
    if document.spend.stay is not None:
        asked += ["person.stay_from", "person.stay_until"]
    if document.earning is not None and document.earning.over is not None:
        asked.append(document.earning.over.fact)
    for row in document.grants:
        if row.pays_at is not None or row.repeats is not None:
            asked += [row.times, row.amount_from, *(condition.fact for condition in row.when)]
            asked += ["person.verified_on"] if row.verified_by_day is not None else []
    for fact in asked:
        if fact is not None and fact.startswith("person."):
            name = fact.removeprefix("person.")
            yield "born_on" if name in ("age", "birth_year_digit") else name
