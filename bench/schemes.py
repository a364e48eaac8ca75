"""The schemes that the bench pays by: คนละครึ่ง พลัส, open at every hour, and harder ones for the decision alone."""

import datetime as dt
from pathlib import Path
from typing import Final
from uuid import uuid4

from subsidies import schemes
from subsidies.models import SchemeVersion
from wallet.audit import Actor
from wallet.money import BasisPoints, Satang

HERE: Final = Path(__file__).parent
BENCH: Final = Actor("timetable", "bench")
BUDGET: Final[Satang] = 1_000_000_000_000_00

ONE: Final = "co-pay"
TEN: Final = tuple(f"co-pay-{number}" for number in range(10))


def document(*, code: str, rate_bp: BasisPoints = 5_000, more_caps: bool = False, combines: bool = False) -> str:
    """Return a scheme's document: half each up to 200 baht a day, unless asked otherwise."""
    text = (HERE / "co-pay.toml").read_text(encoding="utf-8")
    if more_caps:
        text += (HERE / "more-caps.toml").read_text(encoding="utf-8")
    words = {"CODE": code, "RATE_BP": str(rate_bp), "COMBINES": str(combines).lower()}
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def publish(*, code: str, at: dt.datetime) -> SchemeVersion:
    """Publish and fund one scheme, through the same operations that an officer's door calls."""
    version = schemes.publish(document=document(code=code), actor=BENCH, at=at)
    schemes.remit(amount=BUDGET, cause=uuid4(), actor=BENCH, at=at)
    schemes.allot(scheme=version.scheme, amount=BUDGET, cause=uuid4(), actor=BENCH, at=at)
    return version
