"""Every refusal that our code can give is worded in both languages, and the words stand though a fact is missing."""

import importlib
import pkgutil
import re
import string
from typing import Any

import pytest
from structlog.testing import capture_logs

from config import words
from wallet.refusals import kinds


def defined() -> list[Any]:
    """Return every kind of refusal in the house; those that tests make up are not in it."""
    for floor in words.FLOORS:
        package = importlib.import_module(floor)
        for module in pkgutil.walk_packages(package.__path__, f"{floor}."):
            importlib.import_module(module.name)
    return [kind for kind in kinds() if kind.__module__.partition(".")[0] in words.FLOORS]


def test_every_refusal_is_worded_in_thai_and_english() -> None:
    assert {kind.code for kind in defined()} - words.catalogue().keys() == set()


def test_no_two_refusals_share_a_code_and_each_is_a_polite_4xx() -> None:
    codes = [kind.code for kind in defined()]
    assert sorted(set(codes)) == sorted(codes)
    assert [kind.code for kind in defined() if not 400 <= kind.status < 500] == []


def test_both_languages_tell_the_same_facts_and_neither_is_empty() -> None:
    def told(sentence: str) -> set[str]:
        # A fact that is itself words comes in both languages: `says_th`, `says_en`.
        return {re.sub("_(th|en)$", "", name) for _, name, _, _ in string.Formatter().parse(sentence) if name}

    for code, (thai, english) in words.catalogue().items():
        assert (code, told(thai)) == (code, told(english))
        assert any("\u0e00" <= letter <= "\u0e7f" for letter in thai), code
        assert english.isascii() or "’" in english, code


def test_no_sentence_names_the_unit_of_money_again() -> None:
    again = re.compile(r"_satang\} *(บาท|baht)")
    assert [code for code, both in words.catalogue().items() if again.search(" ".join(both))] == []


@pytest.mark.parametrize(
    ("name", "value", "thai", "english"),
    [
        ("left_satang", 5_050, "50.50 บาท", "50.50 baht"),
        ("left_satang", 123_456_789, "1,234,567.89 บาท", "1,234,567.89 baht"),
        ("left_satang", -50, "-0.50 บาท", "-0.50 baht"),
        ("ends_at", "2026-12-31T16:59:59Z", "31 ธ.ค. 2569 23:59 น.", "31 Dec 2026 23:59"),
        ("ends_at", "2026-12-31T17:00:00+00:00", "1 ม.ค. 2570 00:00 น.", "1 Jan 2027 00:00"),
        ("business_date", "2026-12-31", "31 ธ.ค. 2569", "31 Dec 2026"),
        ("open_to", ["owner", "till"], "เจ้าของร้าน, เครื่องรับเงิน", "a shop's owner, a till"),
        ("role", "cashier", "แคชเชียร์", "a cashier"),
        ("wait_seconds", 8, "8", "8"),
    ],
)
def test_money_is_shown_in_baht_and_instants_in_bangkok_time(
    name: str, value: Any, thai: str, english: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(words.catalogue(), "told", (f"ก {{{name}}}", f"a {{{name}}}"))
    assert words.worded(code="told", facts={name: value}) == (f"ก {thai}", f"a {english}")


def test_a_fact_that_was_forgotten_is_our_mistake_and_not_the_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(words.catalogue(), "told", ("เหลือ {left_satang}", "{left_satang} are left"))
    with capture_logs() as logged:
        assert words.worded(code="told", facts={}) == ("เหลือ …", "… are left")
    assert [line["event"] for line in logged] == ["refusal_without_fact", "refusal_without_fact"]


def test_a_refusal_without_words_still_says_what_to_tell_our_staff() -> None:
    with capture_logs() as logged:
        thai, english = words.worded(code="not_yet_worded", facts={"left_satang": 1})
    assert "not_yet_worded" in thai
    assert english == "This cannot be done now. Please tell our staff: not_yet_worded."
    assert logged == [{"event": "refusal_without_words", "code": "not_yet_worded", "log_level": "error"}]
