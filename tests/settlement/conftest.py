"""A market after its day, and the finance office that pays it out."""

import pytest

from tests.cast import PLUS, Citizen, Stage, Stall
from tests.settlement.office import Bank, Office


@pytest.fixture
def office() -> Office:
    """Return Ploy and Anan."""
    return Office()


@pytest.fixture
def bank() -> Bank:
    """Return our bank."""
    return Bank()


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    """Return Somchai: enrolled, with 1,000 baht of his own."""
    return stage.citizen("somchai", cash_satang=1_000_00, enrolled=PLUS)


@pytest.fixture
def nok(stage: Stage) -> Citizen:
    """Return Nok: not enrolled, with 1,000 baht of her own."""
    return stage.citizen("nok", cash_satang=1_000_00)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    """Return Malee's stall."""
    return stage.stall("malee")


@pytest.fixture
def prasert(stage: Stage) -> Stall:
    """Return Prasert's stall."""
    return stage.stall("prasert")
