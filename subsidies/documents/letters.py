"""Which letters a document may hold: an officer approves what they see, so nothing may look otherwise than it is."""

import re
from collections.abc import Iterator
from typing import Any, Final

from subsidies.documents.lines import Place

# Marks that turn the direction of a text round, controls that cannot be seen, and halves of letters that cannot be
# stored. Joiners and the empty space of Thai line breaks (U+200B to U+200D) are letters' own business.
UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
ALLOWED: Final = "letters that can be seen: no controls, and no marks that turn the direction of a text"


def unseen_by_line(text: str) -> dict[int, str]:
    """Return, by line (from 1), the first letter on it that may not stand in a document, as U+202E."""
    found: dict[int, str] = {}
    line, position = 1, 0
    for match in UNSEEN.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        found.setdefault(line, _named(match[0]))
    return found


def unseen_in_values(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield where a value holds a letter that an escape such as that of U+202E hid in the text, and which."""
    match value:
        case str():
            if hidden := UNSEEN.search(value):
                yield place, _named(hidden[0])
        case dict():
            for key, inner in value.items():
                if hidden := UNSEEN.search(key):
                    yield place, _named(hidden[0])
                yield from unseen_in_values(inner, (*place, key))
        case list():
            for row, inner in enumerate(value):
                yield from unseen_in_values(inner, (*place, row))


def _named(letter: str) -> str:
    return f"U+{ord(letter):04X}"
