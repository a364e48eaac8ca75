"""What was asked and what is answered, as ASGI brings and takes it, for the process that tills listen to."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils import translation

from config import problems
from config.authentication import BEARER, SHOP, NotYourRole
from wallet import tokens
from wallet.tokens import Caller, TokenRefused

# A page cannot give its browser's EventSource a header, so it may bring its access token in this cookie.
COOKIE: Final = "gwallet_listens"

LONGEST_WAIT_SECONDS: Final = 25
MOST_SEEN: Final = 20

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Request:
    """What was asked, as ASGI brings it."""

    def __init__(self, scope: Scope) -> None:
        """Read the parts that matter here."""
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query = parse_qs(scope["query_string"].decode("latin-1"))
        self.headers: dict[str, str] = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }

    def caller(self) -> Caller:
        """Return the till, or the member of a shop's staff, whose token was brought.

        :raises TokenRefused: none, or it is damaged, forged or too old.
        :raises NotYourRole: it is somebody else's.
        """
        caller = tokens.read(self._access)
        if caller.role not in SHOP:
            raise NotYourRole(role=caller.role, open_to=sorted(SHOP))
        return caller

    def seconds_left(self) -> float:
        """Return how long the token is good for."""
        return tokens.seconds_left(self._access)

    @property
    def _access(self) -> str:
        scheme, _, access = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() == BEARER.lower():
            return access.strip()
        with suppress(CookieError):
            cookies = SimpleCookie(self.headers.get("cookie", ""))
            if COOKIE in cookies:
                return cookies[COOKIE].value
        raise TokenRefused

    @property
    def wants_a_stream(self) -> bool:
        """Whether it is to be told as things happen, rather than once."""
        return "text/event-stream" in self.headers.get("accept", "")

    @property
    def wait_seconds(self) -> int:
        """For how long an answer may wait."""
        asked = self.query.get("wait", ["0"])[0]
        return min(int(asked[:4]), LONGEST_WAIT_SECONDS) if asked.isascii() and asked.isdecimal() else 0

    @property
    def seen(self) -> frozenset[str]:
        """The ids that were seen already."""
        return frozenset(self.query.get("seen", [""])[0].split(",")[:MOST_SEEN])

    @property
    def own_page(self) -> str | None:
        """The origin of one of our own pages that asks from another port; only where no proxy stands in front."""
        origin, host = (self.headers.get(name, "") for name in ("origin", "host"))
        if settings.PRODUCTION or not origin:
            return None
        with suppress(ValueError):  # not an address at all
            return origin if urlsplit(origin).hostname == urlsplit(f"//{host}").hostname else None
        return None

    @property
    def language(self) -> str:
        """The language of a no."""
        return "en" if self.headers.get("accept-language", "").lower().startswith("en") else settings.LANGUAGE_CODE


class Reply:
    """An answer, as ASGI sends it."""

    def __init__(self, request: Request, send: Send) -> None:
        """Answer this request."""
        self.request, self.send = request, send

    async def json(self, body: dict[str, Any], *, status: int = HTTPStatus.OK) -> None:
        """Send a whole answer."""
        await self.begin(status, "application/json")
        await self.more(json.dumps(body, ensure_ascii=False).encode())
        await self.end()

    async def problem(self, code: str, *, status: int, facts: dict[str, Any] | None = None) -> None:
        """Say no, as the rest of the API does."""
        with translation.override(self.request.language):
            problem = problems.document(code, status=status, facts=facts)
        await self.begin(status, problems.MEDIA_TYPE, retry_after=problem["facts"].get("retry_after_seconds"))
        await self.more(json.dumps(problem, ensure_ascii=False).encode())
        await self.end()

    async def begin(self, status: int, kind: str, *, retry_after: int | None = None) -> None:
        """Send the head."""
        headers = {"content-type": kind, "cache-control": "no-store", "x-accel-buffering": "no"}
        if retry_after is not None:
            headers["retry-after"] = str(retry_after)
        if status == HTTPStatus.UNAUTHORIZED:
            headers["www-authenticate"] = 'Bearer realm="g-wallet"'
        if page := self.request.own_page:
            headers |= {
                "access-control-allow-origin": page,
                "access-control-allow-credentials": "true",
                "access-control-allow-headers": "authorization, last-event-id",
                "vary": "origin",
            }
        written = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": int(status), "headers": written})

    async def more(self, part: bytes) -> None:
        """Send a part of the body."""
        await self.send({"type": "http.response.body", "body": part, "more_body": True})

    async def end(self) -> None:
        """Say that this was all."""
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})
