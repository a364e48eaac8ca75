"""Answers one API request: the key, the faults that were asked for, the idempotency key, then the endpoint."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass

from config.loopback.stripe import checkout, givebacks, intents, payouts
from config.loopback.stripe.faults import Fault, Faults, Kind
from config.loopback.stripe.idempotency import Answer, Keys
from config.loopback.stripe.parameters import Parameters, accept
from config.loopback.stripe.problems import Problem
from config.loopback.stripe.routes import look_up
from config.loopback.stripe.world import Object, World, page


class LineCut(Exception):  # noqa: N818  what happened, not an error of ours
    """The work is done, and the connection is to be closed without an answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request under `/v1/`; `key` is its Idempotency-Key."""

    method: str
    path: str
    parameters: Parameters
    authorization: str
    key: str | None
    request_id: str

    def fingerprint(self) -> str:
        """Return what must be the same for the same key to mean the same request."""
        said = json.dumps([self.method, self.path, self.parameters], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


class Api:
    """Stripe's API v1, as far as a wallet that is topped up needs it."""

    def __init__(self, *, world: World, faults: Faults, api_key: str, stopping: threading.Event) -> None:
        """Answer from `world` to whoever has `api_key`, and cut a slow request short when `stopping`."""
        self._world = world
        self._faults = faults
        self._api_key = api_key
        self._stopping = stopping
        self._keys = Keys()

    def answer(self, call: Call) -> Answer:
        """Return the answer to a request, new or kept.

        :raises LineCut: when that fault was asked for; the work is done and its answer kept.
        """
        fault = None
        try:
            self._check_api_key(call.authorization)
            fault = self._faults.next()
            _fail_before_work(fault)
            kept = self._keys.claim(call.key, fingerprint=call.fingerprint()) if call.key else None
            answer = kept or self._work(call, fault)
        except Problem as problem:
            return Answer(problem.status, problem.body(), call.request_id)
        if fault and fault.kind is Kind.CUT:
            raise LineCut
        return answer

    def _work(self, call: Call, fault: Fault | None) -> Answer:
        """Run the endpoint and keep its answer under the key; free the key when the endpoint never began."""
        try:
            answer = Answer(200, self._run(call, fault), call.request_id)
        except Problem as problem:
            if not problem.begun:
                if call.key:
                    self._keys.free(call.key)
                raise
            answer = Answer(problem.status, problem.body(), call.request_id)
        if call.key:
            self._keys.keep(call.key, answer)
        return answer

    def _run(self, call: Call, fault: Fault | None) -> bytes:
        if fault and fault.kind is Kind.SLOW:
            self._stopping.wait(fault.seconds)
        if fault and fault.kind is Kind.BROKEN_KEPT:
            raise Problem(500, "An unknown error occurred.", kind="api_error", begun=True)
        found = look_up(ENDPOINTS, f"{call.method}/{call.path}")
        if found is None:
            raise Problem(404, f"Unrecognized request URL ({call.method}: /v1/{call.path}).")
        endpoint, ids = found
        with self._world.lock:
            answer = endpoint(self._world, *ids, parameters=call.parameters)
            return json.dumps(self._world.expanded(answer, call.parameters.get("expand", []))).encode()

    def _check_api_key(self, authorization: str) -> None:
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() == "basic":
            try:
                given = base64.b64decode(given).decode().partition(":")[0]
            except ValueError:
                given = ""
        if not given:
            raise Problem(401, "You did not provide an API key.")
        if not hmac.compare_digest(given.encode(), self._api_key.encode()):
            raise Problem(401, "Invalid API Key provided.")


def _fail_before_work(fault: Fault | None) -> None:
    match fault and fault.kind:
        case Kind.CONFLICT:
            message = "There is currently another in-progress request using this Idempotent Key."
            raise Problem(409, message, kind="idempotency_error", code="idempotency_key_in_use")
        case Kind.TOO_MANY:
            raise Problem(429, "Request rate limit exceeded.", code="rate_limit")
        case Kind.BROKEN:
            raise Problem(500, "An unknown error occurred.", kind="api_error")


def _retrieve(kind: str) -> Callable[..., Object]:
    def endpoint(world: World, object_id: str, *, parameters: Parameters) -> Object:
        accept(parameters)
        return world.find(kind, object_id)

    return endpoint


def _events(world: World, *, parameters: Parameters) -> Object:
    accept(parameters, "type", "types", "limit", "starting_after", "ending_before", "created")
    types = [parameters["type"]] if "type" in parameters else parameters.get("types")
    found = [each for each in world.newest("event") if types is None or each["type"] in types]
    return page(found, parameters, url="/v1/events")


def _refunds(world: World, *, parameters: Parameters) -> Object:
    return givebacks.listed(world, "refund", parameters=parameters)


def _disputes(world: World, *, parameters: Parameters) -> Object:
    return givebacks.listed(world, "dispute", parameters=parameters)


ENDPOINTS: dict[str, Callable[..., Object]] = {
    "POST/payment_intents": intents.create,
    "GET/payment_intents": intents.listed,
    "GET/payment_intents/*": intents.retrieve,
    "POST/payment_intents/*/confirm": intents.confirm,
    "POST/payment_intents/*/cancel": intents.cancel,
    "POST/checkout/sessions": checkout.create,
    "GET/checkout/sessions/*": checkout.retrieve,
    "GET/payment_methods/*": _retrieve("payment_method"),
    "GET/charges/*": _retrieve("charge"),
    "POST/refunds": givebacks.refund,
    "GET/refunds": _refunds,
    "GET/refunds/*": _retrieve("refund"),
    "GET/disputes": _disputes,
    "GET/disputes/*": _retrieve("dispute"),
    "GET/events": _events,
    "GET/events/*": _retrieve("event"),
    "GET/balance": payouts.balance,
    "GET/balance_transactions": payouts.lines,
    "GET/balance_transactions/*": _retrieve("balance_transaction"),
    "GET/payouts": payouts.listed,
    "GET/payouts/*": _retrieve("payout"),
}
