"""For later: a till has money held for a delivery or a pre-order, and takes or lets go of it when the time comes."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from config.authentication import SHOP, TILL
from config.shapes import Note, Shape, TypedBaht, TypedBahtOrNone, TypedKey
from merchants import captures, charges, counter, deliveries, hints, holds, tills
from merchants.charges import Bill
from merchants.web.shops import OfShop
from subsidies.decision import GENERAL
from wallet.models import Channel

SHOWN: Final = 20
# Hours for which money is held, as a form offers them; empty: it is paid at once.
KeptFor = Literal["1", "3", "24", "72", "168"]
KeptForOrNot = Literal["", "1", "3", "24", "72", "168"]


def seconds(kept_for: KeptForOrNot) -> int | None:
    """Return for how long a bill's money is held; None where it is paid at once."""
    return int(dt.timedelta(hours=int(kept_for)).total_seconds()) if kept_for else None


class PriceForLater(Shape):
    """A price for what is handed over later, and what the cashier wants to know it by."""

    amount: TypedBaht
    fee: TypedBahtOrNone = 0
    way: Literal["pick_up", "delivery"]
    kept_for: KeptFor
    note: Note = ""
    key: TypedKey

    @property
    def bill(self) -> Bill:
        """The same, as operations know it. What is delivered is food and drink; its fare is a line of its own."""
        delivered = self.way == "delivery"
        lines = [{"category": "food" if delivered else GENERAL, "amount": self.amount}]
        if self.fee:
            lines.append({"category": "delivery_fee", "amount": self.fee})
        return Bill(
            amount=self.amount + self.fee,
            channel=Channel.DELIVERY if delivered else Channel.SHOP,
            lines=lines,
            note=self.note,
            hold_seconds=seconds(self.kept_for),
        )


class HoldsAsked(Shape):
    """Which holds: those that wait, or all; only those older than one."""

    which: Literal["waiting", "all"] = "waiting"
    before: UUID | None = None


class Taken(Shape):
    """How much was delivered. The form's key is the capture's id, so that a double tap takes once."""

    amount: TypedBaht
    key: UUID


class LetGo(Shape):
    """Nothing more will be delivered."""

    key: TypedKey


class HoldKeypadScreen(OfShop):
    """Where a price for later is keyed."""

    open_to: ClassVar = TILL
    template = "merchants/shop/hold_keypad.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for it, and show the QR."""
        typed = self.form(PriceForLater)
        bill = typed.bill
        charge = charges.ask(
            till=tills.of(till_id=self.caller.id),
            amount=bill.amount,
            channel=bill.channel,
            lines=bill.lines,
            facts=bill.facts,
            note=bill.note,
            hold_seconds=bill.hold_seconds,
            key=typed.key,
            at=self.at,
        )
        return self.to("shop-charge", charge.id)


class HoldsScreen(OfShop):
    """What the shop has promised: what waits, and what became of the rest."""

    open_to: ClassVar = SHOP
    template = "merchants/shop/holds.html"

    def seen(self) -> Mapping[str, Any]:
        """Return them, newest first."""
        asked = self.query(HoldsAsked)
        found = deliveries.of_shop(
            merchant_id=self.shop_id,
            at_most=SHOWN + 1,
            only_open=asked.which == "waiting",
            before=asked.before,
            at=self.at,
        )
        return {
            "which": asked.which,
            "deliveries": found[:SHOWN],
            "older": found[SHOWN - 1].standing.hold.id if len(found) > SHOWN else None,
            "now": self.at,
        }


class HoldScreen(OfShop):
    """One of them."""

    open_to: ClassVar = SHOP
    template = "merchants/shop/hold.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it, and what was taken of it."""
        delivery = deliveries.one_of_shop(merchant_id=self.shop_id, hold_id=self.kwargs["hold_id"], at=self.at)
        return {
            "delivery": delivery,
            "standing": delivery.standing,
            "hold": delivery.standing.hold,
            "so_far": delivery.standing.so_far,
            "now": self.at,
        }


class ActOnHold(HoldScreen):
    """An act on it; whoever reloads comes back to it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Go back."""
        return self.to("shop-hold", self.kwargs["hold_id"])


class CaptureScreen(ActOnHold):
    """Where the shop takes what it has delivered."""

    def post(self, request: HttpRequest, hold_id: UUID) -> HttpResponse:
        """Take it."""
        typed = self.form(Taken)
        payment = captures.capture(
            by=counter.attendant(caller=self.caller),
            hold_id=hold_id,
            capture_id=typed.key,
            amount=typed.amount,
            key=str(typed.key),
            at=self.at,
        )
        hints.tell(hints.captured(payment))
        return self.to("shop-hold", hold_id)


class ReleaseScreen(ActOnHold):
    """Where the shop lets go of what it will not deliver."""

    def post(self, request: HttpRequest, hold_id: UUID) -> HttpResponse:
        """Let it go: it is the customer's again."""
        typed = self.form(LetGo)
        standing = holds.release(by=counter.attendant(caller=self.caller), hold_id=hold_id, key=typed.key, at=self.at)
        hints.tell(hints.released(standing.hold, amount=standing.so_far.released, at=self.at))
        return self.to("shop-hold", hold_id)
