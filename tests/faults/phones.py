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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any, Final
from uuid import uuid4

from config.demo.line import Answer, Line
from tests.faults.calls import Caller, NoAnswer

SCHEME: Final = "long-half"
PRICES: Final = (35_00, 50_00, 61_50, 99_01, 120_00)
TOP_UP: Final = 100_00
LOOK_SECONDS: Final = 0.2

# Of a hundred purchases: how many go otherwise than smoothly.
CANCELLED, SHARED, TAPPED_TWICE, TOPPED_UP, LOOKED_UP = 4, 6, 8, 6, 50

stop = threading.Event()


@dataclass
class Notebook:
    """What this process's people were told: one JSON object a line, on disk before anything else happens."""

    file: IO[str]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, what: str, **told: Any) -> None:
        """Write one thing down."""
        with self.lock:
            self.file.write(json.dumps({"what": what, **told}) + "\n")
            self.file.flush()

    def our_fault(self, request: str) -> None:
        """Write down an answer 500."""
        self.write("our_fault", request=request)


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

    def confirm(self, offer: dict[str, Any], *, twice: bool, looks: bool) -> None:
        """Pay, and write down what came of it; `twice`: the thumb was too quick."""
        body = {name: offer[name] for name in ("charge_id", "price_satang", "own_part_satang", "schemes")}
        body |= {"nonce": offer["charge_id"].replace("-", ""), "pin": self.pin}
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
        for answer in answers:
            try:
                self._note(offer["charge_id"], answer.result())
            except NoAnswer:
                self.notebook.write("silence", citizen=self.id, charge=offer["charge_id"])

    def top_up(self) -> None:
        """Ask for a top-up; its QR is paid in another app."""
        answer = self.caller.post("top-ups/", {"amount_satang": TOP_UP})
        if answer.status == 201:
            self.notebook.write("top_up", citizen=self.id, id=answer.body["id"])

    def _note(self, charge: str, answer: Answer) -> None:
        said = answer.body
        if answer.status == 201:
            told = {"id": said["id"], "price": said["price_satang"], "own_part": said["own_part_satang"]}
            self.notebook.write("paid", citizen=self.id, charge=charge, **told)
        else:
            self.notebook.write("refused", citizen=self.id, charge=charge, code=answer.code, status=answer.status)


def live(people: list[Citizen], tills: list[Caller], chance: random.Random) -> None:
    """Buy until it is time to stop; one thread's life."""
    while not stop.is_set():
        till, price = chance.choice(tills), chance.choice(PRICES)
        try:
            asked = till.post("charges/", {"amount_satang": price})
            if asked.status != 201:
                continue
            charge = asked.body
            if _one_of(chance, TOPPED_UP):
                chance.choice(people).top_up()
            buyers = chance.sample(people, 2 if _one_of(chance, SHARED) else 1)
            offers = [(buyer, buyer.scan(charge)) for buyer in buyers]
            acts: list[Callable[[], object]] = [
                partial(buyer.confirm, offer, twice=_one_of(chance, TAPPED_TWICE), looks=_one_of(chance, LOOKED_UP))
                for buyer, offer in offers
                if offer is not None
            ]
            if _one_of(chance, CANCELLED):
                acts.append(partial(till.post, f"charges/{charge['id']}/cancellation/", {}))
            with ThreadPoolExecutor(3) as hands:
                for done in [hands.submit(act) for act in acts]:
                    done.result()
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
        tills = [Caller(line, one, our_fault=notebook.our_fault) for one in plan["tills"]]
        people = [
            Citizen(one["id"], Caller(line, one["sign_in"], our_fault=notebook.our_fault), one["pin"], notebook)
            for one in plan["people"]
        ]
        each = len(people) // plan["threads"]
        with ThreadPoolExecutor(plan["threads"]) as lives:
            done = [
                lives.submit(live, people[n * each : (n + 1) * each], tills, random.Random(f"{plan['seed']} {n}"))
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
