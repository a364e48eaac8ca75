"""What a shop took today, payment by payment, and when the money of a day is in its bank."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from config.authentication import SHOP, STAFF
from config.shapes import Shape
from merchants import onboarding, particulars, takings
from merchants.web.shops import OfShop
from settlement import merchant_days, merchant_statements
from wallet import ledger

SHOWN: Final = 20


class TakenAsked(Shape):
    """Only what is older than a payment."""

    before: UUID | None = None


class DayAsked(Shape):
    """Which business date, and which page of it."""

    date: dt.date | None = None
    after: UUID | None = None


class TodayScreen(OfShop):
    """Today's tally: a till's own, or for the staff the whole shop's."""

    open_to: ClassVar = SHOP
    template = "merchants/shop/today.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the tally, and payments newest first."""
        found = takings.newest(
            merchant_id=self.shop_id, till_id=self.till_id, at_most=SHOWN + 1, before=self.query(TakenAsked).before
        )
        return {
            "shop": onboarding.merchant(merchant_id=self.shop_id),
            "tally": takings.tally(merchant_id=self.shop_id, till_id=self.till_id),
            "payments": found[:SHOWN],
            "terms_wait": self.caller.staff_role == "owner"
            and not all(each.is_accepted for each in particulars.terms(merchant_id=self.shop_id)),
            "older": found[SHOWN - 1].payment.id if len(found) > SHOWN else None,
        }


class MoneyScreen(OfShop):
    """When money comes: all that is promised, and a day of it, payment by payment."""

    open_to: ClassVar = STAFF
    template = "merchants/shop/money.html"

    def seen(self) -> Mapping[str, Any]:
        """Return what is coming, and a business date; the one that the books have open, if none is named."""
        asked, today = self.query(DayAsked), ledger.open_date()
        date = min(asked.date or today, today)
        found = merchant_statements.page(
            merchant_id=self.shop_id, since=date, until=date, after=asked.after, at_most=SHOWN + 1
        )
        return {
            "day": merchant_days.figures(merchant_id=self.shop_id, business_date=date, at=self.at),
            "coming": merchant_days.coming(merchant_id=self.shop_id, business_date=today, at=self.at),
            "now": self.at,
            "lines": found[:SHOWN],
            "more": found[SHOWN - 1].id if len(found) > SHOWN else None,
            "today": today,
            "before": date - dt.timedelta(days=1),
            "after": date + dt.timedelta(days=1) if date < today else None,
        }
