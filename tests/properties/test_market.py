"""Hypothesis plays at the market and looks for an order of acts in which the service and the model disagree."""

import os
from collections.abc import Callable, Generator
from functools import partial

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test
from pytest_django import Settings

from config.loopback.stripe import API_KEY, StripeLoopback
from tests.properties.buying import Buying
from tests.properties.paying import Paying
from tests.properties.stalls import Stalls

pytestmark = pytest.mark.django_db(transaction=True)

# New games every time; a longer search is `PROPERTY_GAMES=2000 .venv/bin/python -m pytest tests/properties`.
GAMES = int(os.environ.get("PROPERTY_GAMES", "20"))
STEPS = 50


@pytest.fixture
def stripe(settings: Settings) -> Generator[StripeLoopback]:
    """Return a Stripe of our own."""
    with StripeLoopback() as loopback:
        settings.STRIPE_API_KEY, settings.STRIPE_API_BASE = API_KEY, loopback.base
        yield loopback


def play(machine: Callable[[], Stalls]) -> None:
    run_state_machine_as_test(
        machine,  # type: ignore[arg-type]  # what makes machines is as good as their class, says its docstring
        settings=hypothesis.settings(
            max_examples=GAMES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=True,
            # Shrinking to the shortest game is worth its minutes; explaining, and its tracing of every line, is not.
            phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )


def test_whatever_people_do_at_the_stalls_the_books_are_the_models(
    clean_books: Callable[[], None], stripe: StripeLoopback
) -> None:
    play(partial(Buying, clean=clean_books, stripe=stripe))


def test_whatever_the_office_and_the_bank_do_the_books_are_the_models(
    clean_books: Callable[[], None], stripe: StripeLoopback
) -> None:
    play(partial(Paying, clean=clean_books, stripe=stripe))
