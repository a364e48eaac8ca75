"""What an author did wrong, in an author's words: where, what stands there, and what may stand there."""

import difflib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, time
from itertools import islice
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from subsidies.documents.lines import Place, line_of, lines_of
from subsidies.documents.section import PATTERNS
from wallet.refusals import Refusal

# A mistake is one line on a terminal, and shows the beginning of what stands there.
LONGEST_SHOWN: Final = 80
DEEPEST_SHOWN: Final = 3
MOST_ROWS_SHOWN: Final = 10
MOST_BITS_SHOWN: Final = 100

# More than anybody puts right at one sitting; a file of nothing but mistakes is not a scheme document.
MOST_TOLD: Final = 1_000

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
    "too_short": "at least one",
}

# What pydantic puts into the place of an error for the member of a union, and for the key of a table.
ADDED: Final = frozenset({"bool", "int", "constrained-int", "str", "date", "[key]"})


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

    :ivar mistakes: every mistake, in the order of their lines; the first `MOST_TOLD` of them.
    """

    code = "document_invalid"
    status = 422

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        """Keep the mistakes; the facts list them."""
        told = mistakes[:MOST_TOLD]
        super().__init__(count=len(mistakes), mistakes=[asdict(mistake) for mistake in told])
        self.mistakes = told

    def __str__(self) -> str:
        """Return one line for each mistake."""
        return "\n".join(map(str, self.mistakes))


def mistakes_of(invalid: ValidationError, text: str, document: type[BaseModel]) -> tuple[Mistake, ...]:
    """Return what validation found, with the lines of the text, one mistake a field."""
    found = lines_of(text)
    by_field: dict[str, Mistake] = {}
    for error in invalid.errors(include_url=False):
        mistake = _mistake(error, found, document)
        other = by_field.get(mistake.field)
        # A field that may hold several types has one complaint from each: one mistake for the author.
        by_field[mistake.field] = mistake if other is None else _either(other, mistake)
    return tuple(sorted(by_field.values(), key=lambda mistake: mistake.line))


def _either(one: Mistake, other: Mistake) -> Mistake:
    return Mistake(one.line, one.field, one.found, f"{one.allowed}, or {other.allowed}")


def _mistake(error: ErrorDetails, found: dict[Place, int], document: type[BaseModel]) -> Mistake:
    place = _written(error["loc"])
    match error["type"]:
        case "union_tag_invalid" | "union_tag_not_found":
            place = (*place, "asks")
            shown = _shown(error["ctx"]["tag"]) if "tag" in error["ctx"] else "nothing"
            allowed = "what the example asks: one of " + str(error["ctx"].get("expected_tags", _asked(document)))
        case "missing":
            shown, allowed = "nothing", f"a value ({_means(place, document)})"
        case "extra_forbidden":
            fields = _fields_beside(place, document)
            shown, allowed = "an unknown field", _did_you_mean(str(place[-1]), fields) + ", ".join(fields)
        case "value_error":
            shown, allowed = _shown(error["input"]), str(error["ctx"]["error"])
        case "string_pattern_mismatch":
            shown, allowed = _shown(error["input"]), PATTERNS[error["ctx"]["pattern"]]
        case "model_type" | "dict_type":
            shown, allowed = _shown(error["input"]), _a_table(place)
        case "list_type" if isinstance(error["input"], dict):
            shown, allowed = _shown(error["input"]), f"rows, each under [[{_header(place)}]]"
        case kind:
            shown, allowed = _shown(error["input"]), IN_TOML.get(kind, error["msg"].removeprefix("Input should be "))
    return Mistake(line_of(place, found), ".".join(map(str, place)) or "document", shown, allowed)


def _written(loc: Place) -> Place:
    """Return the author's own keys: without the names that pydantic adds."""
    while loc and loc[-1] in ADDED:
        loc = loc[:-1]
    match loc:
        case ("examples", int() as number, str(), *rest):
            return ("examples", number, *rest)
    return loc


def _header(place: Place) -> str:
    return ".".join(str(part) for part in place if isinstance(part, str))


def _a_table(place: Place) -> str:
    if place and isinstance(place[-1], str):
        return f"one table, under [{_header(place)}] or in braces"
    return "a table in braces, such as { rate_bp = 5_000 }"


def _asked(document: type[BaseModel]) -> str:
    kinds: list[Any] = [section.model_fields["asks"].annotation for section in _sections_at(("examples",), document)]
    return ", ".join(f"'{name}'" for kind in kinds for name in get_args(kind))


def _did_you_mean(written: str, fields: list[str]) -> str:
    """Return a guess: first the same name with its unit, for `amount` is most often meant to be satang."""
    near = [name for name in fields if name == f"{written}_satang"]
    near = near or difflib.get_close_matches(written, fields, n=1)
    return f"did you mean {near[0]}? one of " if near else "one of "


def _shown(value: Any) -> str:
    """Return what the author wrote, as TOML has it, short enough for one line."""
    text = _as_toml(value, DEEPEST_SHOWN)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def _as_toml(value: Any, deepest: int) -> str:
    match value:
        case bool():
            shown = "true" if value else "false"
        case int() if value.bit_length() > MOST_BITS_SHOWN:
            shown = "a number of more than thirty digits"
        case date() | time():
            shown = value.isoformat()
        case str():
            shown = repr(value[: LONGEST_SHOWN + 1])
        case dict() | list() if not deepest:
            shown = "…"
        case dict():
            pairs = islice(value.items(), MOST_ROWS_SHOWN)
            shown = "{ " + ", ".join(f"{key} = {_as_toml(inner, deepest - 1)}" for key, inner in pairs) + " }"
        case list():
            shown = "[" + ", ".join(_as_toml(inner, deepest - 1) for inner in value[:MOST_ROWS_SHOWN]) + "]"
        case _:
            shown = repr(value)
    return shown


def _sections_at(place: Place, document: type[BaseModel]) -> list[type[BaseModel]]:
    """Return the sections that may stand at `place`, by walking the types of the document."""
    sections: list[type[BaseModel]] = [document]
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


def _fields_beside(place: Place, document: type[BaseModel]) -> list[str]:
    names = [
        field.alias or name
        for section in _sections_at(place[:-1], document)
        for name, field in section.model_fields.items()
    ]
    return list(dict.fromkeys(names))


def _means(place: Place, document: type[BaseModel]) -> str:
    for section in _sections_at(place[:-1], document):
        for name, field in section.model_fields.items():
            if (field.alias or name) == place[-1]:
                return field.description or str(getattr(field.annotation, "__name__", field.annotation))
    return "of this section"
