"""Citizens, tills and officers, each with what they can do over a line; what they were told stays with them."""

import base64
import datetime as dt
import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from django_otp.util import random_hex

from config.demo import authenticator
from config.demo.authenticator import STEP_SECONDS
from config.demo.cast import PLUS, Employee, Who
from config.demo.identity import Provider
from config.demo.line import Answer, Line, Surprise

API: Final = "/api/v1"

# No code is longer on its way than this.
SLOWEST_SECONDS: Final = 8.0


@dataclass
class Citizen:
    """A person with a phone."""

    who: Who
    line: Line
    id: str = ""
    device_id: str = ""
    token: str = ""
    receipts: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def join(self, provider: Provider) -> None:
        """Open a wallet with the identity provider's word."""
        assertion = provider.vouch(
            national_id=self.who.national_id,
            name=self.who.name_th,
            phone=self.who.phone,
            born_on=self.who.born_on,
            facts=self.who.facts,
            at=dt.datetime.now(dt.UTC),
        )
        body = {"assertion": assertion, "pin": self.who.pin, "device_name": f"{self.who.name}'s phone"}
        joined = self.line.ask("POST", f"{API}/citizens/", body).must()
        self.id, self.device_id, self.token = joined["citizen_id"], joined["device_id"], joined["access"]

    def enrol(self, scheme: str = PLUS) -> Answer:
        """Ask for a place in a scheme."""
        return self.post("enrolments/", {"scheme": scheme, "accepts_terms": True})

    def me(self) -> dict[str, Any]:
        """Look at the home screen."""
        seen: dict[str, Any] = self.get("me/").must(200)
        return seen

    def ask_top_up(self, satang: int) -> dict[str, Any]:
        """Ask for a top-up, and get the QR to pay it by."""
        asked: dict[str, Any] = self.post("top-ups/", {"amount_satang": satang}).must()
        return asked

    def scan(self, qr_payload: str, *, schemes: list[str] | None = None) -> Answer:
        """Scan what a till shows. `schemes` None: every right that I have; empty: my own money, by choice."""
        answer = self.line.ask(
            "POST", f"{API}/scans/", {"qr_payload": qr_payload, "schemes": schemes}, token=self.token
        )
        return self._heard(answer)

    def confirm(self, offer: dict[str, Any], *, pin: str = "", key: str = "") -> Answer:
        """Confirm what the screen showed, with the PIN."""
        answer = self.post("payments/", self.terms(offer, pin=pin), key=key)
        if answer.status == 201:
            self._keep(answer.body)
        return self._heard(answer)

    def terms(self, offer: dict[str, Any], *, pin: str = "") -> dict[str, Any]:
        """Return what the phone sends when the citizen confirms an offer. Made from the offer, so the same twice."""
        return {
            "charge_id": offer["charge_id"],
            "price_satang": offer["price_satang"],
            "own_part_satang": offer["own_part_satang"],
            "schemes": offer["schemes"],
            "pays_all": offer["schemes"] == [],
            "nonce": offer["charge_id"].replace("-", ""),
            "pin": pin or self.who.pin,
        }

    def pay(self, qr_payload: str, *, schemes: list[str] | None = None) -> dict[str, Any]:
        """Scan and confirm, and return the receipt; nothing may go wrong."""
        offer = self.scan(qr_payload, schemes=schemes).must(200)
        if offer["refusal"] is not None:
            raise Surprise(f"{self.who.name} should have been offered a split and was refused: {offer['refusal']}.")
        receipt: dict[str, Any] = self.confirm(offer).must()
        return receipt

    def receipt_for(self, charge_id: str) -> dict[str, Any] | None:
        """Look whether I paid a charge, which I do when an answer was lost."""
        found = self.get(f"payments/?charge_id={charge_id}").must(200)["results"]
        if not found:
            return None
        receipt: dict[str, Any] = found[0]
        self._keep(receipt)
        return receipt

    def get(self, path: str) -> Answer:
        """Ask for something of mine."""
        return self.line.ask("GET", f"{API}/{path}", token=self.token)

    def post(self, path: str, body: dict[str, Any], *, key: str = "") -> Answer:
        """Do something under an idempotency key."""
        return self.line.ask("POST", f"{API}/{path}", body, token=self.token, key=key or str(uuid4()))

    def _keep(self, receipt: dict[str, Any]) -> None:
        if all(receipt["id"] != kept["id"] for kept in self.receipts):
            self.receipts.append(receipt)

    def _heard(self, answer: Answer) -> Answer:
        if answer.code:
            self.refusals.append(answer.code)
        return answer


