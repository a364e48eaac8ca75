"""Ploy pulls the brake alone; letting go of it, or stopping for good, takes Anan too."""

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from subsidies import stops
from subsidies.models import Scheme, Stop, Suspension
from subsidies.rules.windows import SchemeStopped
from subsidies.schemes import SchemeUnknown
from subsidies.stops import GoesOn, SecondOfficerNeeded, StopAskedAlready, StopNotAsked, SuspendedAlready
from tests.cast import NOON, PLUS, STAGE_HAND, Stage
from tests.races.at_once import at_once
from tests.settlement.office import Office
from wallet.ids import uuid7
from wallet.models import AuditEntry
from wallet.officers import NotAnOfficer
from wallet.second_factors import SecondFactorWrong

pytestmark = pytest.mark.django_db

WHY = "cash for rights in three provinces"
LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office()


def suspend(office: Office) -> Suspension:
    return stops.suspend(code=PLUS, reason=WHY, actor=office.ploy.actor, at=NOON)


def ask_to_stop(office: Office) -> Stop:
    return stops.ask_to_stop(code=PLUS, reason=WHY, actor=office.ploy.actor, at=NOON)


def test_ploy_suspends_at_once_and_anan_restores_it(office: Office) -> None:
    suspend(office)
    stops.restore(code=PLUS, reason="found", second_factor=office.anan.code(), actor=office.anan.actor, at=LATER)
    suspension = Suspension.objects.get()
    assert (suspension.officer, suspension.reason, suspension.at) == (office.ploy.officer, WHY, NOON)
    assert (suspension.lifted_by, suspension.lifted_why, suspension.lifted_at) == (office.anan.officer, "found", LATER)
    acts = AuditEntry.objects.filter(act__in=["scheme.suspend", "scheme.restore"]).order_by("id")
    assert [(entry.act, entry.actor_id) for entry in acts] == [
        ("scheme.suspend", str(office.ploy.officer.id)),
        ("scheme.restore", str(office.anan.officer.id)),
    ]


def test_ploy_cannot_restore_what_she_suspended(office: Office) -> None:
    suspend(office)
    with pytest.raises(SecondOfficerNeeded):
        stops.restore(code=PLUS, reason="found", second_factor=office.ploy.code(), actor=office.ploy.actor, at=LATER)


def test_a_scheme_is_suspended_once_and_restored_only_then(office: Office) -> None:
    with pytest.raises(GoesOn):
        stops.restore(code=PLUS, reason="found", second_factor=office.anan.code(), actor=office.anan.actor, at=NOON)
    suspend(office)
    with pytest.raises(SuspendedAlready):
        suspend(office)
    with pytest.raises(SchemeUnknown):
        stops.suspend(code="no-such-scheme", reason=WHY, actor=office.ploy.actor, at=NOON)


def test_the_same_key_suspends_once(office: Office) -> None:
    first, again = (
        stops.suspend(code=PLUS, reason=WHY, actor=office.ploy.actor, at=NOON, key="brake") for _ in range(2)
    )
    assert (first.id, Suspension.objects.count()) == (again.id, 1)


def test_the_same_key_restores_once_and_refuses_once(office: Office) -> None:
    suspend(office)
    by_anan = partial(stops.restore, code=PLUS, reason="found", actor=office.anan.actor, at=LATER, key="go")
    assert {by_anan(second_factor=office.anan.code()).id for _ in range(2)} == {Suspension.objects.get().id}
    ask_to_stop(office)
    refuse = partial(stops.refuse_to_stop, code=PLUS, reason="not proven", actor=office.anan.actor, at=LATER, key="no")
    assert {refuse().id for _ in range(2)} == {Stop.objects.get().id}


