"""Ask a scheme the examples that its own document carries, and compare every answer. Pure: no database, no clock."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from subsidies import example_calendars, example_payments
from subsidies.compiled import Scheme, compile_scheme
from subsidies.documents import Document
from subsidies.documents.examples import (
    BuyInExample,
    CalendarExample,
    ChangeExample,
    DaysExample,
    DueExample,
    EarnedExample,
    Example,
    GrantExample,
    LeftExample,
    PaymentExample,
)
from subsidies.example_answers import Compared, told
from subsidies.example_payments import after
from wallet.refusals import Refusal

__all__ = ["Answer", "after", "run"]


# What asks each kind of example.
ASKED: Final[Mapping[type, Callable[[Scheme, Any], Iterator[Compared]]]] = {
    PaymentExample: example_payments.pay,
    DaysExample: example_payments.pay_daily,
    LeftExample: example_payments.look,
    GrantExample: example_calendars.enrol,
    CalendarExample: example_calendars.fill_and_empty,
    EarnedExample: example_calendars.earn,
    ChangeExample: example_calendars.change,
    BuyInExample: example_calendars.buy_in,
    DueExample: example_calendars.settle,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of one example: what the document expects, and what the rules answer.

    :ivar number: of the example in the document, from 0.
    """

    number: int
    example: str
    question: str
    expected: str
    found: str

    @property
    def is_right(self) -> bool:
        """Return whether the rules answer what the document expects."""
        return self.expected == self.found


def run(document: Document) -> list[Answer]:
    """Return the answers to all examples of a document, in its order."""
    scheme = compile_scheme(document)
    return [answer for number, example in enumerate(document.examples) for answer in _answers(scheme, number, example)]


def _answers(scheme: Scheme, number: int, example: Example) -> Iterator[Answer]:
    try:
        for question, expected, found in ASKED[type(example)](scheme, example):
            yield Answer(number, example.name, question, told(expected), told(found))
    except Refusal as refusal:
        # The rules give this person no purse, so that nothing could be asked of it.
        yield Answer(number, example.name, "to begin with", told({"refused": "no"}), told({"refused": refusal.code}))
