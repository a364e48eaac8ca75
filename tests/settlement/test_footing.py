"""Totals that ministries have printed, added up: those that foot do, and a misprint comes to light.

The numbers, in satang, and their sources are rows 26 to 34d of the sources that the library names.
"""

import pytest

from settlement.footing import differences

MILLION_BAHT = 100_000_000  # satang


def satang(millions: str) -> int:
    """Return a printed number of million baht, to the last digit: `5249.74` is 524,974 million satang."""
    whole, _, fraction = millions.partition(".")
    return int(whole) * MILLION_BAHT + int(fraction.ljust(8, "0") or 0)


def both(state: str, own: str) -> list[dict[str, int]]:
    """Return the State's and the citizens' parts as the two parts of a price."""
    return [{"price": satang(state)}, {"price": satang(own)}]


@pytest.mark.parametrize(
    ("state", "own", "price"),
    [
        ("2684.9", "2739.8", "5424.7"),  # row 26, 31 October 2025
        ("4426.9", "4321.6", "8748.5"),  # row 27, 1 November
        ("5249.74", "5121.45", "10371.19"),  # row 28, 2 November
        ("16125.5", "15711.6", "31837.1"),  # row 29, 11 November
        ("41375.09", "42810.64", "84185.73"),  # row 31, the end
        ("95780", "99070", "194850"),  # row 34a, phase 3
        ("30340", "31490", "61830"),  # row 34b, phase 4
        ("8065", "8269", "16334"),  # row 34d, phase 4 to 8 February 2022
    ],
)
def test_the_states_and_the_citizens_parts_are_what_was_sold(state: str, own: str, price: str) -> None:
    assert differences(parts=both(state, own), total={"price": satang(price)}) == {}


def test_shops_and_delivery_are_the_same_total() -> None:
    shops, delivery = {"price": satang("31350.7")}, {"price": satang("486.4")}  # row 29
    assert differences(parts=[shops, delivery], total={"price": satang("31837.1")}) == {}


def test_the_end_foots_in_both_directions() -> None:
    shops = {"own": satang("41251.73"), "state": satang("39899.53")}  # row 31
    delivery = {"own": satang("1558.91"), "state": satang("1475.56")}
    total = {"own": satang("42810.64"), "state": satang("41375.09")}
    assert differences(parts=[shops, delivery], total=total) == {}


def test_the_misprint_of_christmas_eve_is_caught_both_ways() -> None:
    printed = {"state": satang("40692.41"), "own": satang("39382.96"), "price": satang("80075.36")}  # row 30
    parts = [
        {"state": satang("39227.11"), "own": printed["own"], "price": printed["state"]},
        {"state": satang("1465.33"), "price": printed["own"]},
    ]
    assert differences(parts=parts, total=printed) == {"state": satang("0.03"), "price": satang("0.01")}


def test_three_schemes_are_not_told_as_one() -> None:
    spent = {"welfare card": "404.5", "special": "18.08", "khon-la-khrueng-5": "209"}  # row 33
    printed = {"price": satang("631.58")}
    assert differences(parts=[{"price": satang(amount)} for amount in spent.values()], total=printed) == {}
    alone = [{"price": satang(spent["khon-la-khrueng-5"])}]
    assert differences(parts=alone, total=printed) == {"price": -satang("422.58")}


def test_classes_and_cohorts_foot_to_what_rounding_leaves() -> None:
    classes = ["17395", "7468", "1910", "14997", "741.4", "75.2"]  # row 34c, phase 4 to 26 February 2022
    cohorts = ["41974", "613.8"]
    total = {"price": satang("42588")}
    for printed, rounding in ((classes, "3.1"), (cohorts, "1.05")):  # half of the last digit of each number
        missed = differences(parts=[{"price": satang(amount)} for amount in printed], total=total)
        assert abs(missed["price"]) <= satang(rounding)


def test_what_no_part_tells_does_not_foot() -> None:
    assert differences(parts=[{"own": 1_00}], total={"own": 1_00, "state": 50}) == {"state": -50}
