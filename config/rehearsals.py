"""A test key gets the answer that it asks for: each refusal has an amount, and asking for that amount is refused so.

The amounts lie above the largest charge, so none is ever a price, and each depends on its code alone: a new refusal
moves no other. docs/refusals.md lists them.
"""

import binascii
import re
from functools import cache
from typing import Any, ClassVar, Final

from config.words import FLOORS, catalogue
from merchants.charges import LARGEST_CHARGE
from wallet.money import LARGEST_AMOUNT, Satang
from wallet.refusals import Refusal, kinds

FIRST: Final[Satang] = 2 * LARGEST_CHARGE
SAMPLE_SATANG: Final[Satang] = 50_00
SAMPLE_AT: Final = "2025-10-31T05:00:00+00:00"
SAMPLE_DATE: Final = "2025-10-31"
SAMPLE_SECONDS: Final = 30
FACT: Final = re.compile(r"{(\w+)}")


class RehearsalUnknown(Refusal):
    """A test key moves nothing: it is answered only for the test amounts of docs/refusals.md."""

    code: ClassVar = "rehearsal_unknown"
    status: ClassVar = 422


def amount_for(code: str) -> Satang:
    """Return the amount, in satang, for which a test key is refused with this code."""
    return FIRST + binascii.crc32(code.encode()) % (LARGEST_AMOUNT - FIRST)


def answer(*, amount: Satang | None) -> None:
    """Refuse as this amount asks for.

    :raises Refusal: the one that the amount stands for, with facts such as it has.
    :raises RehearsalUnknown: it stands for none.
    """
    kind = _by_amount().get(amount or 0)
    if kind is None:
        raise RehearsalUnknown
    refusal = kind.__new__(kind)
    Refusal.__init__(refusal, **sample_facts(kind.code))  # some kinds are made of other things than facts
    raise refusal


def sample_facts(code: str) -> dict[str, Any]:
    """Return facts for every word that the sentences of a refusal ask for."""
    named = {name for sentence in catalogue()[code] for name in FACT.findall(sentence)}
    return {name: _sample(name) for name in sorted(named)}


def _sample(name: str) -> Any:
    if name.endswith("_satang"):
        return SAMPLE_SATANG
    if name.endswith("_at"):
        return SAMPLE_AT
    if name.endswith("_date"):
        return SAMPLE_DATE
    if name.endswith("_seconds"):
        return SAMPLE_SECONDS
    return name.replace("_", " ")


def rehearsed() -> list[type[Refusal]]:
    """Return every kind of refusal that the code loaded so far can say, by code."""
    ours = (kind for kind in kinds() if kind.__module__.partition(".")[0] in (*FLOORS, "config"))
    return sorted(ours, key=lambda kind: kind.code)


@cache
def _by_amount() -> dict[Satang, type[Refusal]]:
    # Every door's code is loaded before the first request (config/wsgi.py), and with it every refusal.
    return {amount_for(kind.code): kind for kind in rehearsed()}
