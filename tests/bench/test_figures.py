"""A figure says whether it reached its bar, and a run is told in numbers that can be read again."""

import json
from pathlib import Path

import pytest

from bench.figures import Figure, Results, is_on, rounded
from bench.load import Ran


@pytest.mark.parametrize(
    ("value", "bar", "holds"),
    [(0.12, "≥ 0.12", True), (0.11996, "≥ 0.12", False), (6.0, "≤ 6", True), (6.001, "≤ 6", False), (0, "≤ 0", True)],
)
def test_a_bar_is_held_exactly_and_not_after_rounding(value: float, bar: str, *, holds: bool) -> None:
    assert is_on(value, bar) is holds


def test_a_bar_that_cannot_be_read_is_no_bar() -> None:
    with pytest.raises(ValueError, match="no bar"):
        is_on(1.0, "about 1")


def test_numbers_keep_four_digits() -> None:
    assert [rounded(value) for value in (0.123456, 1234.56, 1_000_000.0, 7, "x")] == [0.1235, 1235, 1_000_000, 7, "x"]


def test_the_results_say_of_every_bar_whether_it_holds_and_fail_if_one_does_not(tmp_path: Path) -> None:
    results = Results({"cores": 2}, quick=True)
    results.add(
        Figure(name="fast", says="faster", value=2.0, rates={"ours_per_second": 10.0}, bar="≥ 1.5", stretch="≥ 2.5")
    )
    results.add(Figure(name="seen", says="only shown", value=815.44, unit="/s"))
    all_held = results.all_hold
    results.add(Figure(name="slow", says="too slow", value=7.0, unit="ms", bar="≤ 6"))
    assert (all_held, results.all_hold) == (True, False)
    results.write(tmp_path / "results.json")
    written = json.loads((tmp_path / "results.json").read_text())
    assert written["machine"] == {"cores": 2}
    assert written["fast"] == {
        "value": 2,
        "unit": "",
        "says": "faster",
        "rates": {"ours_per_second": 10},
        "bar": "≥ 1.5",
        "holds": True,
        "stretch": "≥ 2.5",
        "reaches_stretch": False,
    }
    assert written["seen"] == {"value": 815.4, "unit": "/s", "says": "only shown", "rates": {}}
    assert written["slow"]["holds"] is False


def test_a_wait_is_what_that_part_of_all_payers_did_not_exceed() -> None:
    ran = Ran(seconds=10, waits=[n / 1_000 for n in range(1, 1_001)], failed={}, dropped=0, unsent=5, cpu={})
    assert (ran.per_second, ran.wait(0.5), ran.wait(0.99), ran.wait(1.0)) == (100, 0.501, 0.991, 1.0)
