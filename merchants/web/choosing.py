"""Which of their rights a citizen lets pay, and with which notes: a form of boxes and numbers on the page of the split.

Without a choice every right pays that can, and of notes the best. A right of which no note is handed over does not pay.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from pydantic import ValidationError

from config.doors import refusal_of
from config.shapes import Shape
from merchants.api.scans import Notes, Schemes
from merchants.scans import Offer
from subsidies.splits import Purse

# How the form names its fields: that something was chosen at all, each right's box, each note's number.
CHOICE: Final = "choice"
BOX: Final = "use"
NUMBER: Final = "note"


class Choice(Shape):
    """Which rights are to pay, and the notes that are handed over; without `schemes`, all that can."""

    schemes: Schemes | None = None
    notes: Notes = {}

    @property
    def those(self) -> tuple[str, ...] | None:
        """Return the schemes as operations take them."""
        return None if self.schemes is None else tuple(self.schemes)


def choice(said: QueryDict) -> Choice:
    """Return what the address chooses.

    :raises FieldsWrong: it names what can be no scheme, or counts what cannot be counted.
    """
    if CHOICE not in said:
        return Choice()
    typed: dict[str, dict[str, str]] = {}
    for name in said:
        kind, _, note = name.partition(":")
        scheme, _, note = note.partition(":")
        if kind == NUMBER:
            typed.setdefault(scheme, {})[note] = str(said[name]) or "0"
    boxes = said.getlist(BOX)
    asked = _read(boxes, {code: typed[code] for code in boxes if code in typed})
    handed = {scheme: {note: count for note, count in notes.items() if count} for scheme, notes in asked.notes.items()}
    return Choice(
        schemes=[code for code in boxes if handed.get(code, True)],
        notes={scheme: notes for scheme, notes in handed.items() if notes},
    )


def rights(offer: Offer, choice: Choice) -> list[Mapping[str, Any]]:
    """Return the rights among which the citizen chooses, as the form shows them; a choice that cannot stand, too."""
    handed = {**choice.notes, **offer.notes}
    return [
        {
            "code": purse.scheme.code,
            "name": purse.scheme.document.scheme.name,
            "pays": purse.scheme.code in offer.schemes,
            "notes": list(_notes(purse, handed.get(purse.scheme.code, {}))),
        }
        for purse in offer.purses
    ]


def written(notes: Mapping[str, Mapping[str, int]]) -> str:
    """Write a choice of notes into one field of a form."""
    return urlencode([(f"{scheme}:{note}", count) for scheme, each in notes.items() for note, count in each.items()])


def read_notes(field: str) -> Mapping[str, Mapping[str, int]]:
    """Read it again.

    :raises FieldsWrong: it was not written so.
    """
    typed: dict[str, dict[str, str]] = {}
    for name, count in QueryDict(field).items():
        scheme, _, note = name.partition(":")
        typed.setdefault(scheme, {})[note] = str(count)
    return _read(None, typed).notes


def _read(schemes: list[str] | None, notes: Mapping[str, Mapping[str, str]]) -> Choice:
    try:
        return Choice.model_validate({"schemes": schemes, "notes": notes}, strict=False)  # numbers come as texts
    except ValidationError as error:
        raise refusal_of(error) from None


def _notes(purse: Purse, handed: Mapping[str, int]) -> Iterator[Mapping[str, Any]]:
    if purse.scheme.notes is None:
        return
    for note, have in purse.scheme.notes.left_of(purse.left, purse.used).items():
        yield {
            "field": f"{NUMBER}:{purse.scheme.code}:{note.code}",
            "value": note.value,
            "have": have,
            "handed": handed.get(note.code, 0),
        }
