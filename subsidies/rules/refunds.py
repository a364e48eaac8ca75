"""What a shop may give back of a sale, until when, and what becomes of the State's share."""

from dataclasses import dataclass
from datetime import date, timedelta

from wallet.refusals import Refusal


class NotRefundable(Refusal):
    """The scheme pays for no sale that is taken back: its document knows no refunds."""

    code = "not_refundable"


class RefundTooLate(Refusal):
    """The scheme's time for giving this sale back is over."""

    code = "refund_too_late"


class RefundWholeOnly(Refusal):
    """The scheme allows a sale to be given back as a whole only."""

    code = "refund_whole_only"


@dataclass(frozen=True, slots=True)
class Refunds:
    """The rules of `[refunds]`.

    :ivar within_days: business days after the sale's own; 0 is the same day.
    :ivar partial: whether a part can be given back.
    :ivar keeps_first_use: whether a sale that was given back in full still counts as first use.
    :ivar returns: whether the State's share is the citizen's right again; else it is the scheme's.
    """

    within_days: int
    partial: bool
    keeps_first_use: bool
    returns: bool

    def must_allow(self, *, sold_on: date, business_date: date, whole: bool) -> None:
        """Return if a sale of one business date may be given back on another, as a whole or in part.

        :raises RefundTooLate | RefundWholeOnly:
        """
        last = sold_on + timedelta(days=self.within_days)
        if business_date > last:
            raise RefundTooLate(last_date=last.isoformat())
        if not (whole or self.partial):
            raise RefundWholeOnly
