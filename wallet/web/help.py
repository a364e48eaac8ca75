"""Help in plain words, and what a developer needs to speak with us."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar, NamedTuple

from drf_spectacular.generators import SchemaGenerator

from config.authentication import ANYONE
from config.screens import Screen


class Way(NamedTuple):
    """One way to ask the API."""

    method: str
    path: str
    says: str


class HelpScreen(Screen):
    """What people ask most."""

    open_to: ClassVar = ANYONE
    template = "wallet/help.html"


class DevelopersScreen(Screen):
    """The API in a page, drawn from its description."""

    open_to: ClassVar = ANYONE
    template = "wallet/developers.html"

    def seen(self) -> Mapping[str, Any]:
        """Return every way to ask."""
        return {"ways": ways()}


@cache
def ways() -> tuple[Way, ...]:
    """Return them in the order of the description. It changes only with a release, and takes a second to draw."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    return tuple(_ways(generator.get_schema(request=None, public=True)))  # type: ignore[no-untyped-call]


def _ways(description: Mapping[str, Any]) -> Iterator[Way]:
    for path, methods in description["paths"].items():
        for method, told in methods.items():
            yield Way(method.upper(), path, told.get("description", ""))
