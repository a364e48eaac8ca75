"""docs/refusals.md lists every code, and says what the code says."""

import re

from config.environment import ROOT
from config.problems import CODES
from wallet.management.commands import refusals
from wallet.refusals import kinds

PAGE = (ROOT / "docs" / "refusals.md").read_text(encoding="utf-8")
FLOORS = ("wallet", "subsidies", "merchants", "settlement", "config")


def test_the_page_is_what_the_code_says() -> None:
    assert refusals.page() == PAGE, "write it anew: python manage.py refusals > docs/refusals.md"


def test_every_code_is_on_the_page_once() -> None:
    refusals.page()  # loads every module, so that every refusal is known, whichever test runs first
    listed = re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE)
    ours = [kind.code for kind in kinds() if kind.__module__.split(".")[0] in FLOORS]
    assert sorted(listed) == sorted({*listed})
    assert set(ours) <= set(listed)
    assert set(listed) - set(ours) <= set(refusals.OF_THE_FRAMEWORK) | set(CODES.values())
