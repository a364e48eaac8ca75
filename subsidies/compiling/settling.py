"""When shops are paid."""

from subsidies.documents.document import Document
from subsidies.rules.calendar import WEEKDAYS, Calendar
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
