"""A ministry publishes a document: only one that keeps its own examples, only the next version, and only ahead."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from subsidies import publishing, schemes
from subsidies.documents import DocumentInvalid
from subsidies.models import Scheme, SchemeVersion
from subsidies.publishing import (
    LEAD,
    ExamplesFail,
    PlacesLeftBehind,
    TakesEffectTooEarly,
    VersionNotNext,
)
from tests.cast import NOON, PLUS, PLUS_FILE, PUBLISHED, STAGE_HAND, Stage
from tests.subsidies.small_half import ALL_SAINTS, CODE, MORE_GENEROUS, next_version
from wallet.ids import uuid7

pytestmark = pytest.mark.django_db

TEXT = PLUS_FILE.read_text(encoding="utf-8")
SECOND = TEXT.replace("version = 1\n", "version = 2\n", 1).replace(
    "effective_at = 2025-10-20T06:00:00", "effective_at = 2025-11-01T00:00:00"
)


def publish(document: str, *, at: dt.datetime = PUBLISHED) -> SchemeVersion:
    return publishing.publish(document=document, actor=STAGE_HAND, at=at)


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
        publish(SECOND.replace("version = 2\n", "version = 3\n", 1))


def test_a_version_holds_from_its_instant_and_the_one_before_until_then(stage: Stage) -> None:
    first, second = schemes.in_force(code=PLUS, at=NOON), publish(SECOND, at=NOON)
    assert schemes.in_force(code=PLUS, at=ALL_SAINTS - dt.timedelta(microseconds=1)) == first
    assert schemes.in_force(code=PLUS, at=ALL_SAINTS) == second
    assert [schemes.compiled(version.id).version for version in (first, second)] == [1, 2]
    assert schemes.ids_in_force(scheme_ids=[first.scheme_id], at=ALL_SAINTS) == {first.scheme_id: second.id}


def test_nothing_takes_effect_in_the_past_or_at_once(stage: Stage) -> None:
    for at in (ALL_SAINTS, ALL_SAINTS - LEAD + dt.timedelta(seconds=1)):
        with pytest.raises(TakesEffectTooEarly) as refused:
            publish(SECOND, at=at)
        assert refused.value.facts["earliest_at"] == (at + LEAD).isoformat()
    assert publish(SECOND, at=ALL_SAINTS - LEAD).number == 2


def test_a_version_does_not_take_effect_before_the_one_before_it(stage: Stage) -> None:
    publish(SECOND)
    with pytest.raises(TakesEffectTooEarly):
        publish(SECOND.replace("version = 2\n", "version = 3\n", 1))


def test_a_refused_document_leaves_no_scheme_behind() -> None:
    with pytest.raises(TakesEffectTooEarly):
        publish(TEXT, at=NOON)
    assert not Scheme.objects.exists()


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({'code = "all"\nname': 'code = "everybody"\nname'}, {"tiers": ["all"], "names": "all"}),
        ({"resets = 06:00:00\n": ""}, {"caps": ["day"], "names": "day"}),
        ({'per = "day"': 'per = "week"'}, {"caps": ["day"], "names": "day"}),
        (
            {"rates = [{": 'rates = [{ rate_bp = 6_000, when = [{ fact = "person.province", is = "ตาก" }] }, {'},
            {"facts": ["person.province"], "names": "person.province"},
        ),
    ],
)
def test_nobody_who_holds_a_place_is_left_without_rules(
    stage: Stage, changes: dict[str, str], missing: dict[str, Any]
) -> None:
    stage.scheme(document=next_version(from_=NOON - dt.timedelta(days=9), number=1))
    with pytest.raises(PlacesLeftBehind) as refused:
        publish(next_version(from_=ALL_SAINTS, saying=changes), at=NOON)
    assert refused.value.facts == {"scheme": CODE, **missing}


def test_rates_and_limits_may_change_and_a_limit_may_go(stage: Stage) -> None:
    stage.scheme(document=next_version(from_=NOON - dt.timedelta(days=9), number=1))
    assert publish(next_version(from_=ALL_SAINTS, saying=MORE_GENEROUS), at=NOON).number == 2


def test_the_database_keeps_versions_apart_too(stage: Stage) -> None:
    first = schemes.in_force(code=PLUS, at=NOON)
    for effective_at, constraint in (
        (first.effective_at, "one_version_from_each_instant"),
        (PUBLISHED, "version_is_published_before_it_holds"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            SchemeVersion.objects.create(
                id=uuid7(),
                scheme=first.scheme,
                number=2,
                document="",
                digest=b"",
                effective_at=effective_at,
                published_at=PUBLISHED,
                published_by="nobody",
            )
