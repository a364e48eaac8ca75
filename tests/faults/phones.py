"""A process of citizens and stalls: `python -m tests.faults.phones PLAN`. Each writes down whatever they are told.

They buy until told to stop (SIGTERM), and then finish what they have begun: nobody leaves without an answer.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from config.demo.line import Answer, Line
from tests.faults.calls import Caller, NoAnswer
from tests.faults.counters import Counter
from tests.faults.notebook import Notebook

SCHEME: Final = "long-half"
PRICES: Final = (35_00, 50_00, 61_50, 99_01, 120_00)
TOP_UP: Final = 100_00
LOOK_SECONDS: Final = 0.2

# Of a hundred purchases: how many go otherwise than smoothly.
CANCELLED, SHARED, TAPPED_TWICE, TOPPED_UP, LOOKED_UP = 4, 6, 8, 6, 50
# How many are orders whose money is held, and how many of the others are undone at the counter.
ORDERED, UNDONE = 8, 6

stop = threading.Event()


@dataclass
class Citizen:
    """One phone."""

    id: str
    caller: Caller
    pin: str
    notebook: Notebook

    def scan(self, charge: dict[str, Any]) -> dict[str, Any] | None:
        """Return what the phone shows: with the right if it can be used now, else by choice without."""
        for schemes in ([SCHEME], []):
            answer = self.caller.call("POST", "scans/", {"qr_payload": charge["qr_payload"], "schemes": schemes})
            if answer.status != 200:
                return None
            offer: dict[str, Any] = answer.body
            if offer["refusal"] is None and not offer["short_satang"]:
                return offer
        return None

    def confirm(self, offer: dict[str, Any], *, twice: bool, looks: bool) -> dict[str, Any] | None:
        """Pay, write down what came of it, and return the receipt if there is one; `twice`: the thumb was too quick."""
        body = {name: offer[name] for name in ("charge_id", "price_satang", "own_part_satang", "schemes")}
        body |= {"pays_all": offer["pays_all"], "nonce": offer["charge_id"].replace("-", ""), "pin": self.pin}
        key = str(uuid4())

        def pay() -> Answer:
            return self.caller.post("payments/", body, key=key, instead=look if looks else lambda: None)

        def look() -> Answer | None:
            found = self.caller.get(f"payments/?charge_id={offer['charge_id']}")
            if found.status != 200 or not found.body["results"]:
                return None  # not yet, or not at all: the same key tells
            return Answer("found", 201, json.dumps(found.body["results"][0]).encode())

        with ThreadPoolExecutor(2) as thumbs:
            answers = [thumbs.submit(pay) for _ in range(2 if twice else 1)]
        receipt: dict[str, Any] | None = None
        for answer in answers:
            try:
                receipt = self._note(offer["charge_id"], answer.result()) or receipt
            except NoAnswer:
                self.notebook.write("silence", citizen=self.id, charge=offer["charge_id"])
        return receipt

    def top_up(self) -> None:
        """Ask for a top-up; its QR is paid in another app."""
        answer = self.caller.post("top-ups/", {"amount_satang": TOP_UP})
        if answer.status == 201:
            self.notebook.write("top_up", citizen=self.id, id=answer.body["id"])

    def _note(self, charge: str, answer: Answer) -> dict[str, Any] | None:
        said: dict[str, Any] = answer.body
        if answer.status == 201:
            told = {"id": said["id"], "price": said["price_satang"], "own_part": said["own_part_satang"]}
            # Whether it was paid or held; what came back of it since is another act.
            what = "held" if said["state"] == "held" else "paid"
            self.notebook.write(what, citizen=self.id, charge=charge, **told)
            return said
        self.notebook.write("refused", citizen=self.id, charge=charge, code=answer.code, status=answer.status)
        return None


def live(people: list[Citizen], counters: list[Counter], chance: random.Random) -> None:
    """Buy until it is time to stop; one thread's life."""
    while not stop.is_set():
        counter, price = chance.choice(counters), chance.choice(PRICES)
        till, is_order = counter.till, _one_of(chance, ORDERED)
        try:
            asked = till.post("charges/", {"amount_satang": price, "hold": is_order})
            if asked.status != 201:
                continue
            charge = asked.body
            if _one_of(chance, TOPPED_UP):
                chance.choice(people).top_up()
            buyers = chance.sample(people, 2 if _one_of(chance, SHARED) else 1)
            offers = [(buyer, buyer.scan(charge)) for buyer in buyers]
            looks = not is_order and _one_of(chance, LOOKED_UP)
            buys = [
                (buyer, partial(buyer.confirm, offer, twice=_one_of(chance, TAPPED_TWICE), looks=looks))
                for buyer, offer in offers
                if offer is not None
            ]
            with ThreadPoolExecutor(3) as hands:
                if _one_of(chance, CANCELLED):
                    hands.submit(till.post, f"charges/{charge['id']}/cancellation/", {})
                bought = [(buyer, hands.submit(buy)) for buyer, buy in buys]
            for buyer, done in bought:
                receipt = done.result()
                if receipt is not None and is_order:
                    counter.deliver(buyer.id, receipt, chance)
                elif receipt is not None and _one_of(chance, UNDONE):
                    counter.undo(receipt)
        except NoAnswer:
            continue  # a till or a screen that heard nothing was told nothing


def _one_of(chance: random.Random, of_a_hundred: int) -> bool:
    return chance.randrange(100) < of_a_hundred


def main() -> None:
    """Play a plan's people."""
    plan, parent = json.loads(Path(sys.argv[1]).read_text()), os.getppid()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    line = Line(plan["address"])
    with Path(plan["notebook"]).open("w", encoding="utf-8") as file:
        notebook = Notebook(file)
        counters = [Counter(Caller(line, one, our_fault=notebook.our_fault), notebook) for one in plan["tills"]]
        people = [
            Citizen(one["id"], Caller(line, one["sign_in"], our_fault=notebook.our_fault), one["pin"], notebook)
            for one in plan["people"]
        ]
        each = len(people) // plan["threads"]
        with ThreadPoolExecutor(plan["threads"]) as lives:
            done = [
                lives.submit(live, people[n * each : (n + 1) * each], counters, random.Random(f"{plan['seed']} {n}"))
                for n in range(plan["threads"])
            ]
            while not all(one.done() for one in done):
                if os.getppid() != parent:
                    os._exit(1)  # the run was killed: nobody is left to tell
                time.sleep(LOOK_SECONDS)
        for one in done:
            one.result()


if __name__ == "__main__":
    main()
