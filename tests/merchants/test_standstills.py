"""A scheme that officers suspend or stop pays nothing; people go on buying with their own money."""

import datetime as dt

import pytest

from merchants import audits, scans
from merchants.charges import payload
from subsidies import enrolment, rights, stops
from subsidies.models import Enrolment
from subsidies.rules.windows import SchemeStopped, SchemeSuspended
from tests.cast import NOON, OPENING, PLUS, Citizen, Stage, Stall, ask, buy, confirm, terms_for
from tests.properties.stalls import SMALL_HALF
from tests.settlement.office import Office
from tests.subsidies.small_half import CODE

pytestmark = pytest.mark.django_db

WHY = "cash for rights in three provinces"
LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def suspend(office: Office, code: str = PLUS) -> None:
    stops.suspend(code=code, reason=WHY, actor=office.ploy.actor, at=NOON)


def restore(office: Office) -> None:
    stops.restore(code=PLUS, reason="all is well", second_factor=office.anan.code(), actor=office.anan.actor, at=LATER)


def stop(office: Office) -> None:
    stops.ask_to_stop(code=PLUS, reason=WHY, actor=office.ploy.actor, at=NOON)
    stops.stop(code=PLUS, second_factor=office.anan.code(), actor=office.anan.actor, at=NOON)


def test_a_suspended_scheme_says_so_and_own_money_goes_on(
    stage: Stage, office: Office, somchai: Citizen, malee: Stall
) -> None:
    shown = terms_for(somchai, ask(malee, 100_00))
    suspend(office)
    with pytest.raises(SchemeSuspended) as refused:
        confirm(somchai, shown)
    assert refused.value.facts == {"suspended_at": NOON.astimezone(dt.UTC).isoformat(), "scheme": PLUS, "others": []}
    confirm(somchai, terms_for(somchai, ask(malee, 100_00), schemes_chosen=()))
    assert stage.books() == {"cash:somchai": 400_00, "purse:somchai": 2_000_00, "payable:malee": 100_00}


def test_the_offer_shows_why_and_the_price_without_the_scheme(office: Office, somchai: Citizen, malee: Stall) -> None:
    suspend(office)
    charge = ask(malee, 100_00)
    offer = scans.scan(citizen_id=somchai.id, payload=payload(charge), schemes=None, at=NOON)
    assert (offer.split, offer.refusal and offer.refusal.code, offer.price) == (None, "scheme_suspended", 100_00)


def test_after_another_officer_restored_it_the_right_is_as_it_was(
    office: Office, somchai: Citizen, malee: Stall
) -> None:
    suspend(office)
    restore(office)
    assert buy(somchai, malee, 100_00, at=LATER).state_share == 50_00


def test_nobody_enrols_in_a_scheme_that_is_suspended_or_stopped(stage: Stage, office: Office) -> None:
    nok = stage.citizen("nok")
    for act, refusal in ((suspend, SchemeSuspended), (restore, None), (stop, SchemeStopped)):
        act(office)
        if refusal is not None:
            with pytest.raises(refusal):
                enrolment.enrol(citizen_id=nok.id, code=PLUS, key="enrol", at=LATER)
    assert not Enrolment.objects.exists()


def test_the_home_screen_says_since_when_and_that_nothing_is_lost(office: Office, somchai: Citizen) -> None:
    suspend(office)
    (right,) = rights.home(citizen_id=somchai.id, at=LATER).rights
    assert (right.suspended_at, right.left.today, right.left.in_all) == (NOON, 0, 2_000_00)


def test_a_stopped_scheme_is_over_for_everybody_from_then_on(office: Office, somchai: Citizen, malee: Stall) -> None:
    assert buy(somchai, malee, 100_00, at=NOON - dt.timedelta(minutes=1)).state_share == 50_00
    stop(office)
    with pytest.raises(SchemeStopped):
        buy(somchai, malee, 100_00)
    (right,) = rights.home(citizen_id=somchai.id, at=LATER).rights
    assert (right.stopped_at, right.left.today, right.left.in_all) == (NOON, 0, 0)


def test_another_scheme_pays_while_one_is_suspended_and_the_audit_knows(
    stage: Stage, office: Office, somchai: Citizen, malee: Stall
) -> None:
    stage.scheme(document=SMALL_HALF)
    enrolment.enrol(citizen_id=somchai.id, code=CODE, key="small", at=OPENING + dt.timedelta(hours=1))
    suspend(office)
    payment = buy(somchai, malee, 100_00)
    assert payment.state_share == 50_00
    assert {reason["code"] for reason in payment.reasons} == {"rate_of_price", "scheme_suspended"}
    restore(office)
    assert list(audits.of_people([somchai.id])) == []
