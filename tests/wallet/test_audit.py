"""What the house did is found by who, what, about whom and when; what shops and citizens did is not among it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import NOON, Citizen, Stage, thai_id
from tests.settlement.office import Office
from wallet import audit, inspection, people
from wallet.audit import Actor
from wallet.ids import uuid7
from wallet.inspection import CitizenUnknown, Found
from wallet.models import AuditEntry

pytestmark = pytest.mark.django_db

TOMORROW = NOON + dt.timedelta(days=1)
TIMETABLE = Actor("timetable", "merchants.audit_limits")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai")


def acts(**asked: Any) -> list[tuple[str, str]]:
    """Return who did what, newest first, without what the stage hands did to set the stage."""
    found = audit.done_by_the_house(at_most=10, **asked)
    return [(done.who, done.entry.act) for done in found if done.entry.actor_id != "tests"]


def test_it_is_found_by_who_what_about_whom_and_when(office: Office, somchai: Citizen) -> None:
    malee = uuid7()
    audit.record(actor=office.ploy.actor, act="merchant.suspend", subject_id=malee, at=NOON)
    audit.record(actor=TIMETABLE, act="rights.freeze", subject_id=somchai.id, at=NOON)
    audit.record(actor=office.anan.actor, act="rights.lift", subject_id=somchai.id, at=TOMORROW)
    audit.record(actor=Actor("cashier", str(malee)), act="poster.make", subject_id=malee, at=NOON)
    stopped, frozen, lifted = (
        ("ploy", "merchant.suspend"),
        ("merchants.audit_limits", "rights.freeze"),
        ("anan", "rights.lift"),
    )
    assert acts() == [lifted, frozen, stopped]
    assert acts(kind="officer", actor_id=office.ploy.actor.id) == [stopped]
    assert acts(kind="timetable") == [frozen]
    assert acts(act="rights.lift") == [lifted]
    assert acts(subject_id=somchai.id) == [lifted, frozen]
    assert acts(since=NOON, until=TOMORROW) == [frozen, stopped]
    assert acts(before=AuditEntry.objects.get(act="rights.freeze").id) == [stopped]


def test_a_page_of_acts_takes_two_queries_whoever_did_them(
    office: Office, django_assert_num_queries: Callable[..., Any]
) -> None:
    for actor in (office.ploy.actor, office.anan.actor, TIMETABLE):
        audit.record(actor=actor, act="rights.lift", subject_id=None, at=NOON)
        with django_assert_num_queries(2):
            audit.done_by_the_house(at_most=10)


@pytest.mark.parametrize("by", ["phone", "national_id"])
def test_who_is_looked_for_is_masked_and_the_number_is_not_kept(office: Office, somchai: Citizen, by: str) -> None:
    phone = people.profile(somchai.id).phone
    number = {"phone": phone, "national_id": thai_id(0)}[by]
    found = inspection.find(number=number, actor=office.ploy.actor, at=NOON)
    assert found == Found(somchai.id, "somchai จ***", f"••••••{phone[-4:]}")
    entry = AuditEntry.objects.get(act="person.search")
    assert (entry.actor_id, entry.subject_id, entry.facts) == (office.ploy.actor.id, somchai.id, {"by": by})


def test_looking_for_somebody_who_has_no_wallet_is_kept_too(office: Office) -> None:
    with pytest.raises(CitizenUnknown):
        inspection.find(number="0899999999", actor=office.ploy.actor, at=NOON)
    assert AuditEntry.objects.get(act="person.search").subject_id is None
