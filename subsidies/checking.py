"""Everything that keeps a document from being published, told at once."""

import datetime as dt
from dataclasses import dataclass

from subsidies import examples, publishing
from subsidies.documents import Document, DocumentInvalid, Mistake, read
from subsidies.examples import Answer
from wallet.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Checked:
    """What is right and wrong with a document.

    :ivar mistakes: where it breaks the format; then nothing more can be said.
    :ivar document: what it says; None while there are mistakes.
    :ivar answers: what its rules answer to its own examples, right and wrong.
    :ivar refusal: why it could not be published now; None if it could.
    """

    mistakes: tuple[Mistake, ...]
    document: Document | None
    answers: tuple[Answer, ...]
    refusal: Refusal | None


def check(*, document: str, at: dt.datetime) -> Checked:
    """Return what is right and wrong with a document, were it published now."""
    try:
        found = read(document)
    except DocumentInvalid as invalid:
        return Checked(invalid.mistakes, None, (), invalid)
    # Read and asked once, because officers look at long drafts: so not by `must_be_publishable`, which does both anew.
    answers = tuple(examples.run(found))
    try:
        publishing.must_be_right(answers=answers)
        publishing.must_follow(read=found, at=at)
    except Refusal as refusal:
        return Checked((), found, answers, refusal)
    return Checked((), found, answers, None)
