"""Read a scheme document, and tell its author every mistake at once."""

import difflib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from subsidies.documents.document import Document, named_in
from subsidies.documents.lines import line_of, lines_of

# A document is written by hand; a megabyte is a hundred times the longest.
LARGEST_DOCUMENT_BYTES = 1_000_000


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


class DocumentInvalid(ValueError):  # noqa: N818  it says what the document is
    """The text is not a scheme document.

    :ivar mistakes: every mistake, in the order of their lines.
    """

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        """Keep the mistakes; the message lists them."""
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


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
        found = lines_of(text)
        mistakes = [_mistake(error, raw, found) for error in invalid.errors(include_url=False)]
        raise DocumentInvalid(tuple(sorted(mistakes, key=lambda mistake: mistake.line))) from invalid


def read_file(path: Path) -> Document:
    """Return the document in the file at `path`, see `read`."""
    return read(path.read_text(encoding="utf-8"))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of format 1, for editors and for other programmes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scheme document, format 1",
        **Document.model_json_schema(by_alias=True),
    }


def _mistake(error: ErrorDetails, raw: dict[str, Any], found: dict[tuple[str | int, ...], int]) -> Mistake:
    place = tuple(part for part in error["loc"] if _is_written(part, error["loc"], raw))
    field = ".".join(str(part) for part in place) or "document"
    match error["type"]:
        case "missing":
            return Mistake(line_of(place, found), field, "nothing", f"a value ({_means(place)})")
        case "extra_forbidden":
            fields = _fields_beside(place)
            near = difflib.get_close_matches(str(place[-1]), fields, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            return Mistake(line_of(place, found), field, "an unknown field", hint + "one of " + ", ".join(fields))
        case "value_error":
            return Mistake(line_of(place, found), field, _shown(error["input"]), str(error["ctx"]["error"]))
        case _:
            allowed = error["msg"].removeprefix("Input should be ")
            return Mistake(line_of(place, found), field, _shown(error["input"]), allowed)


def _is_written(part: str | int, loc: tuple[str | int, ...], raw: Any) -> bool:
    """Tell the author's own keys from the names that pydantic puts into a place for the members of a union."""
    if isinstance(part, int):
        return True
    kinds = {"payments", "days", "grant", "left", "due"}
    is_union_tag = part in kinds and loc[:1] == ("examples",) and loc.index(part) == 2
    is_type_name = part in {"bool", "int", "str", "date"} and part not in _keys(raw)
    return not (is_union_tag or is_type_name)


def _keys(raw: Any) -> Iterator[str]:
    if isinstance(raw, dict):
        for key, value in raw.items():
            yield key
            yield from _keys(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _keys(value)


def _shown(value: Any) -> str:
    """Return what the author wrote, short enough for one line."""
    text = repr(value) if not isinstance(value, BaseModel) else repr(value.model_dump(by_alias=True, exclude_none=True))
    return text if len(text) <= 80 else text[:77] + "…"


def _sections_at(place: tuple[str | int, ...]) -> list[type[BaseModel]]:
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


def _fields_beside(place: tuple[str | int, ...]) -> list[str]:
    names = [field.alias or name for section in _sections_at(place[:-1]) for name, field in section.model_fields.items()]
    return list(dict.fromkeys(names))


def _means(place: tuple[str | int, ...]) -> str:
    for section in _sections_at(place[:-1]):
        for name, field in section.model_fields.items():
            if (field.alias or name) == place[-1]:
                return field.description or str(getattr(field.annotation, "__name__", field.annotation))
    return "of this section"
