"""The HTTP server: the API under `/v1/`, payers' pages under `/pay/` and `/checkout/`, our hand under `/_control/`."""

import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from config.loopback.stripe import checkout, control, paypage
from config.loopback.stripe.api import Api, Call, LineCut
from config.loopback.stripe.faults import Faults
from config.loopback.stripe.parameters import decode
from config.loopback.stripe.problems import Problem
from config.loopback.stripe.webhooks import Webhooks
from config.loopback.stripe.world import API_VERSION, Object, World

API_KEY = "sk_test_loopback"
WEBHOOK_SECRET = "whsec_loopback"  # noqa: S105  opens nothing but this stand-in

LARGEST_BODY_BYTES = 1_000_000
IDLE_SECONDS = 30

# How long a stop can take; the default of half a second adds up over a test run.
STOP_LOOK_SECONDS = 0.02


class StripeLoopback:
    """A Stripe of our own on 127.0.0.1: use it in a `with` block, or call `start` and `stop`."""

    def __init__(
        self,
        *,
        port: int = 0,
        api_key: str = API_KEY,
        webhook_url: str | None = None,
        webhook_secret: str = WEBHOOK_SECRET,
    ) -> None:
        """Take a port (0: any that is free) and remember whom to answer and whom to tell."""
        self.stopping = threading.Event()
        self.faults = Faults()
        self.webhooks = Webhooks(secret=webhook_secret)
        self.webhooks.point_at(webhook_url)
        self.world = World(tell=self.webhooks.send)
        self.api = Api(world=self.world, faults=self.faults, api_key=api_key, stopping=self.stopping)
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.loopback = self
        self.port = int(self._server.server_address[1])
        self.base = self.world.base = f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Begin to answer, from a thread of its own."""
        self.webhooks.start()
        threading.Thread(
            target=self._server.serve_forever, args=(STOP_LOOK_SECONDS,), name="stripe-loopback", daemon=True
        ).start()
        return self

    def stop(self) -> None:
        """Stop answering and delivering, and give the port back."""
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self.webhooks.stop()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def control(self, path: str, **parameters: object) -> Object:
        """Ask for `POST /_control/<path>` over HTTP, as another process would; see `config.loopback.stripe.control`."""
        return ask(self.base, path, **parameters)


def ask(base: str, path: str, **parameters: object) -> Object:
    """Ask the stand-in at `base` for `POST /_control/<path>` and return its answer.

    :raises urllib.error.HTTPError: when it refuses.
    """
    request = Request(f"{base}/_control/{path}", data=urlencode(parameters).encode(), method="POST")  # noqa: S310  http
    # Not through a proxy that the machine may have set: this never leaves it.
    with build_opener(ProxyHandler({})).open(request, timeout=IDLE_SECONDS) as answer:
        answered: Object = json.load(answer)
        return answered


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # the default of 5 drops connections when many citizens top up at once
    loopback: StripeLoopback


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    # Head and body leave in one packet: in two, the second waits 40 ms for the first one's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  the library's name
        """Say nothing: the processes around this one have their own logs."""

    def _answer(self) -> None:
        try:
            self._route()
        except Problem as problem:
            self._send(problem.status, problem.body())

    def _route(self) -> None:
        loopback, url = self.server.loopback, urlsplit(self.path)
        text = self._body() if self.command == "POST" else url.query
        if url.path.startswith("/v1/"):
            self._answer_api(url.path.removeprefix("/v1/"), text)
        elif url.path.startswith("/_control/"):
            act = url.path.removeprefix("/_control/")
            done = control.act(
                act, decode(text), world=loopback.world, faults=loopback.faults, webhooks=loopback.webhooks
            )
            self._send(200, json.dumps(done).encode())
        elif url.path.startswith("/pay/"):
            content_type, body = paypage.show(loopback.world, self.command, url.path.removeprefix("/pay/"))
            self._send(200, body, content_type=content_type)
        elif url.path.startswith("/checkout/"):
            onward, body = checkout.show(loopback.world, self.command, url.path.removeprefix("/checkout/"))
            headers = {"Location": onward} if onward else {}
            self._send(303 if onward else 200, body, content_type="text/html; charset=utf-8", **headers)
        else:
            raise Problem(404, f"Unrecognized request URL ({self.command}: {url.path}).")

    def _answer_api(self, path: str, text: str) -> None:
        call = Call(
            method=self.command,
            path=path,
            parameters=decode(text),
            authorization=self.headers.get("Authorization", ""),
            key=self.headers.get("Idempotency-Key") if self.command == "POST" else None,
            request_id=f"req_{secrets.token_hex(7)}",
        )
        try:
            answer = self.server.loopback.api.answer(call)
        except LineCut:
            self.close_connection = True
            return
        headers = {"Request-Id": call.request_id, "Stripe-Version": API_VERSION}
        if call.key:
            headers |= {"Idempotency-Key": call.key, "Original-Request": answer.request_id}
            if answer.request_id != call.request_id:
                headers["Idempotent-Replayed"] = "true"
        self._send(answer.status, answer.body, **headers)

    def _body(self) -> str:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY_BYTES:
            self.close_connection = True
            raise Problem(413, "The request is too large.")
        return self.rfile.read(int(length)).decode(errors="replace")

    def _send(self, status: int, body: bytes, *, content_type: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
