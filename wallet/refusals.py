"""The two ways to stop.

A person can cause a `Refusal`: an expected no, with a stable code and facts, worded in Thai and English by the
porch. Only we can cause `InvariantBroken`: stop, and wake someone.
"""

from collections.abc import Iterator
from typing import Any, ClassVar


class Refusal(Exception):  # noqa: N818  a refusal is not an error: it is an answer
    """An expected no. Each kind is a subclass, defined beside the operation that raises it.

    :cvar code: stable and public; clients may branch on it. Listed in docs/refusals.md.
    :cvar status: the HTTP status that the API answers with; 409 unless the kind names another 4xx.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409

    def __init__(self, **facts: Any) -> None:
        """Keep the facts (plain JSON values: satang, codes, ISO instants) that the wording needs."""
        super().__init__(self.code, facts)
        self.facts = facts


class InvariantBroken(Exception):  # noqa: N818  named after what happened
    """Something that can never happen has happened. Nobody catches this inside an operation."""


def kinds(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Yield every kind of refusal that is defined in the code loaded so far, for the catalogue and its tests."""
    for kind in of.__subclasses__():
        if "code" in vars(kind):
            yield kind
        yield from kinds(kind)
