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

pytestmark = pytest.mark.django_db(transaction=True)

# `make test` plays the same games every time, so that it tells of the change that was made; a longer search, with
# new games each time, is `PROPERTY_GAMES=2000 .venv/bin/python -m pytest tests/properties`.
GAMES = int(os.environ.get("PROPERTY_GAMES", "25"))
LONG = "PROPERTY_GAMES" in os.environ


@pytest.fixture
def stripe(settings: Settings) -> Generator[StripeLoopback]:
    """Return a Stripe of our own."""
    with StripeLoopback() as loopback:
        settings.STRIPE_API_KEY, settings.STRIPE_API_BASE = API_KEY, loopback.base
        yield loopback


def play(machine: Callable[[], Buying]) -> None:
    run_state_machine_as_test(
        machine,
        settings=hypothesis.settings(
            max_examples=GAMES,
            stateful_step_count=40,
            deadline=None,
            derandomize=not LONG,
            database=None,
            print_blob=True,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )


def test_whatever_people_do_at_the_stalls_the_books_are_the_models(
    clean_books: Callable[[], None], stripe: StripeLoopback
) -> None:
    play(partial(Buying, clean=clean_books, stripe=stripe))