@dataclass
class Till:
    """The counter of a shop."""

    name: str
    line: Line
    id: str
    secret: str
    merchant_id: str
    token: str = ""

    def sign_in(self) -> None:
        """Sign in with the secret that was shown once."""
        body = {"grant": "till", "till_id": self.id, "secret": self.secret}
        self.token = self.line.ask("POST", f"{API}/tokens/", body).must()["access"]

    def ask(self, satang: int, *, channel: str = "shop", lines: list[tuple[str, int]] | None = None) -> dict[str, Any]:
        """Key in a price, and get the charge with the QR to show."""
        body: dict[str, Any] = {"amount_satang": satang, "channel": channel}
        if lines:
            body["lines"] = [{"category": category, "amount_satang": amount} for category, amount in lines]
        charge: dict[str, Any] = self.line.ask(
            "POST", f"{API}/charges/", body, token=self.token, key=str(uuid4())
        ).must()
        return charge

    def cancel(self, charge: dict[str, Any]) -> Answer:
        """Take a charge back."""
        path = f"{API}/charges/{charge['id']}/cancellation/"
        return self.line.ask("POST", path, {}, token=self.token, key=str(uuid4()))

    def look(self, charge: dict[str, Any]) -> dict[str, Any]:
        """Look how a charge stands."""
        seen: dict[str, Any] = self.line.ask("GET", f"{API}/charges/{charge['id']}/", token=self.token).must(200)
        return seen

    def tally(self, date: dt.date) -> dict[str, Any]:
        """Ask what was taken on a day."""
        found: dict[str, Any] = self.line.ask("GET", f"{API}/till/tally/?date={date}", token=self.token).must(200)
        return found


@dataclass
class Officer:
    """A finance officer, with an authenticator app."""

    who: Employee
    line: Line
    seed: str = field(default_factory=random_hex)
    token: str = ""
    last_step: int = 0

    def sign_in(self) -> None:
        """Sign in with password and second factor."""
        body = {"grant": "officer", "username": self.who.username, "password": self.who.password, "totp": self.code()}
        self.token = self.line.ask("POST", f"{API}/tokens/", body).must()["access"]

    def code(self) -> str:
        """Return six digits that were not used before, waiting for the next if need be.

        The service takes each code once, and that of the step before as well as the present one (RFC 6238 §5.2); so
        two acts fit into one step of half a minute, unless that is about to end.
        """
        now = time.time()
        ends_soon = STEP_SECONDS - now % STEP_SECONDS < SLOWEST_SECONDS
        step = max(self.last_step + 1, int(now) // STEP_SECONDS - (0 if ends_soon else 1))
        while int(time.time()) // STEP_SECONDS < step:
            time.sleep(0.2)
        self.last_step = step
        return authenticator.code(secret=self.secret, step=step)

    @property
    def secret(self) -> str:
        """The secret as authenticator apps want it: base 32."""
        return base64.b32encode(bytes.fromhex(self.seed)).decode()

    def get(self, path: str) -> Answer:
        """Ask for something of the back office."""
        return self.line.ask("GET", f"{API}/settlement/{path}", token=self.token)

    def post(self, path: str, body: dict[str, Any] | bytes, *, content_type: str = "application/json") -> Answer:
        """Do something in the back office under an idempotency key."""
        return self.line.ask(
            "POST", f"{API}/settlement/{path}", body, token=self.token, key=str(uuid4()), content_type=content_type
        )
