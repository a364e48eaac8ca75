"""What was measured: figures, the bars they are held against, the table and the file that they end up in."""

import json
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

BAR: Final = re.compile(r"(≥|≤) ([0-9.]+)")
COMPARED: Final[Mapping[str, Callable[[float, float], bool]]] = {"≥": operator.ge, "≤": operator.le}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number.

    :ivar unit: what it counts; empty for a ratio.
    :ivar rates: the numbers that it was made from, by name, each name ending with its unit.
    :ivar bar: `≥ 0.12` or `≤ 6`, in the same unit; None where nothing is asked for.
    :ivar stretch: the same, for what we would be proud of.
    """

    name: str
    says: str
    value: float
    unit: str = ""
    rates: Mapping[str, Any] = field(default_factory=dict)
    bar: str | None = None
    stretch: str | None = None

    @property
    def holds(self) -> bool | None:
        """Whether it is on the right side of its bar; None without one."""
        return None if self.bar is None else is_on(self.value, self.bar)

    def as_json(self) -> dict[str, Any]:
        """Return its members in results.json."""
        members: dict[str, Any] = {"value": rounded(self.value), "unit": self.unit, "says": self.says}
        members["rates"] = {name: rounded(rate) for name, rate in self.rates.items()}
        if self.bar is not None:
            members |= {"bar": self.bar, "holds": self.holds}
        if self.stretch is not None:
            members |= {"stretch": self.stretch, "reaches_stretch": is_on(self.value, self.stretch)}
        return members


def is_on(value: float, bar: str) -> bool:
    """Say whether a value is on the right side of a bar, as measured and before any rounding.

    :raises ValueError: when the bar cannot be read.
    """
    found = BAR.fullmatch(bar)
    if found is None:
        raise ValueError(f"no bar: {bar!r}")
    return COMPARED[found[1]](value, float(found[2]))


def rounded(value: Any) -> Any:
    """Return a number with four significant digits, for reading, and likewise each of a list; else what it is."""
    if isinstance(value, list):
        return [rounded(each) for each in value]
    if not isinstance(value, float):
        return value
    short = float(f"{value:.4g}")
    return int(short) if short.is_integer() else short


@dataclass
class Results:
    """All figures of one run, and what they were measured on."""

    machine: Mapping[str, Any]
    quick: bool
    figures: dict[str, Figure] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    finished: bool = False

    def add(self, figure: Figure) -> None:
        """Keep a figure, and print its line."""
        self.figures[figure.name] = figure
        print(line(figure), flush=True)

    @property
    def all_hold(self) -> bool:
        """Whether every bar was reached."""
        return all(figure.holds is not False for figure in self.figures.values())

    def write(self, file: Path) -> None:
        """Write results.json: one key per figure, beside them the machine and how long each part took."""
        members = {name: figure.as_json() for name, figure in self.figures.items()}
        about = {
            "machine": self.machine,
            "quick": self.quick,
            "finished": self.finished,
            "seconds": {k: rounded(v) for k, v in self.seconds.items()},
        }
        file.write_text(json.dumps(about | members, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def table(self) -> str:
        """Return all figures, one line each."""
        return "\n".join(line(figure) for figure in self.figures.values())


def line(figure: Figure) -> str:
    """Return a figure as one line of the table."""
    mark = {True: "holds", False: "FAILS", None: ""}[figure.holds]
    value = f"{rounded(float(figure.value)):>10} {figure.unit}".rstrip()
    return f"{figure.says:<72} {value:<14} {figure.bar or '':<8} {mark}".rstrip()
