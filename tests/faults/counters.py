"""What stalls do once somebody has confirmed: capture an order in parts, let the rest go, undo what was keyed wrong.

Each act is asked for under its own id and key until it is answered, and written down.
"""

import random
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.faults.calls import Caller, NoAnswer
from tests.faults.notebook import Notebook


@dataclass
class Counter:
    """A till, and where whoever stands at it writes down what they are told."""

    till: Caller
    notebook: Notebook

    def deliver(self, citizen: str, receipt: dict[str, Any], chance: random.Random) -> None:
        """Capture some of what is held, or all of it in two parts, and let go of what is left."""
        price, hold = receipt["price_satang"], receipt["id"]
        first = chance.randrange(1, price)
        parts = chance.choice(([], [first], [first, price - first], [price]))
        for satang in parts:
            self._capture(citizen, receipt, satang)
        try:
            answer = self.till.post(f"holds/{hold}/release/", {})
        except NoAnswer:
            self.notebook.write("unheard", act=f"release of hold {hold}")
            return
        if answer.status == 201 or answer.code == "hold_captured":
            self.notebook.write("ended", hold=hold)
        else:
            self.notebook.write("unheard", act=f"release of hold {hold}: {answer}")

    def undo(self, receipt: dict[str, Any]) -> None:
        """Give a payment back that was keyed wrong, if the minutes for it are not over."""
        refund_id = str(uuid4())
        body = {"refund_id": refund_id, "whole": True, "reason": "keyed wrong"}
        try:
            answer = self.till.post(f"payments/{receipt['id']}/refunds/", body)
        except NoAnswer:
            self.notebook.write("unheard", act=f"refund {refund_id}")
            return
        if answer.status == 201:
            said = answer.body
            told = {"price": said["amount_satang"], "own_part": said["own_part_satang"]}
            self.notebook.write("refunded", refund=refund_id, payment=receipt["id"], **told)
        else:
            self.notebook.write("not_refunded", refund=refund_id, code=answer.code)

    def _capture(self, citizen: str, receipt: dict[str, Any], satang: int) -> None:
        hold, capture_id = receipt["id"], str(uuid4())
        try:
            answer = self.till.post(f"holds/{hold}/captures/", {"id": capture_id, "amount_satang": satang})
        except NoAnswer:
            self.notebook.write("unheard", act=f"capture {capture_id}")
            return
        if answer.status == 201:
            said = answer.body
            told = {"id": said["payment_id"], "price": said["amount_satang"], "own_part": said["own_part_satang"]}
            self.notebook.write("captured", citizen=citizen, charge=receipt["charge_id"], **told)
        else:
            self.notebook.write("not_captured", capture=capture_id, code=answer.code)
