"""What the pages say, asked of their own catalogues, so that a test reads in English and runs in both languages."""

from typing import Any

from config import catalogues


def in_words(language: str, sentence: str, **facts: Any) -> str:
    """Return a sentence of the pages in a language, with its facts."""
    for floor in catalogues.FLOORS:
        message = catalogues.catalogue(floor, language).get(sentence)
        if message is not None:
            return str(message.string) % facts if facts else str(message.string)
    raise AssertionError(f"no page says {sentence!r}")
