"""What a citizen paid: one receipt, which moves, and a month of them."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from pydantic import StringConstraints

from config.authentication import CITIZEN
from config.screens import Screen
from config.shapes import Shape
from merchants import drawing, history, receipts, signatures
from wallet import clock


class HistoryAsked(Shape):
    """Which month, as 2025-11, and which shops."""

    month: Annotated[str, StringConstraints(pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$")] = ""
    words: Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)] = ""


class ReceiptScreen(Screen):
    """One receipt."""

    open_to: ClassVar = CITIZEN
    template = "merchants/receipt.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it."""
        receipt = receipts.of(citizen_id=self.caller.id, payment_id=self.kwargs["payment_id"])
        check = f"{reverse('verified', args=[receipt.payment.id])}?code={signatures.check_code(receipt.payment)}"
        address = self.request.build_absolute_uri(check)
        drawn = drawing.svg(payload=address, title=gettext("QR to check this receipt"))
        return {
            "receipt": receipt,
            "payment": receipt.payment,
            "address": address,
            "code": mark_safe(drawn),  # noqa: S308  drawn by us
            "now": self.at,
        }


class HistoryScreen(Screen):
    """A month of receipts."""

    open_to: ClassVar = CITIZEN
    template = "merchants/history.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the month that was asked for; this one, if none was."""
        asked = self.query(HistoryAsked)
        this = clock.today(self.at).replace(day=1)
        first = dt.date.fromisoformat(f"{asked.month}-01") if asked.month else this
        month = history.month(citizen_id=self.caller.id, first=first, words=asked.words, at=self.at)
        return {
            "month": month,
            "words": asked.words,
            "before": history.preceding(first) if month.earlier else None,
            "after": history.following(first) if first < this else None,
        }
