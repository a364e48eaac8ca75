"""`python -m config.demo [--once]`: play the market day, then go on serving (or stop, with `--once`)."""

import argparse
import fcntl
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

import django

from config import embedded
from config.demo import house
from config.demo.line import Surprise
from config.demo.parts import PartDied
from config.environment import RUN
from config.servers import ServerDied


def main() -> None:
    """Play the day on empty books of its own. Exit code 1 and one sentence, should anything go otherwise."""
    arguments = argparse.ArgumentParser(prog="python -m config.demo", description=__doc__)
    arguments.add_argument("--once", action="store_true", help="stop after the day")
    arguments.add_argument("--folder", type=Path, default=RUN, help="where servers, logs and bank files live")
    asked = arguments.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    asked.folder.mkdir(parents=True, exist_ok=True)
    with (asked.folder / "demo").open("ab") as alone:
        try:
            fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"A demonstration is running in {asked.folder} already.")
        try:
            _run(asked.folder.resolve(), once=asked.once, began=time.monotonic())
        except (Surprise, PartDied, ServerDied) as stopped:
            sys.exit(f"\nThe demonstration stopped. {stopped}")
        except KeyboardInterrupt:
            print("\nStopped.")


def _run(folder: Path, *, once: bool, began: float) -> None:
    print("Starting PostgreSQL, Valkey and every part of the service.", flush=True)
    # The environment's own DATABASE_URL and BROKER_URL are never touched: the demonstration has servers of its own.
    with embedded.servers(home=folder) as servers:
        addresses = house.fresh_database(servers)
        tables = house.begin_tables(folder=folder, addresses=addresses)
        files = house.begin_files(folder=folder)
        with house.standing(folder=folder, addresses=addresses, tables=tables, files=files) as parts:
            os.environ.update(parts.environment)
            django.setup()
            from config.demo import day, visitors  # only now: what they import holds models, which want settings

            market = day.play(parts, began=began)
            if not once:
                visitors.welcome(market, parts)
                visitors.serve(parts)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # we are about to stop in order; asked twice is not asked to hurry
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
