"""How an answer is compared with what an example expects of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

# A question, what the example expects of the answer, and the same of what was found.
Compared: TypeAlias = tuple[str, Mapping[str, Any], Mapping[str, Any]]


def compare(question: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Compared:
    """Return the question with only what the example says anything about."""
    asked = {key: value for key, value in expected.items() if value is not None}
    if "refused" in found:
        asked.setdefault("refused", "no")
    return question, asked, {key: found.get(key) for key in asked}


def told(values: Mapping[str, Any]) -> str:
    """Return values as one line, in which a right answer equals what was expected."""
    return ", ".join(f"{key} {value}" for key, value in values.items())


def utc(at: datetime | str | None) -> str | None:
    """Return an instant as the same text, whichever offset it was written with."""
    if at is None:
        return None
    return (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(UTC).isoformat()
