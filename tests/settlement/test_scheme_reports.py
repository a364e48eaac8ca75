"""What officers read of a scheme: the same totals whichever way they are cut, and what the ledger says."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest

from settlement import days, report_cells, scheme_reports, seals, slices
from settlement.models import ReportCell
from settlement.printed_reports import as_csv, as_table
from settlement.report_cells import NothingToCount
from settlement.scheme_reports import GROUPS, Figures, NoSuchDays, Report, ReportTooLarge
from subsidies import enrolment
from subsidies.schemes import SchemeUnknown
from tests.cast import NOON, OPENING, PLUS, Citizen, Stage, Stall, ask, buy, confirm, terms_for
from tests.properties.stalls import SMALL_HALF
from tests.races.at_once import at_once
from tests.settlement.market import FRIDAY, MIDNIGHT, TWO
from tests.subsidies.small_half import CODE, changed
from wallet.models import Channel

pytestmark = pytest.mark.django_db

SATURDAY = FRIDAY + dt.timedelta(days=1)
SATURDAYS_NOON = NOON + dt.timedelta(days=1)
AGAIN = changed({'code = "small-half"\nf': 'code = "small-half-again"\nf'})


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def prasert(stage: Stage) -> Stall:
    return stage.stall("prasert", **{"class": "general", "province": "เชียงใหม่"})


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    stage.scheme(document=SMALL_HALF)
    return stage.citizen("somchai", cash_satang=1_000_00, enrolled=CODE)


@pytest.fixture
def a_friday(stage: Stage, somchai: Citizen, malee: Stall, prasert: Stall) -> None:
    """Somchai buys food, and something by delivery; a neighbour of his buys at Prasert's."""
    buy(somchai, malee, 100_00)
    delivered = ask(prasert, 99_01, channel=Channel.DELIVERY)
    confirm(somchai, terms_for(somchai, delivered))
    buy(stage.citizen("a neighbour", cash_satang=500_00, enrolled=CODE), prasert, 20_00)


def rows(report: Report) -> dict[str, tuple[int, int, int, int]]:
    """Return (payments, State's part, own part, granted) by the words of each row."""
    return {
        " ".join(words): (figures.payments, figures.state, figures.own, figures.granted)
        for words, figures in report.rows
    }


def of(by: str, **asked: Any) -> Report:
    return scheme_reports.of(code=CODE, by=by, **asked)


WHOLE = Figures(payments=3, state=109_50, own=109_51, granted=1_000_00)


def close(*, at: dt.datetime = MIDNIGHT) -> None:
    days.close(at=at)


@pytest.mark.usefixtures("a_friday")
@pytest.mark.parametrize("counted", [False, True])
def test_each_way_to_cut_it_shows_its_own_rows(counted: bool) -> None:  # noqa: FBT001  a parameter of the test
    if counted:
        close()
        report_cells.count_next(at=MIDNIGHT)
    assert rows(of("cohort")) == {"all new": (3, 109_50, 109_51, 1_000_00)}
    assert rows(of("class")) == {
        "": (0, 0, 0, 1_000_00),
        "food": (1, 50_00, 50_00, 0),
        "general": (2, 59_50, 59_51, 0),
    }
    assert rows(of("province")) == {
        "": (0, 0, 0, 1_000_00),
        "กรุงเทพมหานคร": (1, 50_00, 50_00, 0),
        "เชียงใหม่": (2, 59_50, 59_51, 0),
    }
    assert rows(of("channel")) == {
        "": (0, 0, 0, 1_000_00),
        "shop": (2, 60_00, 60_00, 0),
        "delivery": (1, 49_50, 49_51, 0),
    }
    assert rows(of("day")) == {"2025-10-31": (3, 109_50, 109_51, 1_000_00)}
    assert rows(of("person_province")) == {"": (3, 109_50, 109_51, 1_000_00)}


@pytest.mark.usefixtures("a_friday")
def test_every_report_has_the_same_total_and_it_is_the_ledgers(stage: Stage) -> None:
    for by in GROUPS:
        report = of(by)
        assert (report.total, report.funded, report.returned, report.differences) == (WHOLE, 10_000_000_00, 0, {})
    purses = {name: amount for name, amount in stage.books().items() if name.startswith("purse:")}
    assert WHOLE.left == sum(purses.values()) == 890_50
    assert (WHOLE.price, WHOLE.state <= WHOLE.own) == (219_01, True)


@pytest.mark.usefixtures("a_friday")
def test_a_scheme_is_told_by_itself(stage: Stage) -> None:
    stage.citizen("nok", enrolled=PLUS)
    assert of("cohort").total == WHOLE
    assert scheme_reports.of(code=PLUS, by="cohort").total == Figures(granted=2_000_00)
    with pytest.raises(SchemeUnknown):
        scheme_reports.of(code="no-such-scheme", by="cohort")


