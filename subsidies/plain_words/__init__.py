"""A scheme document in plain Thai and English: its rules as sentences, for citizens, shops and officers."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from subsidies.documents import Document
from subsidies.plain_words import joining, settling, sharing, spending
from subsidies.plain_words.saying import Sentence

__all__ = ["SECTIONS", "Section", "Sentence", "explain", "sections"]

# What each section is called above its sentences.
SECTIONS: Final[dict[str, tuple[str, str]]] = {
    "scheme": ("โครงการ", "The scheme"),
    "joining": ("ใครได้สิทธิ", "Who can have it"),
    "grants": ("ได้เท่าไรและเมื่อไร", "How much, and when"),
    "spending": ("ใช้ได้เมื่อไรและที่ไหน", "When and where it can be used"),
    "sharing": ("รัฐจ่ายเท่าไร", "What the State pays"),
    "settling": ("หลังจากซื้อ", "After the sale"),
}


def explain(document: Document) -> list[Sentence]:
    """Return the rules of a document as sentences (section, th, en), in the order of `SECTIONS`."""
    said = [
        *joining.scheme(document),
        *joining.who(document),
        *joining.grants(document),
        *spending.when_and_where(document),
        *sharing.what_the_state_pays(document),
        *settling.after_the_sale(document),
    ]
    # A name that begins small, such as e-RUPI, stays as it is.
    return [each if each.section == "scheme" else each._replace(en=each.en[:1].upper() + each.en[1:]) for each in said]


class Section(NamedTuple):
    """Some sentences under their heading."""

    heading: Sentence
    sentences: list[Sentence]


def sections(document: Document) -> Iterator[Section]:
    """Yield the same sentences by their sections, for a page; a section without sentences is left out."""
    said = explain(document)
    for code, (thai, english) in SECTIONS.items():
        if sentences := [sentence for sentence in said if sentence.section == code]:
            yield Section(Sentence(code, thai, english), sentences)
