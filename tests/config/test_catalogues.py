"""Every sentence of the pages is in both catalogues, and nobody has forgotten a translation."""

import re
from collections import defaultdict

import pytest

from config import catalogues
from config.catalogues import FLOORS, LANGUAGES
from config.environment import ROOT

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
# What a template holds beside words: what Django does, HTML's own tags, entities, and figures.
NOT_WORDS = re.compile(
    r"{% block look %}.*?{% endblock %}"
    r"|{%\s*(?:blocktranslate|comment).*?end(?:blocktranslate|comment)\s*%}|{%.*?%}|{{.*?}}"
    r"|<[^>]*>|&\w+;",
    re.DOTALL,
)
# Django's admin, which few ever see, speaks English around what Django translates itself.
OPERATORS = {"admin", "operators"}
# Names are the same in every language.
NAMES = re.compile(r"G-Wallet|English|ไทย|PIN|OK|QR|API|JSON")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("floor", FLOORS)
def test_every_sentence_has_its_words_and_nothing_is_left_over(floor: str, language: str) -> None:
    said = catalogues.said_on(floor)
    catalogue = catalogues.catalogue(floor, language)
    written = {message.id for message in catalogue if message.id}
    assert said - written == set(), "make words, then translate"
    assert written - said == set(), "nobody says this any more: make words"
    for message in catalogue:
        if message.id:
            forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
            assert all(forms), f"not translated: {message.id}"
            assert not message.fuzzy, f"fuzzy: {message.id}"


@pytest.mark.parametrize("floor", FLOORS)
def test_thai_is_thai_and_says_the_same_facts(floor: str) -> None:
    for message in catalogues.catalogue(floor, "th"):
        if message.id:
            one = message.id if isinstance(message.id, str) else message.id[1]
            thai = str(message.string if isinstance(message.string, str) else (message.string or [""])[0])
            assert set(PLACEHOLDER.findall(one)) == set(PLACEHOLDER.findall(thai)), one
            assert re.search("[\u0e00-\u0e7f]", thai) or NAMES.sub("", thai).strip(" .,:%") == "", one


def test_the_same_sentence_is_the_same_in_thai_on_every_floor() -> None:
    translations = defaultdict(set)
    for floor in FLOORS:
        for message in catalogues.catalogue(floor, "th"):
            if message.id:
                translations[message.id, message.context].add(str(message.string))
    assert {one: many for one, many in translations.items() if len(many) > 1} == {}


def test_no_word_of_a_page_stands_outside_the_catalogues() -> None:
    outside = {}
    for floor in FLOORS:
        for file in sorted((ROOT / floor / "templates").rglob("*.html")):
            if OPERATORS & set(file.parts):
                continue
            rest = NAMES.sub("", NOT_WORDS.sub(" ", file.read_text(encoding="utf-8")))
            if words := re.findall(r"[A-Za-z]{2,}|[\u0e01-\u0e5b]{2,}", rest):
                outside[str(file.relative_to(ROOT))] = words
    assert outside == {}
