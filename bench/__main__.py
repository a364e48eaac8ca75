"""`python -m bench`: fill embedded servers, run every measure, print the table, write bench/results.json.

QUICK=1 does a small one in minutes. It exits with 1 if any figure misses its bar.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import django

from config import embedded
from config.environment import ROOT, RUN

if TYPE_CHECKING:
    from bench.ground import Ground

HOME: Final = RUN / "bench"
RESULTS: Final = Path(__file__).with_name("results.json")


def main() -> int:
    """Have servers of our own, empty ones, whatever the environment names; measure; return the exit code."""
    shutil.rmtree(HOME, ignore_errors=True)
    with embedded.servers(home=HOME, durable=True) as addresses:
        os.environ.update(addresses)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, check=True)
        django.setup()
        return measure(quick=os.environ.get("QUICK", "0") != "0")


def measure(*, quick: bool) -> int:
    """Run every measure and return the exit code."""
    from bench import closes, machine, postings, rates, rights, sizes
    from bench.figures import Results
    from bench.filling import superuser
    from bench.ground import Ground
    from bench.nation import Nation
    from bench.village import Village

    size = sizes.QUICK if quick else sizes.FULL
    results = Results(machine.facts(), quick=quick)
    begun = time.monotonic()

    @contextmanager
    def part(name: str) -> Iterator[None]:
        began = time.monotonic()
        print(f"[{began - begun:5.0f} s] {name}", flush=True)
        yield
        results.seconds[name] = time.monotonic() - began
        results.write(RESULTS)  # so far: what goes wrong later takes nothing away

    with superuser(os.environ["DATABASE_ADMIN_URL"]) as cursor:
        with part(f"fill {size.merchants:,} merchants and {size.few:,} citizens"):
            nation = Nation(cursor, merchants=size.merchants)
            _told(nation.grow(to=size.few))
            ground = Ground(nation, results, size, HOME, machine.postmaster(os.environ["DATABASE_URL"]))
            ground.check_books()
            village = Village(nation)
        with part("postings in one process, and the peers"):
            postings.measure(ground)
        _over_http(ground, part)
        with part(f"fill {size.many:,} citizens"):
            bytes_before, before = nation.bytes(), len(nation.citizens)
            _told(nation.grow(to=size.many))
            a_citizen = (nation.bytes() - bytes_before) / (len(nation.citizens) - before)
            ground.add(
                "bytes_a_citizen", "disk for one citizen who has enrolled and topped up", a_citizen, unit="bytes"
            )
        with part("payments of a large nation"):
            large = rates.measure_many(ground, village)
        with part("days that close"):
            closes.measure(ground, per_second=large)
        with part("what the timetable does for rights"):
            rights.measure(ground)
    ground.add_soundness()
    results.seconds["all"] = time.monotonic() - begun
    results.finished = True
    results.write(RESULTS)
    print(f"\n{results.table()}\n\n{RESULTS.relative_to(ROOT)} written after {results.seconds['all']:.0f} s")
    return 0 if results.all_hold else 1


def _over_http(ground: "Ground", part: Callable[[str], AbstractContextManager[None]]) -> None:
    """Measure what is measured over HTTP while the nation is small, all of it on one server."""
    from bench import mixed, rates, waits

    each = ground.sizes.ten_schemes
    with ground.serving() as web:
        with part("the limit, and payments over HTTP"):
            rates.paid(ground, web, ground.nation)  # thrown away: connections to the database and plans are made in it
            rates.measure_top(ground, web)
        with part("refunds and holds among the payments"):
            mixed.measure(ground, web)
        with part("open loop"):
            waits.measure(ground, web)
        with part("one stall, one scheme"):
            _told(ground.nation.grow_ten(by=each))
            _told(ground.nation.grow(to=ground.nation.citizens[-1] + each))
            rates.measure_spread(ground, web)


def _told(numbers: Iterable[int]) -> None:
    for number in numbers:
        print(f"  {number:,}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
