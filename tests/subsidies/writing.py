"""Documents that nobody wrote: hypothesis makes the sections that decide a sale, in all combinations allowed."""

from datetime import time
from typing import Any

from hypothesis import strategies as st

from subsidies.compiled import Scheme
from tests.subsidies.trying import HALF_EACH, bangkok, scheme

GOODS = ["food", "general", "alcohol"]
# Hypothesis likes small numbers, under which a document refuses nearly everything; these are of the size of a sale.
RATES = st.sampled_from([1_000, 3_333, 5_000, 7_777, 10_000])
LIMITS = st.one_of(st.sampled_from([50_00, 99_99, 150_00, 200_00]), st.integers(min_value=0, max_value=400_00))
TOPS = st.one_of(st.sampled_from([1, 50_00, 99_99, 150_00, 200_00]), st.integers(min_value=1, max_value=400_00))
PERIODS = ["day", "week", "month", "quarter", "scheme"]


def funding() -> st.SearchStrategy[dict[str, Any]]:
    """Return [funding] sections of every shape that pays at the till."""
    rates = st.lists(RATES, min_size=1, max_size=2).map(
        lambda rates: {
            "rates": [{"rate_bp": rate, "when": [{"fact": "at.day", "is": "holiday"}]} for rate in rates[1:]]
            + [{"rate_bp": rates[0]}]
        }
    )
    rising = st.lists(TOPS, min_size=1, max_size=3, unique_by=lambda top: top // 4).map(sorted)
    bands = rising.flatmap(
        lambda tops: st.tuples(*(RATES for _ in tops)).map(
            lambda rates: {
                "bands": [{"up_to_satang": top, "rate_bp": rate} for top, rate in zip(tops, rates, strict=True)]
            }
        )
    )
    steps = rising.flatmap(
        lambda sums: st.tuples(*(LIMITS for _ in sums)).map(
            lambda pays: {
                "steps": [
                    {"at_least_satang": least, "pays_satang": paid} for least, paid in zip(sums, pays, strict=True)
                ]
            }
        )
    )
    more = st.fixed_dictionaries(
        {"combines": st.booleans(), "own_at_least_satang": st.sampled_from([0, 0, 20_00])},
        optional={
            "at_least_satang": st.sampled_from([1_00, 60_00]),
            "at_most_satang": st.sampled_from([315_00, 2_000_00]),
            "notes": notes(),
            "pays_back": st.just(PAYS_BACK),
        },
    )
    return st.builds(_merged, st.one_of(rates, bands, steps), more)


PAYS_BACK = {"on_days": [15, 31], "at": time(10)}


def notes() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return kinds of notes."""
    note = st.fixed_dictionaries(
        {"value_satang": st.sampled_from([2_00, 5_00, 50_00]), "count": st.sampled_from([1, 3, 40])},
        optional={"at_least_satang": st.sampled_from([0, 60_00])},
    )
    return st.lists(note, min_size=1, max_size=3).map(
        lambda rows: [{**row, "code": f"note-{number}"} for number, row in enumerate(rows)]
    )


def _merged(shape: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    if "notes" in more:
        more = {key: value for key, value in more.items() if key != "pays_back"}
    return {**shape, **more}


def caps(at_least: int = 0) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return any caps, any number at once."""
    money = st.fixed_dictionaries(
        {
            "counts": st.sampled_from(["state", "state", "spend"]),
            "per": st.sampled_from(["sale", *PERIODS]),
            "limit_satang": LIMITS,
        },
        optional={"resets": st.sampled_from([time(0), time(6)])},
    )
    number = st.fixed_dictionaries(
        {
            "counts": st.sampled_from(["payments", "quantity"]),
            "per": st.sampled_from(PERIODS),
            "limit": st.integers(1, 6),
        }
    )
    return st.lists(st.one_of(money, money, number), min_size=at_least, max_size=5).map(
        lambda rows: [{**row, "code": f"cap-{number}"} for number, row in enumerate(rows)]
    )


def earnings() -> st.SearchStrategy[dict[str, Any]]:
    """Return [earning] sections."""
    spend = HALF_EACH["spend"]
    return st.fixed_dictionaries(
        {
            "starts_at": st.just(spend["starts_at"]),
            "ends_at": st.sampled_from([spend["ends_at"], bangkok(12, 10)]),
            "per": st.sampled_from(["sale", "month", "scheme"]),
            "bands": st.just([{"up_to_satang": 300_00, "rate_bp": 1_000}, {"rate_bp": 1_500}]),
            "at_most_satang": st.sampled_from([30_00, 500_00]),
            "wait_days": st.just(1),
        },
        optional={"caps": st.just([{"code": "counted", "per": "day", "limit_satang": 200_00}])},
    )


def versions() -> st.SearchStrategy[tuple[Scheme, Scheme]]:
    """Return two versions of one document: other rates, the same limits."""
    rates = st.lists(RATES, min_size=2, max_size=2)
    limits = st.one_of(st.sampled_from([50_00, 99_99, 150_00]), st.integers(1, 300_00))
    money = st.fixed_dictionaries(
        {
            "counts": st.sampled_from(["state", "state", "spend"]),
            "per": st.sampled_from(PERIODS),
            "limit_satang": limits,
        },
        optional={"resets": st.sampled_from([time(0), time(6), time(13)])},
    )
    often = st.fixed_dictionaries(
        {"counts": st.just("payments"), "per": st.sampled_from(PERIODS), "limit": st.integers(1, 6)}
    )
    rows = st.lists(st.one_of(money, money, often), min_size=1, max_size=4)
    return st.builds(
        lambda rates, rows: (_version(rates[0], rows), _version(rates[1], rows)),
        rates,
        rows,
    )


def _version(rate_bp: int, rows: list[dict[str, Any]]) -> Scheme:
    limits = [{**row, "code": f"cap-{number}"} for number, row in enumerate(rows)]
    return scheme(funding={"rates": [{"rate_bp": rate_bp}]}, caps=limits)


def documents() -> st.SearchStrategy[Scheme]:
    """Return compiled documents of every shape."""
    sections = st.fixed_dictionaries(
        {
            "funding": funding(),
            "caps": caps(),
            "rounding": st.fixed_dictionaries(
                {"unit_satang": st.sampled_from([1, 25, 1_00]), "mode": st.sampled_from(["down", "up", "half_up"])}
            ),
            "shortage": st.fixed_dictionaries({"right": st.sampled_from(["partial", "refuse"])}),
        },
        optional={
            "goods": st.sampled_from([[{"deny": ["alcohol"]}], [{"allow": ["food"]}]]),
            "earning": earnings(),
        },
    )
    return sections.map(lambda chosen: scheme(**chosen))
