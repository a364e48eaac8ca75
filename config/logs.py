"""Logs: one JSON object per line on stderr, tied together by a request id, without personal data.

Events are named and carry values (`log.info("payout_sent", payout=str(id))`). Log ids, codes and amounts; never names,
phone numbers, identity numbers or what a request carried. What slips through in a library's message is masked here.
"""

import datetime as dt
import logging
import logging.config
import re
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.http import HttpRequest, HttpResponse
from pydantic_core import to_json
from structlog.typing import EventDict, WrappedLogger

# Phone, identity and card numbers are runs of nine digits or more; ours are UUIDs and JSON numbers, which stay.
LONG_NUMBER: Final = re.compile(r"(?<![\w-])\+?\d(?:[ -]?\d){8,}(?![\w-])")
EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# PostgreSQL tells which values broke a constraint: "Key (phone)=(0812345678) already exists."
KEY_VALUES: Final = re.compile(r"(\bKey \([^)]*\)=)\(.*?\)(?= )|(Failing row contains )\(.*\)")
CREDENTIALS: Final = re.compile(r"(://[^:/@\s]*:)[^@\s]*@")
OUR_REQUEST_ID: Final = re.compile(r"[0-9a-f-]{8,64}")

QUIET: Final = ("/healthz", "/readyz")  # asked every second or so; only worth a line when they say no


def masked(text: str) -> str:
    """Return the text without what may be personal or secret in it."""
    text = KEY_VALUES.sub(lambda found: f"{found[1] or found[2]}(…)", text)
    return LONG_NUMBER.sub("…", EMAIL.sub("…", CREDENTIALS.sub(r"\1…@", text)))


def _without_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: masked(value) if isinstance(value, str) else value for name, value in event.items()}


SHARED: Final = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _without_personal_data,
)


# In the form of `logging.config.dictConfig`, which granian takes as well.
LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Below an error it repeats, with the path, what the line of each request says.
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "ERROR"},
    },
}


def configure(logging_settings: dict[str, Any]) -> None:
    """Send everything that any library logs, and our own events, through the same processors to stderr."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(logging_settings)


class RequestLog:
    """Gives each request an id, and writes one line when it has been answered: route, status, milliseconds.

    The route, not the path: a path may hold what identifies a person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand around the rest of Django."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer through the rest of Django; the id comes from the proxy in front, if that gives one."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if OUR_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            begun = time.perf_counter()
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            if request.path not in QUIET or response.status_code != 200:
                self._write(request, response, milliseconds=(time.perf_counter() - begun) * 1000)
        return response

    def _write(self, request: HttpRequest, response: HttpResponse, *, milliseconds: float) -> None:
        # Straight out: there is one for every request, all of its values are ours, and through the masks, records and
        # handlers of the lines above it takes ten times as long.
        line = {
            "event": "request",
            "method": request.method,
            "status": response.status_code,
            "route": request.resolver_match.route if request.resolver_match else None,
            "milliseconds": round(milliseconds, 1),
            "request_id": response["X-Request-ID"],
            "logger": __name__,
            "level": "info",
            "timestamp": dt.datetime.now(dt.UTC).isoformat(),
        }
        sys.stderr.write(f"{to_json(line).decode()}\n")
