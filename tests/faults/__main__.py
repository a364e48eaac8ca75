"""`make faults`, or `python -m tests.faults [--rounds N] [--seed S]`: kill, restart, compare books and promises."""

import argparse
import contextlib
import json
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import NoReturn

import django

from config import embedded
from config.demo import house
from config.demo.parts import PartDied
from config.environment import RUN
from config.servers import ServerDied
from tests.faults import wire


def main() -> None:
    """Play the rounds. Exit code 1 if anything was lost, doubled, at fault or unfinished."""
    arguments = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    arguments.add_argument("--rounds", type=int, default=20)
    arguments.add_argument("--seed", default="", help="of an earlier run, to kill in the same order")
    arguments.add_argument("--folder", type=Path, help="where servers, notebooks and logs live, and stay")
    asked = arguments.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    RUN.mkdir(exist_ok=True)
    # On the disk of the checkout, not in memory: what is to be proven is what a disk keeps.
    folder = asked.folder.resolve() if asked.folder else Path(tempfile.mkdtemp(prefix="faults-", dir=RUN))
    verdict = 1
    try:
        verdict = play(folder, rounds=asked.rounds, seed=asked.seed or secrets.token_hex(4))
    except (PartDied, ServerDied, TimeoutError) as stopped:
        print(f"The service did not come back. {stopped}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
    finally:
        if verdict == 0 and asked.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
        elif verdict:
            print(f"What everybody was told, and all logs, are in {folder}.", file=sys.stderr)
    sys.exit(verdict)


def play(folder: Path, *, rounds: int, seed: str) -> int:
    """Start everything, play, and return the exit code."""
    with contextlib.ExitStack() as stack:
        servers = stack.enter_context(embedded.servers(home=folder))
        addresses = house.fresh_database(servers)
        tables = house.begin_tables(folder=folder, addresses=addresses)
        standing = stack.enter_context(house.standing(folder=folder, addresses=addresses, tables=tables))
        os.environ.update(standing.environment)
        django.setup()
        from tests.faults import rounds as game  # only now: what it imports holds models, which want settings

        line = stack.enter_context(wire.laid(standing.web_address))
        figures = game.play(standing, line, rounds=rounds, chance=random.Random(seed), seed=seed)
    print(json.dumps(figures))
    return int(any(list(figures.values())[2:]))


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
