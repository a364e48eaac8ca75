"""How the API says no: problem details (RFC 9457), with a stable code, the facts, and words in Thai and English."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views import defaults
from psycopg2 import errorcodes
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from config.words import worded
from wallet.refusals import InvariantBroken, Refusal

MEDIA_TYPE: Final = "application/problem+json"
API: Final = "/api/"

# What Django and the framework raise, by the code that we answer with.
CODES: Final[dict[type[Exception], str]] = {
    exceptions.ValidationError: "malformed",
    exceptions.ParseError: "malformed",
    exceptions.NotAuthenticated: "not_signed_in",
    exceptions.AuthenticationFailed: "not_signed_in",
    exceptions.PermissionDenied: "not_allowed",
    PermissionDenied: "not_allowed",
    exceptions.NotFound: "not_found",
    Http404: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "too_many_requests",
}
# Another posting of the same citizen holds the lock, or the machine is overloaded: nothing moved, and soon it may.
BUSY: Final = {errorcodes.LOCK_NOT_AVAILABLE, errorcodes.QUERY_CANCELED, errorcodes.DEADLOCK_DETECTED}
RETRY_AFTER_SECONDS: Final = 1


def answer(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer what an API view raised. None for what nobody foresaw: Django logs it and asks `server_error` below."""
    if isinstance(exc, Refusal):
        return _response(exc.code, status=exc.status, facts=exc.facts, headers=_told_by_header(exc))
    if isinstance(exc, InvariantBroken):
        # The one event of the log that is to wake someone. Its facts stay in the log.
        structlog.get_logger(__name__).critical("invariant_broken", exc_info=exc)
        return _response("our_fault", status=500)
    if isinstance(exc, DatabaseError | InterfaceError):
        return _database_answer(exc)
    framework = exception_handler(exc, context)
    if framework is None:
        return None
    known = (code for kind, code in CODES.items() if isinstance(exc, kind))
    code = next(known, "malformed" if framework.status_code < HTTPStatus.INTERNAL_SERVER_ERROR else "our_fault")
    facts: dict[str, Any] = {}
    if isinstance(exc, exceptions.Throttled):
        facts = {"wait_seconds": int(framework.headers.get("Retry-After", RETRY_AFTER_SECONDS))}
    elif isinstance(exc, exceptions.ValidationError):
        facts = {"fields": framework.data}
    kept = {name: value for name, value in framework.headers.items() if name != "Content-Type"}
    return _response(code, status=framework.status_code, facts=facts, headers=kept)


def _told_by_header(refusal: Refusal) -> dict[str, str]:
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": 'Bearer realm="g-wallet"'}  # RFC 9110 requires it with a 401
    if "retry_after_seconds" in refusal.facts:
        return {"Retry-After": str(refusal.facts["retry_after_seconds"])}
    return {}


def _database_answer(exc: Exception) -> Response | None:
    found = of_database(exc)
    if found is None:
        return None
    code, status = found
    return _response(code, status=status, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def of_database(exc: Exception) -> tuple[str, int] | None:
    """Return the code and the status by which a database's failure is told; None for what is our own mistake."""
    code = getattr(exc.__cause__, "pgcode", None)
    if code in BUSY:
        return "busy_try_again", HTTPStatus.CONFLICT
    # psycopg2 has no better name for some ways in which a connection breaks; what the server itself says has a code.
    broken_off = type(exc) is DatabaseError and code is None
    if broken_off or isinstance(exc, OperationalError | InterfaceError):
        # No connection, or it broke off in the middle. Whether a commit arrived is then unknown: the same key tells.
        structlog.get_logger(__name__).error("database_unavailable", pgcode=code)
        return "unavailable_try_again", HTTPStatus.SERVICE_UNAVAILABLE
    return None


def document(code: str, *, status: int, facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the members of a problem. `detail` is in the language that the request asked for, Thai unless English."""
    thai, english = worded(code=code, facts=facts or {})
    return {
        "type": f"urn:gwallet:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": english if (translation.get_language() or "").startswith("en") else thai,
        "detail_th": thai,
        "detail_en": english,
        "facts": dict(facts or {}),
    }


def _response(
    code: str, *, status: int, facts: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    members = document(code, status=status, facts=facts)
    return Response(members, status=status, headers={**_spoken(), **(headers or {})}, content_type=MEDIA_TYPE)


# What Django asks when no API view was reached, or when one raised what nobody foresaw.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django itself found suspicious."""
    return _outside(request, "malformed", 400) or defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django itself does not allow."""
    return _outside(request, "not_allowed", 403) or defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return _outside(request, "not_found", 404) or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after our own mistake, which Django has logged."""
    return _outside(request, "our_fault", 500) or defaults.server_error(request)


def _outside(request: HttpRequest, code: str, status: int) -> HttpResponse | None:
    if not request.path.startswith(API):
        return None
    members = json.dumps(document(code, status=status), ensure_ascii=False)
    return HttpResponse(members, status=status, content_type=MEDIA_TYPE, headers=_spoken())


def _spoken() -> dict[str, str]:
    return {"Content-Language": translation.get_language() or settings.LANGUAGE_CODE, "Vary": "Accept-Language"}
