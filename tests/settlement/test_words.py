"""Every no of the third floor is worded in Thai and English."""

import settlement.tasks  # noqa: F401  loads every operation, and so every refusal, of the floor
from settlement.words import REFUSALS
from wallet.refusals import kinds


def test_every_refusal_of_this_floor_has_its_words_and_no_others() -> None:
    ours = {kind.code for kind in kinds() if kind.__module__.startswith("settlement.")}
    assert set(REFUSALS) == ours
