"""A condition: one fact and one test. A list of conditions means that all of them must hold.

There is no "or" and no formula. Where a scheme has alternatives (kinds of shop, rates, tiers), the section that has
them is a list of cases, each with its own conditions.
"""

import difflib
from datetime import date
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from subsidies.documents.facts import VOCABULARY, Kind
from subsidies.documents.section import CODE_OF_REQUIREMENT, Instant, Section, Words

Test = Literal[
    "is",
    "is_not",
    "one_of",
    "none_of",
    "at_least",
    "at_most",
    "above",
    "below",
    "has",
    "has_none_of",
    "same_as",
    "differs_from",
    "in_or_next_to",
]
# Far more than any sum of money or number of people, and little enough to be shown and stored.
Number = Annotated[int, Field(ge=-(10**15), le=10**15)]
Value = bool | Number | str | date
Bound = Number | date

# What can be asked of a day other than the one on which it is asked.
OF_A_DAY: Final = ("person.age", "person.lists")

# Their value names another fact.
OF_TWO_FACTS: Final = ("same_as", "differs_from", "in_or_next_to")

TESTS_FOR: Final[dict[Kind, frozenset[str]]] = {
    Kind.TEXT: frozenset({"is", "is_not", "one_of", "none_of", "same_as", "differs_from", "in_or_next_to"}),
    Kind.NUMBER: frozenset({"is", "is_not", "one_of", "none_of", "at_least", "at_most", "above", "below"}),
    Kind.DATE: frozenset({"is", "is_not", "at_least", "at_most", "above", "below"}),
    Kind.FLAG: frozenset({"is"}),
    Kind.LIST: frozenset({"has", "has_none_of"}),
}
PYTHON_OF: Final[dict[Kind, type]] = {
    Kind.TEXT: str,
    Kind.NUMBER: int,
    Kind.DATE: date,
    Kind.FLAG: bool,
    Kind.LIST: str,
}


def known_fact(name: str) -> str:
    """Return the name, if it is one of the vocabulary.

    :raises ValueError: with the nearest one that is.
    """
    if name not in VOCABULARY:
        # Whoever forgets `person.` has written the rest.
        near = [fact for fact in VOCABULARY if fact.endswith(f".{name}")]
        near = near or difflib.get_close_matches(name, VOCABULARY, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ValueError(f"{hint}one of the facts: " + ", ".join(VOCABULARY))
    return name


FactName = Annotated[str, AfterValidator(known_fact)]


class Condition(Section):
    """One fact and exactly one test of it."""

    fact: FactName
    is_: Value | None = Field(None, alias="is")
    is_not: Value | None = None
    one_of: list[Value] | None = None
    none_of: list[Value] | None = None
    at_least: Bound | None = None
    at_most: Bound | None = None
    above: Bound | None = None
    below: Bound | None = None
    has: str | None = None
    has_none_of: list[str] | None = None
    same_as: FactName | None = None
    differs_from: FactName | None = None
    in_or_next_to: FactName | None = Field(None, description="the same place, or one that [places] puts next to it")
    on: date | None = Field(None, description="for person.age and person.lists: the day on which they count")

    @property
    def other_fact(self) -> str | None:
        """Return the second fact of a test that compares two."""
        return self.same_as or self.differs_from or self.in_or_next_to

    @property
    def test(self) -> tuple[Test, Any]:
        """Return the one test that was written, and its value."""
        return self._tests()[0]

    def _tests(self) -> list[tuple[Test, Any]]:
        written: list[tuple[Test, Any]] = []
        for name in TESTS_FOR_ALL:
            value = getattr(self, "is_" if name == "is" else name)
            if value is not None:
                written.append((name, value))
        return written

    @model_validator(mode="after")
    def _must_make_sense(self, info: ValidationInfo) -> Self:
        kind = VOCABULARY[self.fact].kind
        fitting = [name for name in TESTS_FOR_ALL if name in TESTS_FOR[kind]]
        written = self._tests()
        if len(written) != 1 or written[0][0] not in fitting:
            raise ValueError(f"exactly one of the tests for {self.fact} (a {kind}): " + ", ".join(fitting))
        if self.other_fact is not None and VOCABULARY[self.other_fact].kind is not kind:
            raise ValueError(f"another fact that is a {kind}, as {self.fact} is")
        if self.on is not None and self.fact not in OF_A_DAY:
            raise ValueError("`on` only beside the facts " + " and ".join(OF_A_DAY))
        test, value = written[0]
        if test not in OF_TWO_FACTS:
            values = value if isinstance(value, list) else [value]
            # bool is an int in Python, but a flag is not a number in a document.
            if not all(type(one) is PYTHON_OF[kind] for one in values):
                raise ValueError(f"a {kind} to test {self.fact} with")
            self._must_be_named_above(values, info)
        return self

    def _must_be_named_above(self, values: list[Any], info: ValidationInfo) -> None:
        named = (info.context or {}).get(self.fact)
        if named is not None and not set(values) <= set(named):
            raise ValueError(f"for {self.fact}, one that the document names: " + ", ".join(sorted(named)))


TESTS_FOR_ALL: Final[tuple[Test, ...]] = Test.__args__  # type: ignore[attr-defined]  # the Literal is the list


class Requirement(Condition):
    """A condition that a person or shop must meet, with its own name and its own words for those who do not."""

    code: str = Field(pattern=CODE_OF_REQUIREMENT, max_length=40)
    says: Words
    appeal: Words | None = Field(None, description="where and until when to ask for another look")
    appeal_until: Instant | None = Field(None, description="an appeal at this instant is too late")

    @model_validator(mode="after")
    def _must_say_how_to_appeal(self) -> Self:
        if self.appeal_until is not None and self.appeal is None:
            raise ValueError("`appeal` beside `appeal_until`")
        return self


AnyCondition = TypeVar("AnyCondition", bound=Condition)


def _only_about(*roots: str) -> AfterValidator:
    """Return what refuses a fact that nobody knows when the condition is asked: it would never hold, unnoticed."""

    def check(condition: AnyCondition) -> AnyCondition:
        for fact in (condition.fact, condition.other_fact):
            if fact is not None and fact.partition(".")[0] not in roots:
                raise ValueError(f"a fact that is known by then ({', '.join(roots)}), which {fact} is not")
        return condition

    return AfterValidator(check)


ALL_HOLD: Final[Any] = Field(default_factory=list, description="all of them must hold")
Conditions = Annotated[list[Condition], ALL_HOLD]

# Whoever asks to enrol has no tier yet; before a sale there is no shop.
BeforeEnrolling = _only_about("person", "at")
ConditionsOfPeople = Annotated[list[Annotated[Condition, BeforeEnrolling]], ALL_HOLD]
ConditionsOfHolders = Annotated[list[Annotated[Condition, _only_about("person", "at", "tier")]], ALL_HOLD]
