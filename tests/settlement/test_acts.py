"""What is kept in the audit has words for whoever reads it there."""

import re

from config.environment import ROOT
from settlement.web.acts import ACTS

RECORDED = re.compile(r'(?:act ?= ?|_keep\(actor, |else )"([a-z_]+\.[a-z_]+)"')


def test_every_act_that_is_kept_has_words() -> None:
    floors = [ROOT / floor for floor in ("wallet", "subsidies", "merchants", "settlement")]
    sources = [file.read_text(encoding="utf-8") for floor in floors for file in floor.rglob("*.py")]
    kept = {act for source in sources for act in RECORDED.findall(source)}
    assert {"batch.approve", "person.search", "merchant.look", "appeal.reject"} <= kept
    assert kept - ACTS.keys() == set()
