"""Read a scheme document, and tell its author every mistake at once."""

import re
import tomllib
from collections.abc import Callable
from typing import Any, Final

from pydantic import ValidationError

from subsidies.documents.document import Document, named_in
from subsidies.documents.letters import ALLOWED, unseen_by_line, unseen_in_values
from subsidies.documents.lines import line_of, lines_of
from subsidies.documents.mistakes import DocumentInvalid, Mistake, mistakes_of

# A document is written by hand; a megabyte is a hundred times the longest.
LARGEST_DOCUMENT_BYTES: Final = 1_000_000

# Some editors begin a file with it; it says nothing.
BYTE_ORDER_MARK: Final = "\ufeff"

# How tomllib's complaints begin, and what an author should write instead.
ADVICE: Final = (
    ("Cannot overwrite a value", "each field once in its section"),
    ("Cannot declare", "each [section] once; rows of the same kind each under [[section]]"),
    ("Cannot mutate", "a section either in braces or under a header of its own"),
    ("Invalid date or datetime", "a day and time that exist"),
    (
        "Invalid value",
        "a text in quotes, a number such as 200_00, true, false, an instant, date or time, a list, a table",
    ),
    ("Expected newline or end", "one `field = value` on a line: 200_00, not 200,00; midnight is 00:00:00"),
    ("Expected '=' after a key", "`field = value`, `[section]` or `[[section]]`"),
    ("Unclosed", "a bracket or brace that closes"),
)


def read(text: str) -> Document:
    """Return the document that `text` (TOML) says.

    :raises DocumentInvalid: with every mistake at once; only a text that is not TOML stops at the first.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    size = len(text.encode(errors="surrogatepass"))
    if size > LARGEST_DOCUMENT_BYTES:
        raise _stopped(1, f"{size} bytes", f"at most {LARGEST_DOCUMENT_BYTES} bytes")
    if unseen := unseen_by_line(text):
        raise DocumentInvalid(tuple(Mistake(line, "document", found, ALLOWED) for line, found in unseen.items()))
    raw = _parsed(text)
    if hidden := list(unseen_in_values(raw)):
        lines = lines_of(text)
        raise DocumentInvalid(
            tuple(Mistake(line_of(at, lines), ".".join(map(str, at)), found, ALLOWED) for at, found in hidden)
        )
    try:
        return Document.model_validate(raw, context=named_in(raw))
    except ValidationError as invalid:
        raise DocumentInvalid(mistakes_of(invalid, text, Document)) from invalid


def decoded(data: bytes) -> str:
    """Return the text of a file.

    :raises DocumentInvalid: with the line on which it stops being UTF-8.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as mistake:
        line = data.count(b"\n", 0, mistake.start) + 1
        raise _stopped(line, f"the byte 0x{data[mistake.start]:02X}", "a text saved as UTF-8") from mistake


def example_lines_of(text: str) -> list[int]:
    """Return the line on which each example of a document begins."""
    return [line for place, line in lines_of(text).items() if place == ("examples", place[-1])]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of format 1, for editors and for other programmes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Document.model_json_schema(by_alias=True),
        "title": "Scheme document, format 1",
    }


def _parsed(text: str) -> dict[str, Any]:
    """Return the values of a TOML text.

    :raises DocumentInvalid: with the first mistake, for what follows it cannot be read.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as mistake:
        told, _, where = str(mistake).rpartition(" (at ")
        number = re.match(r"line (\d+)", where)
        line = int(number[1]) if number else len(text.splitlines())
        advice = next((advice for begins, advice in ADVICE if told.startswith(begins)), "TOML 1.0")
        raise _stopped(line, f"{told} (at {where}", advice) from mistake
    except RecursionError as mistake:
        line = _line_with_most(text, lambda line: line.count("[") + line.count("{"))
        raise _stopped(line, "brackets within brackets", "a few, one within another") from mistake
    except ValueError as mistake:
        # Python reads no decimal number of more than a few thousand digits.
        line = _line_with_most(text, lambda line: max(map(len, re.findall(r"[\d_]+", line)), default=0))
        raise _stopped(line, "a number of thousands of digits", "a whole number such as 200_00") from mistake


def _line_with_most(text: str, count: Callable[[str], int]) -> int:
    lines = text.split("\n")
    return 1 + max(range(len(lines)), key=lambda number: count(lines[number]))


def _stopped(line: int, found: str, allowed: str) -> DocumentInvalid:
    return DocumentInvalid((Mistake(line, "document", found, allowed),))
