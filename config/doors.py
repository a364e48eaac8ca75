"""A door of the API: who may knock, and how what they bring is read. Each calls one operation and shows the result.

A door says for each method which roles it is open to; one that says nothing stays shut (`config/authentication.py`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final, TypeVar, cast
from uuid import UUID

from pydantic import BaseModel, ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils.mediatypes import media_type_matches
from rest_framework.views import APIView

from config.authentication import AccessToken, OpenTo, RoleMayEnter, address_of
from config.limits import RequestsPerMinute
from config.shapes import ShapeRenderer
from merchants.integrators import Scope
from wallet.audit import Actor
from wallet.refusals import Refusal
from wallet.tokens import Caller, TokenRefused

S = TypeVar("S", bound=BaseModel)

# The largest body is a scan or a long bill: a few thousand bytes. Bank statements have a parser of their own.
LARGEST_BODY: Final = 65_536

# An answer names the first wrong fields, not ten thousand.
FIELDS_NAMED: Final = 20
LONGEST_FIELD_NAME: Final = 60

# Visible ASCII, as the contract says; header values lose their outer blanks on the way anyhow.
LONGEST_KEY: Final = 64
_KEY: Final = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")


class Malformed(Refusal):
    """The body is not JSON that can be read."""

    code: ClassVar = "malformed"
    status: ClassVar = 400


class FieldsWrong(Refusal):
    """A field is missing, of the wrong type, out of bounds or not known here."""

    code: ClassVar = "fields_wrong"
    status: ClassVar = 400


class BodyTooLarge(Refusal):
    """The body is longer than anything that is taken here."""

    code: ClassVar = "body_too_large"
    status: ClassVar = 413


class KeyMissing(Refusal):
    """The request moves money and carries no Idempotency-Key."""

    code: ClassVar = "key_missing"
    status: ClassVar = 400


class KeyMalformed(Refusal):
    """The Idempotency-Key is not 1 to 64 visible ASCII characters."""

    code: ClassVar = "key_malformed"
    status: ClassVar = 400


class JSONBytes(BaseParser):
    """Hands a JSON body on as bytes, so that it is parsed once and straight into its shape."""

    media_type = "application/json"
    largest: ClassVar[int] = LARGEST_BODY

    def parse(  # type: ignore[override]  # bytes, for a shape to read
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """Return the whole body.

        :raises BodyTooLarge: before more than `largest` bytes were read.
        """
        body: bytes = stream.read(self.largest + 1)
        if len(body) > self.largest:
            raise BodyTooLarge(largest_bytes=self.largest)
        return body


class AnyBytes(JSONBytes):
    """Hands on a body of whatever type, whose sender proves itself by a signature over the bytes."""

    media_type = "*/*"


class JSONOnly(BaseContentNegotiation):
    """The API answers in JSON whatever is asked for; what is no JSON, such as a picture, is sent as what it is."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """Return the parser for the body's type."""
        return next((each for each in parsers if media_type_matches(each.media_type, request.content_type)), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer."""
        first = next(iter(renderers))
        return first, first.media_type


class Door(APIView):
    """One address of the API."""

    open_to: ClassVar[Mapping[str, OpenTo]] = {}
    scopes: ClassVar[Mapping[str, Scope]] = {}  # what an integrator's key must be for, by method
    most_per_minute: ClassVar[int | None] = None  # from one network address, where anyone may knock
    authentication_classes = (AccessToken,)
    permission_classes = (RoleMayEnter,)
    throttle_classes = (RequestsPerMinute,)
    parser_classes: Sequence[type[BaseParser]] = (JSONBytes,)
    renderer_classes = (ShapeRenderer,)
    content_negotiation_class = JSONOnly
    metadata_class = None  # the API's description says what OPTIONS would
    request: Request

    @property
    def caller(self) -> Caller:
        """Whom the access token speaks for."""
        return cast("Caller", self.request.user)

    @property
    def device_id(self) -> UUID:
        """The phone from which a citizen calls.

        :raises TokenRefused: the token is not a citizen's.
        """
        if self.caller.device_id is None:
            raise TokenRefused
        return self.caller.device_id

    @property
    def shop_id(self) -> UUID:
        """The merchant whose till or staff calls.

        :raises TokenRefused: the token is not a shop's.
        """
        if self.caller.merchant_id is None:
            raise TokenRefused
        return self.caller.merchant_id

    @property
    def till_id(self) -> UUID | None:
        """The till that calls; None when it is the shop's staff or systems, who may see all tills."""
        return self.caller.id if self.caller.role == "till" else None

    @property
    def counter_id(self) -> UUID:
        """The till in whose name something is sold: the one that calls, or the one of an integrator's key.

        :raises TokenRefused: the token is nobody's who sells.
        """
        if self.caller.role == "till":
            return self.caller.id
        if self.caller.till_id is None:
            raise TokenRefused
        return self.caller.till_id

    @property
    def officer(self) -> Actor:
        """The finance officer who calls, as operations and the audit know them."""
        return Actor("officer", str(self.caller.id))

    @property
    def key(self) -> str:
        """The request's Idempotency-Key.

        :raises KeyMissing | KeyMalformed: there is none that could be kept.
        """
        key = self.request.headers.get("Idempotency-Key")
        if key is None:
            raise KeyMissing
        if not _KEY.fullmatch(key):
            raise KeyMalformed
        return key

    @property
    def address(self) -> str:
        """The network address of whoever calls."""
        return address_of(self.request)

    @property
    def bytes(self) -> bytes:
        """The body as it came; nothing, if none came."""
        return cast("bytes", self.request.data or b"")

    def body(self, shape: type[S]) -> S:
        """Return what the body says.

        :raises Malformed | FieldsWrong: it is not of this shape.
        """
        try:
            return shape.model_validate_json(self.bytes)
        except ValidationError as error:
            raise refusal_of(error) from None

    def query(self, shape: type[S]) -> S:
        """Return what the query string says.

        :raises FieldsWrong: it is not of this shape.
        """
        try:
            return shape.model_validate_strings(self.request.query_params.dict())
        except ValidationError as error:
            raise refusal_of(error) from None


def refusal_of(error: ValidationError) -> Refusal:
    """Return the refusal that names what is wrong in a body, a query string or a form."""
    wrong = error.errors(include_url=False, include_context=False, include_input=False)
    if wrong[0]["type"] == "json_invalid":
        return Malformed()
    return FieldsWrong(
        fields={".".join(map(str, each["loc"]))[:LONGEST_FIELD_NAME]: each["type"] for each in wrong[:FIELDS_NAMED]}
    )
