"""The market day of `make run ONCE=1`, from empty books to the last line; and its end by force."""

import fcntl
import json
import signal
from decimal import Decimal
from pathlib import Path

from lxml import etree

from tests.journeys.conftest import running


def test_a_market_day_balances_to_the_satang(tmp_path: Path) -> None:
    with running(folder=tmp_path, words=("--once",)) as day:
        assert day.end() == 0, day.told
        day.leaves_nobody()
    totals = json.loads(day.told.splitlines()[-1])
    assert totals["payments"] >= 200
    assert totals["refused"] >= 10
    assert totals["state_satang"] + totals["citizen_satang"] == totals["price_satang"]
    where_it_is = totals["paid_out_satang"] + totals["carried_forward_satang"] + totals["refunded_satang"]
    assert where_it_is == totals["price_satang"]
    assert totals["paid_out_satang"] > 0
    assert totals["carried_forward_satang"] > 0, "one payout came back, and delivery is due on the third day"
    assert totals["discrepancies"] >= 1
    assert totals["faults"] == 0
    assert totals["memory_mb"] < 800
    assert totals["bank_file"] == totals["bank_files"][-1]
    # What was confirmed is what the files asked for, less the one payout that came back.
    asked = [amount for file in totals["bank_files"] for amount in _amounts(Path(file))]
    assert len(asked) == totals["payouts"]
    assert sum(asked) - totals["paid_out_satang"] in asked


def test_a_demonstration_that_is_killed_leaves_nothing_running(tmp_path: Path) -> None:
    with running(folder=tmp_path) as day:
        day.wait_for("is open")
        assert len(day.family()) >= 12
        day.end(signal.SIGKILL)
        day.leaves_nobody()


def test_a_second_demonstration_in_the_same_folder_is_told_so(tmp_path: Path) -> None:
    with (tmp_path / "demo").open("ab") as the_first_ones:
        fcntl.flock(the_first_ones, fcntl.LOCK_EX)
        with running(folder=tmp_path) as second:
            assert second.end() == 1
            assert second.told == f"A demonstration is running in {tmp_path} already.\n"


def _amounts(file: Path) -> list[int]:
    """Return what each transfer of a pain.001 asks for, in satang."""
    return [int(Decimal(str(amount.text)) * 100) for amount in etree.parse(file).iterfind(".//{*}InstdAmt")]
