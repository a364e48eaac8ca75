"""Find the line on which a field of a TOML text stands. tomllib reads values and forgets where they were."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

Place: TypeAlias = tuple[str | int, ...]
Tokens: TypeAlias = Iterator[tuple[str, int]]

# Texts as a whole, in three quotes or one; comments; names, numbers and instants; marks, the end of a line one of them.
TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|\#[^\n]*|[^\s\[\]{}=,.\#\"\']+|[\[\]{}=,.\n]",
    re.DOTALL,
)
HEADER, DOT, END = "[", ".", "\n"
AFTER_A_VALUE: Final = frozenset({",", "]", "}", END})
NOTHING_MORE: Final = ("", 0)


def lines_of(text: str) -> dict[Place, int]:
    """Return the line (from 1) of every table, key and row of `text`, which is TOML."""
    found: dict[Place, int] = {}
    rows: dict[Place, int] = {}
    table: Place = ()
    tokens = _tokens(text)
    for token, line in tokens:
        if token == HEADER:
            table = _header(tokens, rows)
            found.setdefault(table, line)
        elif token != END:
            _field(token, line, table, tokens, found)
    return found


def line_of(place: Sequence[str | int], found: dict[Place, int]) -> int:
    """Return the line of `place`, or of the nearest thing around it; 1 for the document itself."""
    for length in range(len(place), 0, -1):
        line = found.get(tuple(place[:length]))
        if line is not None:
            return line
    return 1


def _tokens(text: str) -> Tokens:
    line = 1
    for match in TOKEN.finditer(text):
        token = match[0]
        if not token.startswith("#"):
            yield token, line
        line += token.count("\n")


def _header(tokens: Tokens, rows: dict[Place, int]) -> Place:
    """Return the place of a header: each array of tables on the way means its latest row."""
    first, _ = next(tokens)
    is_array = first == "["
    if is_array:
        first, _ = next(tokens)
    names = _names(first, tokens, until="]")
    if is_array:
        next(tokens)
    place: Place = ()
    for position, name in enumerate(names):
        place = (*place, name)
        if is_array and position == len(names) - 1:
            rows[place] = rows.get(place, -1) + 1
        if place in rows:
            place = (*place, rows[place])
    return place


def _names(first: str, tokens: Tokens, *, until: str) -> list[str]:
    """Return the parts of a key, whose first one was read already."""
    names = [first.strip("\"'")]
    for token, _ in tokens:
        if token == until:
            break
        if token != DOT:
            names.append(token.strip("\"'"))
    return names


def _field(first: str, line: int, table: Place, tokens: Tokens, found: dict[Place, int]) -> str:
    """Keep the line of a field and of all that its value holds, and return the mark after the value."""
    place = (*table, *_names(first, tokens, until="="))
    found.setdefault(place, line)
    return _value(next(tokens, NOTHING_MORE)[0], place, tokens, found)


def _value(first: str, place: Place, tokens: Tokens, found: dict[Place, int]) -> str:
    ends = {"[": "]", "{": "}"}.get(first)
    if ends is None:
        return next((token for token, _ in tokens if token in AFTER_A_VALUE), "")
    row = 0
    for token, line in tokens:
        if token == ends:
            break
        if token in AFTER_A_VALUE:
            continue
        if first == "{":
            after = _field(token, line, place, tokens, found)
        else:
            found.setdefault((*place, row), line)
            after = _value(token, (*place, row), tokens, found)
            row += 1
        if after == ends:
            break
    return next(tokens, NOTHING_MORE)[0]
