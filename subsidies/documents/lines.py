"""Find the line on which a field of a TOML text stands. tomllib reads values and forgets where they were."""

import re
from collections.abc import Sequence
from typing import Final

Place = tuple[str | int, ...]

HEADER: Final = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
KEY: Final = re.compile(r"^\s*([A-Za-z0-9_\-.]+)\s*=")


def lines_of(text: str) -> dict[Place, int]:
    """Return the first line (from 1) of every table, key and inline table that `text` writes on a line of its own.

    What stands inside an inline table has no entry; `line_of` then answers with the line of what holds it.
    """
    found: dict[Place, int] = {}
    seen: dict[Place, int] = {}
    table: Place = ()
    inside = ""
    array: Place = ()
    seen_in_array = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if array:
            written = line.strip()
            if written.startswith("{"):
                found[(*array, seen_in_array)] = number
                seen_in_array += 1
            array = () if written.startswith("]") else array
            continue
        header = HEADER.match(line)
        if header:
            names = [name.strip(" \"'") for name in header[2].split(".")]
            table = _resolve(names, seen, is_array=header[1] == "[[")
            found.setdefault(table, number)
            continue
        key = KEY.match(line)
        if key:
            place = (*table, *key[1].split("."))
            found.setdefault(place, number)
            if line.rstrip().endswith("["):
                array, seen_in_array = place, 0
        for quotes in ('"""', "'''"):
            if line.count(quotes) % 2:
                inside = quotes
    return found


def line_of(place: Sequence[str | int], found: dict[Place, int]) -> int:
    """Return the line of `place`, or of the nearest thing around it; 1 for the document itself."""
    for length in range(len(place), 0, -1):
        line = found.get(tuple(place[:length]))
        if line is not None:
            return line
    return 1


def _resolve(names: list[str], seen: dict[Place, int], *, is_array: bool) -> Place:
    """Return the place of a header: each array of tables on the way means its latest row."""
    place: Place = ()
    for position, name in enumerate(names):
        place = (*place, name)
        if is_array and position == len(names) - 1:
            seen[place] = seen.get(place, -1) + 1
        if place in seen:
            place = (*place, seen[place])
    return place
