"""What the finance office sees of a scheme at one look, and what of it waits for a second officer."""

import datetime as dt

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from subsidies import drafts, overview, stops
from subsidies.schemes import SchemeUnknown
from tests.cast import NOON, PLUS, PUBLISHED, Stage
from tests.properties.stalls import SMALL_HALF
from tests.settlement.office import Office
from tests.subsidies.small_half import ALL_SAINTS, CODE, next_version
from tests.subsidies.test_drafts import approve, begin, submit

pytestmark = pytest.mark.django_db

WHY = "cash for rights in three provinces"
AFTER_ALL = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


@pytest.fixture
def office(stage: Stage) -> Office:
    stage.scheme(document=SMALL_HALF, funded=1_000_00)
    return Office()


def test_a_scheme_is_ahead_in_force_and_over(office: Office) -> None:
    seen = [overview.of(code=CODE, at=at) for at in (PUBLISHED, NOON, AFTER_ALL)]
    assert [each.state for each in seen] == ["ahead", "running", "over"]
    assert [each.in_force and each.in_force.number for each in seen] == [None, 1, 1]
    assert (seen[1].totals.funded, seen[1].totals.left) == (1_000_00, 1_000_00)
    with pytest.raises(SchemeUnknown):
        overview.of(code="nothing", at=NOON)


def test_a_version_ahead_stands_beside_the_one_in_force(office: Office) -> None:
    draft = begin(office.ploy, next_version(from_=ALL_SAINTS))
    submit(draft, office.ploy)
    approve(draft, office.anan)
    one = overview.of(code=CODE, at=NOON)
    assert ([each.number for each in one.versions], one.in_force, one.rules.version) == ([2, 1], one.versions[1], 1)
    assert overview.of(code=CODE, at=ALL_SAINTS).rules.version == 2


def test_a_suspended_scheme_and_one_that_is_to_stop_wait_for_another_officer(office: Office) -> None:
    suspension = stops.suspend(code=PLUS, reason=WHY, actor=office.ploy.actor, at=NOON)
    asked = stops.ask_to_stop(code=PLUS, reason=WHY, actor=office.ploy.actor, at=NOON)
    assert overview.of(code=PLUS, at=NOON).state == "suspended"
    assert (stops.suspended(at_most=9), stops.asked_for(at_most=9)) == ([suspension], [asked])
    assert overview.of(code=PLUS, at=NOON).brakes == (suspension, asked)
    stops.stop(code=PLUS, second_factor=office.anan.code(), actor=office.anan.actor, at=NOON)
    assert overview.of(code=PLUS, at=NOON).state == "stopped"
    assert (stops.suspended(at_most=9), stops.asked_for(at_most=9)) == ([], [])
    assert overview.of(code=CODE, at=NOON).brakes == (None, None)


def test_a_draft_waits_from_its_submission_until_it_is_decided_or_changed(office: Office) -> None:
    draft = begin(office.ploy)
    assert drafts.waiting(at_most=9) == []
    first = submit(draft, office.ploy)
    assert drafts.waiting(at_most=9) == [first]
    text = draft.document
    drafts.change(draft_id=draft.id, document=text + "\n", actor=office.ploy.actor, at=NOON)
    assert drafts.waiting(at_most=9) == []
    submit(draft, office.ploy)
    # The first text again: nobody has submitted it since the second one was.
    drafts.change(draft_id=draft.id, document=text, actor=office.ploy.actor, at=NOON)
    assert drafts.waiting(at_most=9) == []
    third = submit(draft, office.ploy)
    assert drafts.waiting(at_most=9) == [third]
    drafts.reject(draft_id=draft.id, actor=office.anan.actor, reason="not yet", at=NOON)
    assert drafts.waiting(at_most=9) == []


def test_a_draft_is_called_what_it_says_as_far_as_it_is_written(office: Office) -> None:
    assert begin(office.ploy).title == "small-half 2"
    assert begin(office.ploy, 'code = "chim-shop-chai-5"').title == "chim-shop-chai-5"
    assert begin(office.ploy, "[scheme").title == ""


def test_all_schemes_are_seen_with_as_many_queries_as_one(
    stage: Stage, office: Office, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert [each.scheme.code for each in overview.all_of(at=NOON)] == [PLUS, CODE]  # and both are compiled by now
    with django_assert_num_queries(5):
        overview.of(code=CODE, at=NOON)
    with django_assert_num_queries(5):
        overview.all_of(at=NOON)