@pytest.mark.usefixtures("a_friday")
def test_days_that_were_counted_and_the_open_one_are_one_report(somchai: Citizen, malee: Stall) -> None:
    close()
    report_cells.count_next(at=MIDNIGHT)
    buy(somchai, malee, 10_00, at=SATURDAYS_NOON)
    report = of("day")
    assert rows(report) == {"2025-10-31": (3, 109_50, 109_51, 1_000_00), "2025-11-01": (1, 5_00, 5_00, 0)}
    assert (report.since, report.until, report.counted_until, report.differences) == (FRIDAY, SATURDAY, FRIDAY, {})
    assert rows(of("day", since=SATURDAY)) == {"2025-11-01": (1, 5_00, 5_00, 0)}
    assert of("class", until=FRIDAY).total == WHOLE
    with pytest.raises(NoSuchDays):
        of("day", since=SATURDAY, until=FRIDAY)


@pytest.mark.usefixtures("a_friday")
def test_a_sealed_day_foots_with_its_totals(stage: Stage) -> None:
    close()
    slices.write(business_date=FRIDAY, at=MIDNIGHT)
    seals.seal_next(at=MIDNIGHT)
    report_cells.count_next(at=MIDNIGHT)
    assert of("channel").differences == {}


@pytest.mark.breaks_the_books
@pytest.mark.django_db(transaction=True)
def test_a_report_that_misses_the_ledger_says_so(a_friday: None, break_books: Callable[..., None]) -> None:
    close()
    report_cells.count_next(at=MIDNIGHT)
    break_books("UPDATE settlement_reportcell SET granted = granted - 1 WHERE granted > 0")
    report = of("cohort")
    assert report.differences == {"fund_out": -1}
    assert "DOES NOT FOOT: fund_out differs by -0.01" in as_table(report)


def test_whoever_held_a_place_in_an_earlier_phase_is_renewed(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    stage.scheme(document=AGAIN)
    enrolment.enrol(citizen_id=somchai.id, code="small-half-again", key="again", at=OPENING + dt.timedelta(hours=1))
    stage.citizen("a neighbour", enrolled="small-half-again")
    report = scheme_reports.of(code="small-half-again", by="cohort")
    assert rows(report) == {"all new": (0, 0, 0, 500_00), "all renewed": (0, 0, 0, 500_00)}


def test_the_own_part_of_a_sale_that_two_schemes_share_is_told_once(stage: Stage, malee: Stall) -> None:
    combines = {"[funding]\n": "[funding]\ncombines = true\n"}
    stage.scheme(document=changed(combines))
    stage.scheme(document=changed(combines | {'code = "small-half"\nf': 'code = "small-half-again"\nf'}))
    somchai = stage.citizen("somchai", cash_satang=100_00, enrolled=CODE)
    enrolment.enrol(citizen_id=somchai.id, code="small-half-again", key="again", at=OPENING + dt.timedelta(hours=1))
    buy(somchai, malee, 100_00)
    told = [scheme_reports.of(code=code, by="channel").total for code in (CODE, "small-half-again")]
    assert [(total.state, total.own) for total in told] == [(50_00, 25_00), (25_00, 0)]


@pytest.mark.usefixtures("a_friday")
def test_a_day_is_counted_once_after_it_closed() -> None:
    with pytest.raises(NothingToCount):
        report_cells.count_next(at=NOON)
    close()
    assert report_cells.count_next(at=MIDNIGHT) == FRIDAY
    with pytest.raises(NothingToCount):
        report_cells.count_next(at=TWO)
    assert report_cells.uncounted() == [SATURDAY]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_count_a_day_once(a_friday: None) -> None:
    close()
    first, second = at_once([lambda: report_cells.count_next(at=MIDNIGHT)] * 2)
    assert sorted([type(first), type(second)], key=str) == sorted([dt.date, NothingToCount], key=str)
    assert ReportCell.objects.count() == 4


@pytest.mark.usefixtures("a_friday")
def test_a_report_that_takes_too_long_says_until_when_it_can_be_had() -> None:
    close()
    report_cells.count_next(at=MIDNIGHT)
    with pytest.raises(ReportTooLarge) as refused:
        of("class", patience_seconds=0.001)
    assert refused.value.facts == {"seconds": 0.001, "until": "2025-10-31"}


@pytest.mark.usefixtures("a_friday")
def test_a_file_for_a_spreadsheet_has_every_row_and_the_total() -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(of("class")))))
    assert [(line["shop_class"], line["payments"], line["state_satang"], line["left_satang"]) for line in lines] == [
        ("", "0", "0", "100000"),
        ("food", "1", "5000", "-5000"),
        ("general", "2", "5950", "-5950"),
        ("total", "3", "10950", "89050"),
    ]


def test_a_shops_own_word_is_no_formula(stage: Stage, somchai: Citizen) -> None:
    buy(somchai, stage.stall("malee", **{"class": "=HYPERLINK(1)"}), 100_00)
    assert "\n'=HYPERLINK(1),1," in as_csv(of("class")).replace("\r", "")


@pytest.mark.usefixtures("a_friday")
def test_a_table_for_a_terminal_is_in_baht() -> None:
    table = as_table(of("channel")).splitlines()
    assert table[0].split() == ["channel", "payments", "price", "state", "own", "granted", "left"]
    assert table[-2].split() == ["total", "3", "219.01", "109.50", "109.51", "1,000.00", "890.50"]
    assert table[-1] == "2025-10-31 to 2025-10-31; funded 10,000,000.00, returned 0.00"
