"""Who comes to every game anew."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.cast import PLUS, Citizen, Stage, Stall


@pytest.fixture
def malee(stage: Stage) -> Stall:
    """Return Malee's stall."""
    return stage.stall("malee")


@pytest.fixture
def somchais(stage: Stage) -> Iterator[Citizen]:
    """Return Somchai anew for each order: enrolled, with 150 baht of his own."""

    def come() -> Iterator[Citizen]:
        while True:
            yield stage.citizen(f"somchai {uuid4()}", cash_satang=150_00, enrolled=PLUS)

    return come()
