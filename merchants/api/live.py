"""A till listens: server-sent events, or one question that waits for its answer. An ASGI application of its own.

It runs in a process of its own (`config/live.py`), which asks no database: who calls is proven by the signed token
alone, and what is told comes from the broker, to which the process listens once, however many tills listen to it.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

import structlog
from redis import ConnectionError as RedisConnectionError
from redis import RedisError
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from merchants import hints
from merchants.api.asgi import Receive, Reply, Request, Scope, Send
from merchants.listening import Hub, Listener, Told
from wallet import broker
from wallet.refusals import Refusal
from wallet.tokens import TokenRefused

PATH: Final = "/api/v1/till/events/"

# Proxies cut a line that is silent for a minute; and so we notice that a till has gone.
HEARTBEAT_SECONDS: Final = 15.0
# When a line is cut, a thousand tills should not come back in the same instant.
COME_BACK_MILLISECONDS: Final = (1_000, 5_000)
SILENCE_SECONDS: Final = 5.0
BROKER_REST_SECONDS: Final = 0.5

HEARTBEAT: Final = b": still here\n\n"
# The broker was away, so things may have happened that nobody was told of: look at the payments.
LOOK: Final = b"event: look\ndata: {}\n\n"
SIGN_IN: Final = b"event: sign_in\ndata: {}\n\n"

log = structlog.get_logger(__name__)


class Live:
    """The application of one process."""

    def __init__(self) -> None:
        """Begin with nobody who listens, deaf until the broker is there."""
        self.hub = Hub()
        self.hears_the_broker = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live as long as the process does."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(Request(scope), receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        listening = asyncio.create_task(self._listen_to_the_broker())
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                listening.cancel()
                self.hub.tell_everybody(None)
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _listen_to_the_broker(self) -> None:
        while True:
            with suppress(RedisError, OSError):
                async with Redis.from_url(broker.address()) as redis, redis.pubsub() as line:
                    await line.subscribe(broker.channel(hints.CHANNEL))
                    async for message in _said(line):
                        self._hear(message)
            if self.hears_the_broker:
                self.hears_the_broker = False
                log.warning("broker_not_heard", listeners=self.hub.listeners)
            await asyncio.sleep(BROKER_REST_SECONDS)

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":
            self.hears_the_broker = True
            self.hub.tell_everybody(LOOK)
        elif message["type"] == "message":
            try:
                hint = hints.read(message["data"])
            except (ValueError, KeyError, TypeError):
                log.error("hint_not_understood")  # noqa: TRY400  a traceback would hold what it says
                return
            self.hub.hand_on(Told(hint, came=_now(), event=_event(hint)))

    async def _answer(self, request: Request, receive: Receive, send: Send) -> None:
        reply = Reply(request, send)
        if request.path == "/healthz":
            await reply.json({"alive": True})
        elif request.path == "/readyz":
            status = HTTPStatus.OK if self.hears_the_broker else HTTPStatus.SERVICE_UNAVAILABLE
            await reply.json({"ready": self.hears_the_broker, "listeners": self.hub.listeners}, status=status)
        elif request.path != PATH:
            await reply.problem("not_found", status=HTTPStatus.NOT_FOUND)
        elif request.method == "OPTIONS":
            await reply.begin(HTTPStatus.NO_CONTENT, "text/plain")
            await reply.end()
        elif request.method != "GET":
            await reply.problem("method_not_allowed", status=HTTPStatus.METHOD_NOT_ALLOWED)
        else:
            await self._let_listen(request, reply, receive)

    async def _let_listen(self, request: Request, reply: Reply, receive: Receive) -> None:
        try:
            caller = request.caller()
            if caller.merchant_id is None:
                raise TokenRefused
            till_id = caller.id if caller.role == "till" else None
            listener = self.hub.join(merchant_id=caller.merchant_id, till_id=till_id)
        except Refusal as refusal:
            await reply.problem(refusal.code, status=refusal.status, facts=refusal.facts)
            return
        gone = asyncio.create_task(_until_gone(receive, listener))
        try:
            if request.wants_a_stream:
                await self._stream(listener, reply, seconds=request.seconds_left())
            else:
                await self._wait(listener, request, reply)
        finally:
            gone.cancel()
            self.hub.leave(listener)

    async def _stream(self, listener: Listener, reply: Reply, *, seconds: float) -> None:
        """Tell again what may have been missed, then tell what happens, until the token runs out or somebody leaves."""
        ends_at = _now() + seconds
        await reply.begin(HTTPStatus.OK, "text/event-stream")
        again = b"".join(told.event for told in self.hub.lately(listener, now=_now()))
        await reply.more(f"retry: {random.randint(*COME_BACK_MILLISECONDS)}\n\n".encode() + again)  # noqa: S311  no secret
        while True:
            left = ends_at - _now()
            if left <= 0:
                await reply.more(SIGN_IN)
                break
            news = await _next(listener, seconds=min(HEARTBEAT_SECONDS, left))
            if news is None:
                break
            await reply.more(news.event if isinstance(news, Told) else news)
        await reply.end()

    async def _wait(self, listener: Listener, request: Request, reply: Reply) -> None:
        """Answer with what was told lately and is not among what the till has seen; wait for it if there is none."""
        seen, ends_at = request.seen, _now() + request.wait_seconds
        while True:
            new = [told for told in self.hub.lately(listener, now=_now()) if told.hint.id not in seen]
            left = ends_at - _now()
            if new or left <= 0:
                await reply.json({"results": [_shown(told.hint) for told in new]})
                return
            if await _next(listener, seconds=left) is None:
                await reply.json({"results": []})
                return


async def _said(line: PubSub) -> AsyncIterator[dict[str, Any]]:
    """Yield what is said on a line. When all is silent, ask whether anybody is there: a cut line may look like that.

    :raises ConnectionError: nobody is.
    """
    asked = False
    while True:
        message = await line.get_message(timeout=SILENCE_SECONDS)
        if message is not None:
            asked = False
            yield message
        elif asked:
            raise RedisConnectionError("the broker does not answer")
        else:
            await line.ping()
            asked = True


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.put(None)


async def _next(listener: Listener, *, seconds: float) -> Told | bytes | None:
    try:
        return await asyncio.wait_for(listener.news.get(), seconds)
    except TimeoutError:
        return HEARTBEAT


def _now() -> float:
    return asyncio.get_running_loop().time()


def _shown(hint: hints.Hint) -> dict[str, Any]:
    """Return what a till is told: what happened to which charge, and nothing of who paid."""
    return {
        "id": hint.id,
        "happened": hint.happened,
        "charge_id": None if hint.charge_id is None else str(hint.charge_id),
        "payment_id": None if hint.payment_id is None else str(hint.payment_id),
        "till_id": None if hint.till_id is None else str(hint.till_id),
        "amount_satang": hint.amount,
        "at": hint.at.isoformat().replace("+00:00", "Z"),
    }


def _event(hint: hints.Hint) -> bytes:
    return (
        f"id: {hint.id}\nevent: {hint.happened}\ndata: {json.dumps(_shown(hint), separators=(',', ':'))}\n\n".encode()
    )
