"""Read a scheme document, and tell its author every mistake at once."""

import difflib
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from subsidies.documents.document import Document, named_in
from subsidies.documents.lines import Place, line_of, lines_of
from wallet.refusals import Refusal

# A document is written by hand; a megabyte is a hundred times the longest.
LARGEST_DOCUMENT_BYTES: Final = 1_000_000

# A mistake is one line on a terminal.
LONGEST_SHOWN: Final = 80

# What pydantic's words for a type look like in TOML.
IN_TOML: Final = {
    "datetime_type": "an instant such as 2025-10-29T06:00:00+07:00, without quotes",
    "timezone_aware": "an instant with its offset, such as 2025-10-29T06:00:00+07:00",
    "time_type": "a time such as 06:00:00, without quotes",
    "date_type": "a date such as 2025-10-29, without quotes",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "string_type": "a text in quotes",
    "list_type": "a list in brackets",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to put right: where, what stands there, and what may stand there."""

    line: int
    field: str
    found: str
    allowed: str

    def __str__(self) -> str:
        """Return the mistake as one line for a terminal."""
        return f"line {self.line}: {self.field}: found {self.found}; allowed: {self.allowed}"


class DocumentInvalid(Refusal):
    """The text breaks the format of scheme documents.

    :ivar mistakes: every mistake, in the order of their lines.
    """

    code = "document_invalid"
    status = 422

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        """Keep the mistakes; the facts list them."""
        super().__init__(count=len(mistakes), mistakes=[asdict(mistake) for mistake in mistakes])
        self.mistakes = mistakes

    def __str__(self) -> str:
        """Return one line for each mistake."""
        return "\n".join(map(str, self.mistakes))


def read(text: str) -> Document:
    """Return the document that `text` (TOML) says.

    :raises DocumentInvalid: with every mistake at once; only a text that is not TOML stops at the first.
    """
    if len(text.encode()) > LARGEST_DOCUMENT_BYTES:
        size = f"at most {LARGEST_DOCUMENT_BYTES} bytes"
        raise DocumentInvalid((Mistake(1, "document", f"{len(text.encode())} bytes", size),))
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as mistake:
        where = str(mistake).rpartition("at line ")[2].partition(",")[0]
        line = int(where) if where.isdigit() else len(text.splitlines())
        raise DocumentInvalid((Mistake(line, "document", str(mistake), "TOML 1.0"),)) from mistake
    try:
        return Document.model_validate(raw, context=named_in(raw))
    except ValidationError as invalid:
        raise DocumentInvalid(_mistakes(invalid, text)) from invalid


def example_lines_of(text: str) -> list[int]:
    """Return the line on which each example of a document begins."""
    found = lines_of(text)
    return [line for place, line in found.items() if place == ("examples", place[-1])]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of format 1, for editors and for other programmes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Document.model_json_schema(by_alias=True),
        "title": "Scheme document, format 1",
    }


def _mistakes(invalid: ValidationError, text: str) -> tuple[Mistake, ...]:
    found = lines_of(text)
    by_field: dict[str, Mistake] = {}
    for error in invalid.errors(include_url=False):
        mistake = _mistake(error, found)
        other = by_field.get(mistake.field)
        # A field that may hold several types has one complaint from each: one mistake for the author.
        by_field[mistake.field] = mistake if other is None else _either(other, mistake)
    return tuple(sorted(by_field.values(), key=lambda mistake: mistake.line))


def _either(one: Mistake, other: Mistake) -> Mistake:
    return Mistake(one.line, one.field, one.found, f"{one.allowed}, or {other.allowed}")


def _mistake(error: ErrorDetails, found: dict[Place, int]) -> Mistake:
    place = _written(error["loc"])
    line = line_of(place, found)
    field = ".".join(str(part) for part in place) or "document"
    match error["type"]:
        case "missing":
            return Mistake(line, field, "nothing", f"a value ({_means(place)})")
        case "extra_forbidden":
            fields = _fields_beside(place)
            return Mistake(line, field, "an unknown field", _did_you_mean(str(place[-1]), fields) + ", ".join(fields))
        case "value_error":
            return Mistake(line, field, _shown(error["input"]), str(error["ctx"]["error"]))
        case kind:
            allowed = error["msg"].removeprefix("Input should be ")
            return Mistake(line, field, _shown(error["input"]), IN_TOML.get(kind, allowed))


def _did_you_mean(written: str, fields: list[str]) -> str:
    """Return a guess: first the same name with its unit, for `amount` is most often meant to be satang."""
    near = [name for name in fields if name == f"{written}_satang"]
    near = near or difflib.get_close_matches(written, fields, n=1)
    return f"did you mean {near[0]}? one of " if near else "one of "


def _written(loc: Place) -> Place:
    """Return the author's own keys: without the names that pydantic adds for the members of a union."""
    match loc:
        case ("examples", int() as number, str(), *rest):
            return ("examples", number, *rest)
        case (*rest, "bool" | "int" | "str" | "date"):
            return tuple(rest)
    return loc


def _shown(value: Any) -> str:
    """Return what the author wrote, short enough for one line."""
    if isinstance(value, date | time):
        return value.isoformat()
    text = repr(value) if not isinstance(value, BaseModel) else repr(value.model_dump(by_alias=True, exclude_none=True))
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def _sections_at(place: Place) -> list[type[BaseModel]]:
    """Return the sections that may stand at `place`, by walking the types of the document."""
    sections: list[type[BaseModel]] = [Document]
    for part in place:
        if isinstance(part, int):
            continue
        annotations = [
            field.annotation
            for section in sections
            for name, field in section.model_fields.items()
            if (field.alias or name) == part
        ]
        sections = [section for annotation in annotations for section in _sections_in(annotation)]
    return sections


def _sections_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _sections_in(inner)


def _fields_beside(place: Place) -> list[str]:
    names = [
        field.alias or name for section in _sections_at(place[:-1]) for name, field in section.model_fields.items()
    ]
    return list(dict.fromkeys(names))


def _means(place: Place) -> str:
    for section in _sections_at(place[:-1]):
        for name, field in section.model_fields.items():
            if (field.alias or name) == place[-1]:
                return field.description or str(getattr(field.annotation, "__name__", field.annotation))
    return "of this section"
