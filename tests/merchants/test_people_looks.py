"""An officer looks at Somchai: why is kept first, and what is shown is his."""

import pytest

from merchants import people_looks
from subsidies import freezing
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, buy
from tests.settlement.office import Office
from wallet.audit import Actor
from wallet.ids import uuid7
from wallet.inspection import CitizenUnknown, ReasonTooShort
from wallet.models import AuditEntry
from wallet.officers import NotAnOfficer
from wallet.refusals import Refusal

pytestmark = pytest.mark.django_db

REASON = "ticket 4711: a payment is missing"


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def test_what_is_shown_is_his_and_who_looked_before_is_part_of_it(
    office: Office, stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    payment = buy(somchai, malee, 100_00)
    buy(stage.citizen("nok", cash_satang=100_00, enrolled=PLUS), malee, 20_00)
    freezing.freeze(citizen_id=somchai.id, reason="two towns", actor=office.anan.actor, at=NOON)
    found = people_looks.dossier(citizen_id=somchai.id, reason=REASON, actor=office.ploy.actor, at=NOON)
    assert found.profile.name == "somchai ใจดี"
    assert found.home.cash == 450_00
    assert [right.scheme.code for right in found.home.rights] == [PLUS]
    assert [receipt.payment.id for receipt in found.receipts] == [payment.id]
    assert [freeze.reason for freeze in found.freezes] == ["two towns"]
    assert [(done.who, done.entry.act) for done in found.looks] == [("ploy", "person.look"), ("anan", "rights.freeze")]


def test_nothing_is_shown_without_a_reason_without_a_row_or_to_others(office: Office, somchai: Citizen) -> None:
    ploy = office.ploy.actor
    refusals: list[tuple[type[Refusal], Actor, str, object]] = [
        (ReasonTooShort, ploy, "because", somchai.id),
        (CitizenUnknown, ploy, REASON, uuid7()),
        (NotAnOfficer, Actor("staff", str(uuid7())), REASON, somchai.id),
    ]
    for refusal, actor, reason, citizen_id in refusals:
        with pytest.raises(refusal):
            people_looks.dossier(citizen_id=citizen_id, reason=reason, actor=actor, at=NOON)  # type: ignore[arg-type]
    assert not AuditEntry.objects.filter(act="person.look").exists()
