"""What the API's description (OpenAPI 3.1) says beyond the shapes: who may knock, with which key, how a no looks."""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from config.authentication import ANYONE, OpenTo
from config.doors import LONGEST_KEY, Door
from config.problems import MEDIA_TYPE
from config.shapes import LARGEST_PAGE, USUAL_PAGE, Problem

# The header that every request carries which moves money.
KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description="The same key with the same content gets the same answer, however often it is sent; it happens once.",
)
BEFORE: Final = OpenApiParameter(
    "before", {"type": "string", "format": "uuid"}, description="`next` of the page before: what is older than that."
)
LIMIT: Final = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": USUAL_PAGE}
)
PAGE: Final = [BEFORE, LIMIT]


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers itself, untyped
    """The access token, as OpenAPI has it."""

    target_class = "config.authentication.AccessToken"
    name = "access"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer", "description": "From `POST tokens/`."}


class DoorSchema(AutoSchema):
    """Describes a door by what it says about itself."""

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Return no security for what is open to anyone."""
        auth: list[dict[str, list[str]]] = [] if self._open_to() is ANYONE else super().get_auth()
        return auth

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """Return the method's own words, and who may call it."""
        said: str = super().get_description()
        roles = self._open_to()
        return f"{said}\n\nFor {'anyone' if roles is ANYONE else ', '.join(sorted(roles))}."

    def get_operation_id(self) -> str:
        """Return the method and the door's name: `get_payments`, `post_payments`, `get_payment`."""
        words = re.findall("[A-Z]+(?![a-z])|[A-Z][a-z]*", type(self.view).__name__.removesuffix("Door"))
        return "_".join([str(self.method), *words]).lower()

    def get_tags(self) -> list[str]:
        """Return the noun that the address begins with."""
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def _open_to(self) -> OpenTo:
        return cast("Door", self.view).open_to[self.method]


def say_no_everywhere(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add to every operation how a no looks; docs/refusals.md lists the codes."""
    no = {
        "description": "A refusal: nothing was done. `code` says why; docs/refusals.md lists the codes.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operation in _operations(result):
        operation["responses"]["default"] = no
    result["components"]["schemas"]["Problem"] = Problem.model_json_schema(mode="serialization")
    return result


def _operations(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in result["paths"].values() for operation in path.values()]
