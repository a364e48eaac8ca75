"""A till is told at once: after an act was committed, the porch says so through the broker.

A hint is news, never truth: one that is lost costs a till some seconds, until it looks. Saying one takes a few
microseconds and cannot fail, whatever the broker does; who listens is told by `listening.py`, in a process of its own.
"""

import datetime as dt
import json
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from uuid import UUID

from pydantic_core import to_json

from merchants.models import Charge, Hold, Payment, Proposal, Refund
from wallet.broker import Line, channel
from wallet.money import Satang

CHANNEL: Final = "hints"

# What became of a charge, in the words of its state, what was given back of a payment; and that somebody at a poster
# waits for a yes.
Happened = Literal["paid", "held", "captured", "released", "cancelled", "refunded", "proposed"]

_line: Final = Line()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What a till is told. `id` is the same however often and from wherever it is told, so that repeats are dropped.

    :ivar till_id: None for every till of the shop.
    :ivar charge_id: None where there is none yet: look at the proposals.
    :ivar amount: satang: the price, or what was captured, released or refunded.
    """

    id: str
    happened: Happened
    merchant_id: UUID
    till_id: UUID | None
    charge_id: UUID | None
    payment_id: UUID | None
    amount: Satang
    at: dt.datetime

    def written(self) -> str:
        """Return it as it travels: JSON, without spaces."""
        return to_json(
            {
                "id": self.id,
                "happened": self.happened,
                "merchant_id": str(self.merchant_id),
                "till_id": _text(self.till_id),
                "charge_id": _text(self.charge_id),
                "payment_id": _text(self.payment_id),
                "amount_satang": self.amount,
                "at": self.at.astimezone(dt.UTC).isoformat(),
            }
        ).decode()


def read(written: str | bytes) -> Hint:
    """Return the hint that was written so.

    :raises ValueError | KeyError | TypeError: nothing of ours was.
    """
    said: dict[str, Any] = json.loads(written)
    return Hint(
        id=said["id"],
        happened=said["happened"],
        merchant_id=UUID(said["merchant_id"]),
        till_id=_id(said["till_id"]),
        charge_id=_id(said["charge_id"]),
        payment_id=_id(said["payment_id"]),
        amount=said["amount_satang"],
        at=dt.datetime.fromisoformat(said["at"]),
    )


def tell(hint: Hint) -> None:
    """Say a hint to whoever listens. Call after the act was committed; never raises, never waits."""
    _line.say("PUBLISH", channel(CHANNEL), hint.written())


def proposed(proposal: Proposal) -> Hint:
    """Return the hint that somebody at a poster waits for a yes, for all tills of the shop."""
    return Hint(
        id=f"proposed:{proposal.id}",
        happened="proposed",
        merchant_id=proposal.merchant_id,
        till_id=None,
        charge_id=None,
        payment_id=None,
        amount=proposal.amount,
        at=proposal.asked_at,
    )


def paid(payment: Payment) -> Hint:
    """Return the hint that a charge was paid."""
    return Hint(
        id=f"paid:{payment.id}",
        happened="paid",
        merchant_id=payment.merchant_id,
        till_id=payment.till_id,
        charge_id=payment.charge_id,
        payment_id=payment.id,
        amount=payment.price,
        at=payment.paid_at,
    )


def held(hold: Hold) -> Hint:
    """Return the hint that the money of a charge is held: begin to cook."""
    return Hint(
        id=f"held:{hold.id}",
        happened="held",
        merchant_id=hold.merchant_id,
        till_id=hold.till_id,
        charge_id=hold.charge_id,
        payment_id=None,
        amount=hold.price,
        at=hold.held_at,
    )


def captured(payment: Payment) -> Hint:
    """Return the hint that a part of a hold was captured, for the shop's other devices."""
    return replace(paid(payment), id=f"captured:{payment.id}", happened="captured")


def released(hold: Hold, *, amount: Satang, at: dt.datetime) -> Hint:
    """Return the hint that what was left of a hold was let go."""
    return replace(held(hold), id=f"released:{hold.id}", happened="released", amount=amount, at=at)


def refunded(refund: Refund) -> Hint:
    """Return the hint that a payment, or a part of it, was given back."""
    return Hint(
        id=f"refunded:{refund.id}",
        happened="refunded",
        merchant_id=refund.merchant_id,
        till_id=refund.till_id,
        charge_id=refund.charge_id,
        payment_id=refund.payment_id,
        amount=refund.amount,
        at=refund.refunded_at,
    )


def cancelled(charge: Charge, *, at: dt.datetime) -> Hint:
    """Return the hint that a charge was taken back, for the shop's other devices."""
    return Hint(
        id=f"cancelled:{charge.id}",
        happened="cancelled",
        merchant_id=charge.merchant_id,
        till_id=charge.till_id,
        charge_id=charge.id,
        payment_id=None,
        amount=charge.amount,
        at=at,
    )


def _text(id_: UUID | None) -> str | None:
    return None if id_ is None else str(id_)


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
