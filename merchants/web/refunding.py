"""One payment at the shop: what it was, undone at the till within minutes, or given back by manager and owner."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext

from config.authentication import MANAGERS, SHOP
from config.shapes import Reason, Shape, TypedBaht
from merchants import counter, hints, refunds
from merchants.web.shops import OfShop


class Undone(Shape):
    """The form's key is the refund's id, so that a double tap gives back once."""

    key: UUID


class GivenBack(Undone):
    """How much goes back, and why."""

    amount: TypedBaht
    reason: Reason


class PaymentScreen(OfShop):
    """A payment that the shop took, and what was given back of it."""

    open_to: ClassVar = SHOP
    template = "merchants/shop/payment.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it, and what whoever looks may do about it."""
        given = refunds.of_shop(merchant_id=self.shop_id, payment_id=self.kwargs["payment_id"])
        return {
            "given": given,
            "payment": given.payment,
            "undoable": given.can_be_undone(till_id=self.till_id, at=self.at),
            "manages": self.caller.staff_role in MANAGERS,
            "now": self.at,
        }


class ActOnPayment(PaymentScreen):
    """An act on it; whoever reloads comes back to it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Go back."""
        return self.to("shop-payment", self.kwargs["payment_id"])


class UndoScreen(ActOnPayment):
    """Where a payment is undone while the customer still stands there."""

    def post(self, request: HttpRequest, payment_id: UUID) -> HttpResponse:
        """Give all of it back."""
        typed = self.form(Undone)
        refund = refunds.refund(
            by=counter.attendant(caller=self.caller),
            payment_id=payment_id,
            refund_id=typed.key,
            amount=None,
            reason=gettext("Undone at the counter"),
            key=str(typed.key),
            at=self.at,
        )
        hints.tell(hints.refunded(refund))
        return self.to("shop-payment", payment_id)


class RefundScreen(ActOnPayment):
    """Where a manager or the owner gives money back."""

    open_to: ClassVar = MANAGERS

    def post(self, request: HttpRequest, payment_id: UUID) -> HttpResponse:
        """Give back what was typed."""
        typed = self.form(GivenBack)
        refund = refunds.refund(
            by=counter.attendant(caller=self.caller),
            payment_id=payment_id,
            refund_id=typed.key,
            amount=typed.amount,
            reason=typed.reason,
            key=str(typed.key),
            at=self.at,
        )
        hints.tell(hints.refunded(refund))
        return self.to("shop-payment", payment_id)
