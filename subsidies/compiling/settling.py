"""What shops may give back, and when they are paid."""

from subsidies.documents.document import Document
from subsidies.rules.calendar import WEEKDAYS, Calendar
from subsidies.rules.refunds import Refunds
from subsidies.rules.settlement import Delay, Settlement


def settlement(document: Document, calendar: Calendar) -> Settlement:
    """Return the delay of each part of each channel."""
    delays: dict[tuple[str, str], Delay] = {
        (row.part, channel): Delay(
            row.days, row.at, row.banking_days, None if row.week_ends is None else WEEKDAYS.index(row.week_ends)
        )
        for row in document.settlement
        for channel in row.channels
    }
    return Settlement(calendar, delays)


def refunds(document: Document) -> Refunds | None:
    """Return what may be given back; None where nothing may."""
    given = document.refunds
    if given is None:
        return None
    return Refunds(given.within_days, given.partial, given.keeps_first_use, given.right == "returns")
