"""`manage.py scheme`, as an author runs it."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.subsidies.test_library import PLUS


def printed(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("scheme", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_document_that_keeps_its_examples_is_shown_line_by_line():
    told = printed("check", PLUS)

    assert "right  Row 1: a bill of 400, the first of the day: 29 Oct 12:00:00 shop 40000: state 20000" in told
    assert "54 right, 0 wrong" in told
    assert printed("check", "--quiet", PLUS).count("\n") == 2


def test_a_wrong_expectation_stops_the_author_with_what_was_found(tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(PLUS.read_text().replace("state_satang = 200_00", "state_satang = 250_00", 1))

    out = StringIO()
    with pytest.raises(CommandError) as stopped:
        call_command("scheme", "check", str(wrong), str(PLUS), stdout=out)

    assert stopped.value.returncode == 1
    assert "expected state 25000" in out.getvalue()
    assert "found    state 20000" in out.getvalue()


def test_a_document_with_mistakes_is_told_by_file_and_line(tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(PLUS.read_text().replace("rate_bp = 5_000", "rate_bp = 50_000"))

    out = StringIO()
    with pytest.raises(CommandError):
        call_command("scheme", "check", str(wrong), stdout=out)

    line = PLUS.read_text().splitlines().index("rates = [{ rate_bp = 5_000 }]") + 1
    assert f"wrong.toml:{line}:" in out.getvalue()


def test_the_schema_is_json():
    assert json.loads(printed("schema"))["title"] == "Scheme document, format 1"


def test_a_sale_is_explained_in_both_languages():
    told = printed("explain", PLUS, "--price", "50000", "--at", "2025-11-03T12:00:00+07:00")
    assert "price 500.00  State 200.00  citizen 300.00" in told
    assert "50% of 500.00 is 250.00.\n" in told

    told = printed("explain", PLUS, "--price", "50000", "--at", "2025-11-03T23:00:00+07:00")
    assert "You can use it from 04 Nov 2025 06:00, or pay for this with your own money." in told


def test_a_document_is_explained_rule_by_rule():
    told = printed("explain", PLUS)

    assert "What the State pays · รัฐจ่ายเท่าไร" in told
    assert "  The State pays 50% of the price.\n  รัฐจ่าย 50% ของราคา\n" in told


def test_two_documents_are_compared(tmp_path):
    new = tmp_path / "new.toml"
    new.write_text(PLUS.read_text().replace("limit_satang = 200_00", "limit_satang = 150_00"))

    told = printed("diff", PLUS, new)

    assert "was  The State pays at most 200 baht a day" in told
    assert "now  The State pays at most 150 baht a day" in told
    assert told.endswith("caps[day].limit_satang: 20000 -> 15000\n")


def test_a_price_without_its_hour_and_a_file_with_mistakes_are_told(tmp_path):
    with pytest.raises(CommandError, match="--at beside --price"):
        printed("explain", PLUS, "--price", "50000")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("format = 2\n")
    with pytest.raises(CommandError, match=r"wrong.toml\nline 1: format"):
        printed("explain", wrong)
