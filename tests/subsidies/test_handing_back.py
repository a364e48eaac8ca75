"""What is left of a scheme goes back to the Treasury once all of it is over, and two officers agree to the sum."""

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from subsidies import budgets, funding, handing_back, stops
from subsidies.handing_back import (
    HandBackAskedAlready,
    HandBackChanged,
    HandBackNotAsked,
    NothingToHandBack,
    RightsNotOver,
    SchemeNotOver,
)
from subsidies.models import HandBack, Scheme
from subsidies.schemes import SchemeUnknown
from subsidies.stops import SecondOfficerNeeded
from tests.cast import STAGE_HAND, Stage
from tests.races.at_once import at_once
from tests.settlement.office import FinanceOfficer, Office
from tests.subsidies.programmes import HALF_EACH, buy, half_each, join, run, thai
from wallet import ledger
from wallet.accounts import TREASURY, fund
from wallet.ids import uuid7
from wallet.keys import KeyReused
from wallet.models import AuditEntry
from wallet.officers import NotAnOfficer
from wallet.second_factors import SecondFactorWrong

pytestmark = pytest.mark.django_db

GRANT = """
[[grants]]
code = "all"
amount_satang = 1_000_00
"""
CODE, OVER, WHY = "half-each", thai(2026, 2, 1), "the programme is over"
FUNDED = 5_000_00


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def scheme(stage: Stage) -> Scheme:
    """Half each for five, and nobody has come."""
    document = "\n".join([HALF_EACH.replace("places = 1_000", "places = 5"), GRANT])
    return stage.scheme(document=document, funded=FUNDED)


def ask(by: FinanceOfficer, *, key: str = "ask", at: dt.datetime = OVER) -> HandBack:
    return handing_back.ask(code=CODE, reason=WHY, actor=by.actor, key=key, at=at)


def agree(by: FinanceOfficer, *, code: str | None = None, key: str = "agree", at: dt.datetime = OVER) -> HandBack:
    return handing_back.agree(code=CODE, second_factor=code or by.code(), actor=by.actor, key=key, at=at)


def refuse(by: FinanceOfficer, *, key: str = "no") -> HandBack:
    return handing_back.refuse(code=CODE, reason="not yet", actor=by.actor, key=key, at=OVER)


def test_what_is_left_goes_back_once_every_right_has_ended(stage: Stage, office: Office) -> None:
    scheme = half_each(stage, GRANT)
    somchai = stage.citizen("somchai", cash_satang=1_000_00)
    join(stage, somchai, CODE, at=thai(2025, 10, 20))
    buy(somchai, stage.stall("malee"), 100_00, at=thai(2025, 11, 1))
    with pytest.raises(SchemeNotOver):
        ask(office.ploy, at=thai(2026, 1, 31))
    with pytest.raises(RightsNotOver) as no:
        ask(office.ploy)
    assert no.value.facts == {"scheme": CODE, "rights": 1}
    run(OVER)
    left, treasury = ledger.balance(fund(scheme.id)), ledger.balance(TREASURY)
    assert ask(office.ploy).amount == left == 500_000_000_000_00 - 50_00
    assert ledger.balance(fund(scheme.id)) == left, "nobody has agreed to it"
    assert agree(office.anan).handed_back_at == OVER
    assert (ledger.balance(fund(scheme.id)), ledger.balance(TREASURY)) == (0, treasury + left)
    found = budgets.totals()[scheme.id]
    assert (found.funded, found.committed, found.left, found.spent) == (50_00, 50_00, 0, 50_00)
    acts = AuditEntry.objects.filter(subject_id=scheme.id, act__contains="hand_back").order_by("id")
    assert [(entry.act, entry.actor_id) for entry in acts] == [
        ("scheme.ask_to_hand_back", str(office.ploy.officer.id)),
        ("scheme.hand_back", str(office.anan.officer.id)),
    ]
    with pytest.raises(NothingToHandBack):
        ask(office.ploy, key="more")


