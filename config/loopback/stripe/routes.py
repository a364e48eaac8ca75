"""Finds what a path asks for, in a table whose `*` stands for an id."""

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def look_up(table: Mapping[str, T], path: str) -> tuple[T, list[str]] | None:
    """Return what the table has for a path, with the ids in it, or None when it has nothing."""
    steps = path.strip("/").split("/")
    for pattern, wanted in table.items():
        pairs = list(zip(pattern.split("/"), steps, strict=False))
        if pattern.count("/") == len(steps) - 1 and all(each in ("*", step) for each, step in pairs):
            return wanted, [step for each, step in pairs if each == "*"]
    return None
