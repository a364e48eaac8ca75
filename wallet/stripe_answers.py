"""What Stripe says, as plain values: intents, card pages, events, lines of what it keeps for us. Amounts in satang."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from wallet.money import Satang
from wallet.refusals import Refusal


class WebhookNotUnderstood(Refusal):
    """It is signed by Stripe, but is no event in baht that we can read."""

    code = "webhook_not_understood"
    status = 400


@dataclass(frozen=True, slots=True)
class Intent:
    """A PaymentIntent as Stripe has it now; amounts in satang.

    :ivar status: Stripe's word: `requires_action` (the QR waits), `requires_payment_method` (the attempt failed),
        `processing`, `succeeded`, `canceled`.
    :ivar amount_received: what has been paid; equals `amount` once `succeeded`.
    :ivar qr_payload: the text of the PromptPay QR while it waits to be paid.
    """

    intent_id: str
    status: str
    amount: Satang
    amount_received: Satang
    top_up_id: UUID | None
    charge_id: str | None
    qr_payload: str | None
    qr_image_url: str | None
    instructions_url: str | None

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """Return the intent that Stripe's JSON describes."""
        qr = (said.get("next_action") or {}).get("promptpay_display_qr_code") or {}
        return cls(
            intent_id=said["id"],
            status=said["status"],
            amount=said["amount"],
            amount_received=said["amount_received"],
            top_up_id=_top_up_id(said),
            charge_id=said.get("latest_charge"),
            qr_payload=qr.get("data"),
            qr_image_url=qr.get("image_url_svg"),
            instructions_url=qr.get("hosted_instructions_url"),
        )


@dataclass(frozen=True, slots=True)
class CardPage:
    """A page of Stripe's own on which a citizen types a card: a Checkout session.

    :ivar status: Stripe's word: `open`, `complete` (paid), `expired`.
    :ivar url: where it is; None once it is closed.
    :ivar intent_id: what was paid by it; None before.
    """

    session_id: str
    status: str
    url: str | None
    intent_id: str | None

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """Return the page that Stripe's JSON describes."""
        return cls(
            session_id=said["id"], status=said["status"], url=said.get("url"), intent_id=said.get("payment_intent")
        )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at Stripe. The same event can come twice, and events come in any order.

    :ivar object_id: the intent, card page, charge, refund, dispute or payout that it is about; `status` is that
        object's, in Stripe's words, when the event happened.
    :ivar amount: of that object, in satang; what was received, when it is an intent that succeeded.
    """

    id: str
    type: str
    created_at: datetime
    object_id: str | None
    status: str | None
    amount: Satang | None
    intent_id: str | None
    charge_id: str | None
    top_up_id: UUID | None

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """Return the event that Stripe's JSON describes.

        :raises WebhookNotUnderstood: when its money is not in baht.
        """
        about = said["data"]["object"]
        kind = about["object"]
        if about.get("currency", "thb") != "thb":
            raise WebhookNotUnderstood(currency=about["currency"])
        succeeded = kind == "payment_intent" and about["status"] == "succeeded"
        return cls(
            id=said["id"],
            type=said["type"],
            created_at=datetime.fromtimestamp(said["created"], UTC),
            object_id=about.get("id"),
            status=about.get("status"),
            amount=about["amount_received"] if succeeded else about.get("amount"),
            intent_id=about["id"] if kind == "payment_intent" else about.get("payment_intent"),
            charge_id=about["id"] if kind == "charge" else about.get("charge", about.get("latest_charge")),
            top_up_id=_top_up_id(about),
        )


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One line of what Stripe keeps for us, in satang: `net = amount - fee`, negative when it leaves us.

    :ivar type: Stripe's word: `payment` (PromptPay), `charge` (card), `refund`, `adjustment` (dispute), `payout`, …
    :ivar source_id: the charge, refund, dispute or payout that it is of.
    """

    id: str
    type: str
    amount: Satang
    fee: Satang
    net: Satang
    source_id: str | None
    intent_id: str | None
    top_up_id: UUID | None
    created_at: datetime

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """Return the line that Stripe's JSON describes, its `source` expanded."""
        source = said["source"] or {}
        return cls(
            id=said["id"],
            type=said["type"],
            amount=said["amount"],
            fee=said["fee"],
            net=said["net"],
            source_id=source.get("id"),
            intent_id=source.get("payment_intent"),
            top_up_id=_top_up_id(source),
            created_at=datetime.fromtimestamp(said["created"], UTC),
        )


def _top_up_id(said: Mapping[str, Any]) -> UUID | None:
    """Return our own id from an object's metadata; None on what was made elsewhere, such as by hand at Stripe."""
    try:
        return UUID((said.get("metadata") or {}).get("top_up", ""))
    except ValueError:
        return None
