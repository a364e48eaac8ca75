"""A ministry publishes a document: only one that keeps its own examples, and only the next version."""

import pytest

from subsidies import schemes
from subsidies.documents import DocumentInvalid
from subsidies.schemes import ExamplesFail, VersionNotNext
from tests.cast import PLUS, PLUS_FILE, PUBLISHED, STAGE_HAND, Stage

pytestmark = pytest.mark.django_db

TEXT = PLUS_FILE.read_text(encoding="utf-8")


def publish(document: str) -> None:
    schemes.publish(document=document, actor=STAGE_HAND, at=PUBLISHED)


def test_a_document_whose_examples_fail_is_not_published() -> None:
    # The State pays sixty of a hundred; every example still expects fifty.
    with pytest.raises(ExamplesFail):
        publish(TEXT.replace("rate_bp = 5_000", "rate_bp = 6_000"))


def test_a_document_that_breaks_the_format_is_not_published() -> None:
    with pytest.raises(DocumentInvalid):
        publish(TEXT.replace("rate_bp = 5_000", 'rate_bp = "half"'))


def test_the_same_version_is_not_published_twice_nor_one_left_out(stage: Stage) -> None:
    with pytest.raises(VersionNotNext) as again:
        publish(TEXT)
    assert again.value.facts == {"version": 1, "next_version": 2}
    with pytest.raises(VersionNotNext):
        publish(TEXT.replace("version = 1\n", "version = 3\n", 1))


def test_a_payment_and_an_enrolment_keep_the_version_that_they_were_made_under(stage: Stage) -> None:
    first = schemes.in_force(code=PLUS, at=PUBLISHED.replace(day=25))
    publish(TEXT.replace("version = 1\n", "version = 2\n", 1))
    assert schemes.in_force(code=PLUS, at=PUBLISHED.replace(day=25)).number == 2
    assert schemes.compiled(first.id).version == 1