def test_who_asked_cannot_agree(scheme: Scheme, office: Office) -> None:
    ask(office.ploy)
    with pytest.raises(SecondOfficerNeeded):
        agree(office.ploy)
    with pytest.raises(IntegrityError), transaction.atomic():
        HandBack.objects.update(decided_by=office.ploy.officer, handed_back_at=OVER)
    assert ledger.balance(fund(scheme.id)) == FUNDED


@pytest.mark.usefixtures("scheme")
def test_lost_answers_are_asked_for_again(office: Office) -> None:
    assert {ask(office.ploy).id for _ in range(2)} == {agree(office.anan).id for _ in range(2)}
    with pytest.raises(KeyReused):
        handing_back.refuse(code=CODE, reason="not yet", actor=office.anan.actor, key="agree", at=OVER)


@pytest.mark.usefixtures("scheme")
def test_it_is_asked_for_once_and_again_when_it_was_refused(office: Office) -> None:
    with pytest.raises(HandBackNotAsked):
        agree(office.anan)
    with pytest.raises(HandBackNotAsked):
        refuse(office.anan)
    ask(office.ploy)
    with pytest.raises(HandBackAskedAlready):
        ask(office.anan)
    for _ in range(2):  # the answer was lost, and asked for again
        assert refuse(office.anan).refused_at == OVER
    ask(office.ploy, key="again")
    refuse(office.ploy, key="taken back")
    assert HandBack.objects.filter(refused_at=OVER).count() == 2


def test_officers_agree_to_a_sum_and_to_no_other(scheme: Scheme, office: Office) -> None:
    ask(office.ploy)
    funding.remit(amount=1_00, cause=uuid7(), actor=STAGE_HAND, at=OVER)
    funding.allot(scheme=scheme, amount=1_00, cause=uuid7(), actor=STAGE_HAND, at=OVER)
    with pytest.raises(HandBackChanged) as no:
        agree(office.anan)
    assert no.value.facts == {"asked_satang": FUNDED, "left_satang": FUNDED + 1_00}
    refuse(office.anan)
    assert ask(office.ploy, key="again").amount == FUNDED + 1_00
    agree(office.anan)
    assert ledger.balance(fund(scheme.id)) == 0


def test_a_scheme_that_was_stopped_is_over_too(scheme: Scheme, office: Office) -> None:
    at = thai(2025, 12, 1)
    stops.ask_to_stop(code=CODE, reason=WHY, actor=office.ploy.actor, at=at)
    stops.stop(code=CODE, second_factor=office.anan.code(), actor=office.anan.actor, at=at)
    ask(office.ploy, at=at)
    agree(office.anan, at=at)
    assert ledger.balance(fund(scheme.id)) == 0


@pytest.mark.usefixtures("scheme")
def test_only_officers_hand_back_and_only_of_a_scheme(office: Office) -> None:
    with pytest.raises(NotAnOfficer):
        handing_back.ask(code=CODE, reason=WHY, actor=STAGE_HAND, key="ask", at=OVER)
    with pytest.raises(SchemeUnknown):
        handing_back.ask(code="no-such-scheme", reason=WHY, actor=office.ploy.actor, key="ask", at=OVER)


@pytest.mark.django_db(transaction=True)
def test_a_wrong_code_is_counted_though_nothing_moves(scheme: Scheme, office: Office) -> None:
    ask(office.ploy)
    with pytest.raises(SecondFactorWrong):
        agree(office.anan, code=f"{(int(office.anan.code()) + 1) % 1_000_000:06d}")
    office.anan.device.refresh_from_db()
    assert (office.anan.device.throttling_failure_count, ledger.balance(fund(scheme.id))) == (1, FUNDED)


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_hand_it_back_once(scheme: Scheme, office: Office) -> None:
    ask(office.ploy)
    code = office.anan.code()
    outcomes = at_once([partial(agree, office.anan, code=code)] * 2)
    assert [outcome.id for outcome in outcomes] == [HandBack.objects.get().id] * 2
    assert ledger.balance(fund(scheme.id)) == 0
