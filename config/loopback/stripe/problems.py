"""Stripe's way of saying no: a status, and one `error` object (https://docs.stripe.com/api/errors)."""

import json
from typing import Any


class Problem(Exception):  # noqa: N818  Stripe's word would be "error"; here it is simply the answer
    """An error answer in Stripe's shape.

    :ivar begun: whether the endpoint had begun its work. Stripe keeps an answer under its Idempotency-Key only then;
        a request that failed validation may be sent again under the same key (https://docs.stripe.com/idempotency).
    """

    def __init__(
        self, status: int, message: str, *, kind: str = "invalid_request_error", begun: bool = False, **facts: Any
    ) -> None:
        """Keep the answer; `facts` are the error's other fields, such as `code`, `param` and `decline_code`."""
        super().__init__(message)
        self.status = status
        self.begun = begun
        self.error = {"type": kind, "message": message, **facts}

    def body(self) -> bytes:
        """Return the answer's JSON body."""
        return json.dumps({"error": self.error}).encode()


def missing(param: str) -> Problem:
    """Return Stripe's answer to a request without a parameter that it needs."""
    return Problem(400, f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown_object(kind: str, object_id: str) -> Problem:
    """Return Stripe's answer to an id that it does not know."""
    return Problem(
        404, f"No such {kind.replace('_', ' ')}: '{object_id}'", code="resource_missing", param="id", begun=True
    )
