"""The tour is pasted, command by command, into a shell; what it says will be printed is what is printed."""

import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

from config.environment import ROOT
from tests.journeys.conftest import Demonstration, running

TOUR: Final = ROOT / "docs" / "the-tour.md"
BLOCK: Final = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL_SECONDS: Final = 120

# Between the outputs of two blocks; no command of the tour prints it.
MARK: Final = "-- the next commands --"


@pytest.fixture
def served(tmp_path: Path) -> Generator[Demonstration]:
    """Return a demonstration whose day is over and whose doors are open."""
    with running(folder=tmp_path) as demonstration:
        demonstration.wait_for("Stop with Ctrl-C")
        yield demonstration


def test_the_tour_says_what_happens(served: Demonstration) -> None:
    commands, promised = _read(TOUR)
    # The two words by which a reader's checkout differs from this test's.
    script = (
        f"\necho '{MARK}'\n".join(commands)
        .replace(".run/", f"{served.folder}/")
        .replace("python3 ", f"{sys.executable} ")
    )
    ran = subprocess.run(
        ["bash", "-s"], input=script, cwd=ROOT, capture_output=True, text=True, timeout=SHELL_SECONDS, check=False
    )
    printed = ran.stdout.split(f"{MARK}\n")
    assert len(printed) == len(commands), ran.stderr
    for command, expected, found in zip(commands, promised, printed, strict=True):
        assert re.fullmatch(_pattern(expected), found), f"{command}\nprinted:\n{found}\n{ran.stderr}"


def test_a_tour_that_promises_something_else_is_noticed(tmp_path: Path) -> None:
    tour = tmp_path / "tour.md"
    tour.write_text("```sh\necho 37.50\n```\n\n```text\n37.51\n```\n")
    (command,), (expected,) = _read(tour)
    assert command == "echo 37.50\n"
    assert not re.fullmatch(_pattern(expected), "37.50\n")


def _read(tour: Path) -> tuple[list[str], list[str]]:
    """Return each block of commands and, for each, what it is said to print: nothing, if nothing is said."""
    commands: list[str] = []
    promised: list[str] = []
    for kind, content in BLOCK.findall(tour.read_text(encoding="utf-8")):
        if kind == "sh":
            commands.append(content)
            promised.append("")
        else:
            assert promised, "the tour prints before anything is run"
            assert promised[-1] == "", f"two outputs for one command: {content}"
            promised[-1] = content
    return commands, promised


def _pattern(expected: str) -> str:
    """Return a pattern in which `<…>` stands for anything on one line."""
    return "[^\n]+".join(re.escape(part) for part in expected.split("<…>"))
