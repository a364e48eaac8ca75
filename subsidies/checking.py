"""Everything that keeps a document from being published, told at once."""

import datetime as dt
from dataclasses import dataclass

from subsidies import examples, publishing
from subsidies.documents import DocumentInvalid, Mistake, read
from subsidies.examples import Answer
from wallet.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Checked:
    """What is right and wrong with a document.

    :ivar mistakes: where it breaks the format; then nothing more can be said.
    :ivar answers: what its rules answer to its own examples, right and wrong.
    :ivar refusal: why it could not be published now; None if it could.
    """

    mistakes: tuple[Mistake, ...]
    answers: tuple[Answer, ...]
    refusal: Refusal | None


def check(*, document: str, at: dt.datetime) -> Checked:
    """Return what is right and wrong with a document, were it published now."""
    try:
        answers = tuple(examples.run(read(document)))
    except DocumentInvalid as invalid:
        return Checked(invalid.mistakes, (), invalid)
    try:
        publishing.must_be_publishable(document=document, at=at)
    except Refusal as refusal:
        return Checked((), answers, refusal)
    return Checked((), answers, None)
