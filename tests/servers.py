"""Starts the embedded servers of a test run, before Django reads its settings; loaded by `-p` in pyproject.toml.

The run has a PostgreSQL and a broker of its own, whatever the environment names: tests never touch a server that
somebody else may be using. With `-n`, the first process starts them and its workers share them.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from config import embedded

RUNS = pytest.StashKey[ExitStack]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start the servers and name them in the environment, which the workers inherit."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        stack = early_config.stash.setdefault(RUNS, ExitStack())
        home = stack.enter_context(TemporaryDirectory(prefix="gwallet-tests-", ignore_cleanup_errors=True))
        os.environ.update(stack.enter_context(embedded.servers(home=Path(home), durable=False)))
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them."""
    config.stash.setdefault(RUNS, ExitStack()).close()
