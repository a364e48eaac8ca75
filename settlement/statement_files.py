"""A merchant's statement as a file for a spreadsheet, written line by line as it is read."""

import csv
import datetime as dt
from collections.abc import Iterator
from typing import Final

from settlement.merchant_statements import Line
from wallet.clock import BANGKOK
from wallet.money import baht

# A spreadsheet reads these in the order of the columns; amounts are baht with two digits, instants Bangkok's.
COLUMNS: Final = (
    "at",
    "kind",
    "business_date",
    "channel",
    "price_baht",
    "citizen_baht",
    "citizen_due_at",
    "state_baht",
    "state_due_at",
    "payment_id",
    "till_id",
)
# Spreadsheets take UTF-8 for it only if it begins with this.
BYTE_ORDER_MARK: Final = "\ufeff"


def as_csv(lines: Iterator[Line]) -> Iterator[str]:
    """Yield a statement as CSV, the names of its columns first."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(COLUMNS)
    for line in lines:
        yield writer.writerow(
            (
                _in_bangkok(line.at),
                line.kind,
                line.business_date,
                line.channel.label,
                baht(line.price),
                baht(line.citizen),
                _in_bangkok(line.citizen_due_at),
                baht(line.state),
                _in_bangkok(line.state_due_at),
                line.payment_id,
                line.till_id,
            )
        )


class _Echo:
    """Hands back what the CSV writer writes."""

    def write(self, row: str) -> str:
        """Return the row."""
        return row


def _in_bangkok(at: dt.datetime | None) -> str:
    return "" if at is None else at.astimezone(BANGKOK).isoformat(sep=" ", timespec="seconds")
