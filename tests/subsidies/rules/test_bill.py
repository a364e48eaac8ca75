"""A share comes off the lines that it is for."""

from subsidies.rules.bill import Bill


def test_a_share_comes_off_its_lines_in_proportion_and_the_odd_satang_off_the_first():
    bill = Bill(categories=("food", "drink", "alcohol"), quantities=(1, 1, 1), unpaid=[50, 50, 80])

    bill.pay(33, [50, 50, 0])

    assert bill.unpaid == [33, 34, 80]


def test_the_odd_satang_never_comes_off_a_line_that_is_not_covered():
    bill = Bill(categories=("alcohol", "food", "drink"), quantities=(1, 1, 1), unpaid=[80, 50, 50])

    bill.pay(33, [0, 50, 50])

    assert bill.unpaid == [80, 33, 34]


def test_a_share_of_all_that_is_covered_leaves_nothing_of_it():
    bill = Bill(categories=("food", "drink"), quantities=(1, 1), unpaid=[1, 99])

    bill.pay(100, [1, 99])

    assert bill.unpaid == [0, 0]
