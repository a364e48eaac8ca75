"""A scheme's report as a file for a spreadsheet, and as a table for a terminal."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from settlement.scheme_reports import GROUPS, Figures, Report
from wallet.money import grouped_baht

# What each column is called; counts stand as they are, all else is satang in a file and baht in a table.
COUNTS: Final = ("payments", "refunds")
COLUMNS: Final = (
    "payments",
    "price",
    "state",
    "own",
    "refunds",
    "state_refunded",
    "own_refunded",
    "granted",
    "bought",
    "lapsed",
    "withdrawn",
    "left",
)
# A spreadsheet would take a word that begins like this for a formula; classes and provinces are shops' own words.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(report: Report) -> str:
    """Return a report as CSV (RFC 4180): a line of names, the rows, and the total; amounts in satang."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*GROUPS[report.by], *(name if name in COUNTS else f"{name}_satang" for name in COLUMNS)])
    for words, figures in report.rows:
        writer.writerow([*map(_plain, words), *_values(figures)])
    writer.writerow(["total", *[""] * (len(GROUPS[report.by]) - 1), *_values(report.total)])
    return out.getvalue()


def as_table(report: Report) -> str:
    """Return a report as lines of a terminal: amounts in baht, what no row has left out, and what does not foot."""
    shown = [name for name in COLUMNS if any(figures.columns()[name] for _, figures in report.rows)]
    lines = [[" · ".join(GROUPS[report.by]), *shown]]
    lines += [[" · ".join(word or "–" for word in words), *_baht(figures, shown)] for words, figures in report.rows]
    lines.append(["total", *_baht(report.total, shown)])
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    told = [_line(line, widths) for line in lines]
    funded, returned = grouped_baht(report.funded), grouped_baht(report.returned)
    told.append(f"{report.since} to {report.until}; funded {funded}, returned {returned}")
    told += [f"DOES NOT FOOT: {name} differs by {grouped_baht(amount)}" for name, amount in report.differences.items()]
    return "\n".join(told) + "\n"


def _line(cells: list[str], widths: list[int]) -> str:
    first, *others = cells
    return "  ".join(
        [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
    )


def _values(figures: Figures) -> Iterator[int]:
    columns = figures.columns()
    return (columns[name] for name in COLUMNS)


def _baht(figures: Figures, names: list[str]) -> Iterator[str]:
    columns = figures.columns()
    return (str(columns[name]) if name in COUNTS else grouped_baht(columns[name]) for name in names)


def _plain(word: str) -> str:
    return f"'{word}" if word.startswith(FORMULA) else word
