"""What has changed between two versions of a scheme: as sentences where a rule has them, and field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from subsidies.documents import Document
from subsidies.plain_words import explain


@dataclass(frozen=True, slots=True)
class Differences:
    """What one version says and the other does not.

    :ivar was: sentences (th, en) of the older version only.
    :ivar now: sentences of the newer version only.
    :ivar fields: (field, older value, newer value) as written; None stands where a version has no such field.
    """

    was: tuple[tuple[str, str], ...]
    now: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, Any, Any], ...]


def between(old: Document, new: Document) -> Differences:
    """Return what has changed from one document to the other; rows are matched by code, examples by name."""
    before, after = explain(old), explain(new)
    had, has = dict(_fields(_raw(old))), dict(_fields(_raw(new)))
    return Differences(
        was=tuple((said.th, said.en) for said in before if said not in after),
        now=tuple((said.th, said.en) for said in after if said not in before),
        fields=tuple(
            (field, had.get(field), has.get(field))
            for field in dict.fromkeys([*had, *has])
            if had.get(field) != has.get(field)
        ),
    )


def _raw(document: Document) -> dict[str, Any]:
    return document.model_dump(mode="json", by_alias=True, exclude_none=True)


def _fields(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value that is written, under a path that names rows by their codes."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _fields(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
        for number, row in enumerate(value):
            name = row.get("code") or row.get("name") or number
            yield from _fields(row, f"{path}[{name}]")
    else:
        yield path, value
