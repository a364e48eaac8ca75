"""Charts: the highest column fills the picture, and nothing reaches beyond it."""

from settlement.web import charts
from settlement.web.charts import Bar, Pair


def test_the_highest_column_fills_the_picture_and_none_is_higher() -> None:
    drawn = charts.columns([Pair(50_00, 50_00, "12:00"), Pair(50_00, 0, "13:00")])
    assert [(column.low_height, column.high_height, column.high_y) for column in drawn] == [(95, 95, 0), (95, 0, 95)]
    assert drawn[1].x + drawn[1].width <= charts.WIDTH


def test_where_nothing_was_sold_every_column_is_flat() -> None:
    drawn = charts.columns([Pair(0, 0, "")] * 24)
    assert {column.low_height + column.high_height for column in drawn} == {0}
    assert charts.columns([]) == []


def test_a_bar_says_how_much_is_spent_and_never_leaves_its_place() -> None:
    assert charts.bar(part=50_00, mark=25_00, whole=100_00) == Bar(part=500, mark=250)
    assert charts.bar(part=150_00, mark=0, whole=100_00) == Bar(part=1_000, mark=0)
    assert charts.bar(part=0, mark=0, whole=0) == Bar(part=0, mark=0)
