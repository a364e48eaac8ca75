"""The schemes that the bench pays by: คนละครึ่ง พลัส, open at every hour, and harder ones for the decision alone."""

import datetime as dt
from pathlib import Path
from typing import Final
from uuid import uuid4

from subsidies import funding, publishing
from subsidies.models import SchemeVersion
from wallet.audit import Actor
from wallet.clock import BANGKOK
from wallet.money import BasisPoints, Satang

HERE: Final = Path(__file__).parent
BENCH: Final = Actor("timetable", "bench")
PUBLISHED: Final = dt.datetime(2019, 12, 1, tzinfo=dt.UTC)  # the documents hold from the first day of 2020
BUDGET: Final[Satang] = 1_000_000_000_000_00

# A purse that begins empty and is filled twice, on days that no run of the bench reaches by itself.
FILLED_LATER: Final = "filled-later"
FIRST_FILLING: Final = dt.datetime(2090, 1, 7, 6, tzinfo=BANGKOK)
SECOND_FILLING: Final = dt.datetime(2090, 1, 14, 6, tzinfo=BANGKOK)
AT_ENROLMENT: Final = 'code = "general"\namount_satang = 2_000_00\n'

ONE: Final = "co-pay"
TEN: Final = tuple(f"co-pay-{number}" for number in range(10))


def document(*, code: str, rate_bp: BasisPoints = 5_000, more_caps: bool = False, combines: bool = False) -> str:
    """Return a scheme's document: half each up to 1,000 baht a day, unless asked otherwise."""
    text = (HERE / "co-pay.toml").read_text(encoding="utf-8")
    if more_caps:
        text += (HERE / "more-caps.toml").read_text(encoding="utf-8")
    words = {"CODE": code, "RATE_BP": str(rate_bp), "COMBINES": str(combines).lower()}
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def filled_later() -> str:
    """Return the document of a scheme that fills each purse with 100 baht, twice, after enrolment."""
    text = document(code=FILLED_LATER)
    if text.count(AT_ENROLMENT) != 1:
        raise ValueError("co-pay.toml does not grant what it did")
    rows = (
        f'code = "{name}"\namount_satang = 100_00\npays_at = {pays_at.isoformat()}\n'
        for name, pays_at in (("first", FIRST_FILLING), ("second", SECOND_FILLING))
    )
    return text.replace(AT_ENROLMENT, "\n[[grants]]\n".join(rows))


def publish(*, code: str, at: dt.datetime, text: str | None = None) -> SchemeVersion:
    """Publish and fund one scheme, through the same operations that an officer's door calls."""
    version = publishing.publish(document=text or document(code=code), actor=BENCH, at=PUBLISHED)
    funding.remit(amount=BUDGET, cause=uuid4(), actor=BENCH, at=at)
    funding.allot(scheme=version.scheme, amount=BUDGET, cause=uuid4(), actor=BENCH, at=at)
    return version