def test_stopping_takes_both_and_is_for_good(office: Office) -> None:
    with pytest.raises(StopNotAsked):
        stops.stop(code=PLUS, second_factor=office.anan.code(), actor=office.anan.actor, at=NOON)
    ask_to_stop(office)
    with pytest.raises(StopAskedAlready):
        ask_to_stop(office)
    assert stops.standstills(scheme_ids=[Scheme.objects.get().id], at=LATER) == {}
    with pytest.raises(SecondOfficerNeeded):
        stops.stop(code=PLUS, second_factor=office.ploy.code(), actor=office.ploy.actor, at=LATER)
    for _ in range(2):  # the answer was lost, and asked for again
        stops.stop(
            code=PLUS, second_factor=office.anan.code(), actor=office.anan.actor, at=LATER, key="an end with terror"
        )
    for act in (partial(suspend, office), partial(ask_to_stop, office)):
        with pytest.raises(SchemeStopped):
            act()


def test_a_stop_that_was_refused_may_be_asked_for_again(office: Office) -> None:
    ask_to_stop(office)
    stops.refuse_to_stop(code=PLUS, reason="not proven", actor=office.anan.actor, at=LATER)
    with pytest.raises(StopNotAsked):
        stops.stop(code=PLUS, second_factor=office.anan.code(), actor=office.anan.actor, at=LATER)
    ask_to_stop(office)
    assert Stop.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_wrong_code_is_counted_though_nothing_else_happens(office: Office) -> None:
    suspend(office)
    wrong = f"{(int(office.anan.code()) + 1) % 1_000_000:06d}"
    with pytest.raises(SecondFactorWrong):
        stops.restore(code=PLUS, reason="found", second_factor=wrong, actor=office.anan.actor, at=LATER)
    office.anan.device.refresh_from_db()
    assert (office.anan.device.throttling_failure_count, Suspension.objects.get().lifted_at) == (1, None)


def test_only_officers_decide(office: Office) -> None:
    with pytest.raises(NotAnOfficer):
        stops.suspend(code=PLUS, reason=WHY, actor=STAGE_HAND, at=NOON)
    with pytest.raises(NotAnOfficer):
        stops.ask_to_stop(code=PLUS, reason=WHY, actor=STAGE_HAND, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_both_officers_at_once_suspend_it_once(office: Office) -> None:
    acts = [
        partial(stops.suspend, code=PLUS, reason=WHY, actor=officer.actor, at=NOON)
        for officer in (office.ploy, office.anan)
    ]
    assert sorted(type(outcome).__name__ for outcome in at_once(acts)) == ["SuspendedAlready", "Suspension"]


@pytest.mark.django_db(transaction=True)
def test_a_stop_and_its_refusal_at_once_end_one_way(office: Office) -> None:
    ask_to_stop(office)
    code = office.anan.code()
    stopped, refused = at_once(
        [
            partial(stops.stop, code=PLUS, second_factor=code, actor=office.anan.actor, at=LATER),
            partial(stops.refuse_to_stop, code=PLUS, reason="no", actor=office.ploy.actor, at=LATER),
        ]
    )
    row = Stop.objects.get()
    assert (row.stopped_at is None) is not (row.refused_at is None)
    assert isinstance(stopped if row.stopped_at else refused, Stop)
    assert isinstance(refused if row.stopped_at else stopped, SchemeStopped | StopNotAsked)


def test_the_database_compares_the_officers_and_keeps_what_ended(office: Office) -> None:
    suspension, stop = suspend(office), ask_to_stop(office)
    ploy = office.ploy.officer.id
    for statement, constraint in (
        (f"UPDATE subsidies_suspension SET lifted_at = now(), lifted_by_id = '{ploy}'", "who_suspends_never_restores"),
        ("UPDATE subsidies_suspension SET lifted_at = now()", "who_suspends_never_restores"),
        (f"UPDATE subsidies_stop SET stopped_at = now(), decided_by_id = '{ploy}'", "who_asks_never_stops"),
        ("UPDATE subsidies_stop SET stopped_at = now()", "who_asks_never_stops"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    for again, constraint in (
        (Suspension(id=uuid7(), scheme=suspension.scheme, officer=suspension.officer, at=NOON), "suspended_once"),
        (Stop(id=uuid7(), scheme=stop.scheme, officer=stop.officer, asked_at=NOON), "stopped_once"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            again.save(force_insert=True)
    stops.refuse_to_stop(code=PLUS, reason="no", actor=office.anan.actor, at=LATER)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Stop.objects.update(reason="another")
