"""Nok is refused, asks for another look, and an officer decides."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from subsidies import appeals, enrolment
from subsidies.appeals import AppealDecided, AppealNotTaken, AppealOpen, AppealUnknown, NothingToAppeal, Told
from subsidies.enrolment import AlreadyEnrolled
from subsidies.models import Appeal
from subsidies.rules.eligibility import NotEligible
from tests.cast import NOON, OPENING, PLUS, PLUS_FILE, Citizen, Stage, thai_id
from tests.settlement.office import Office
from tests.subsidies.test_lists import in_force
from wallet.audit import Actor
from wallet.ids import uuid7
from wallet.keys import KeyReused
from wallet.models import AuditEntry
from wallet.officers import NotAnOfficer

pytestmark = pytest.mark.django_db

CARD = "state-welfare-card"
ABROAD = """
[[eligibility]]
code = "lives_here"
fact = "person.lists"
has_none_of = ["moved-abroad"]
says = { th = "สำหรับผู้อยู่ในประเทศ", en = "This is for people who live here." }
appeal = { th = "แจ้งเราหากท่านกลับมาแล้ว", en = "Tell us if you have come back." }
appeal_until = 2025-10-25T00:00:00+07:00

[quota]
"""
# คนละครึ่ง พลัส that knows holders of the card, and those who moved away, by lists.
BY_LISTS = (
    PLUS_FILE.read_text(encoding="utf-8")
    .replace('fact = "person.enrolled_in"\nhas_none_of', 'fact = "person.lists"\nhas_none_of')
    .replace(f'person = {{ enrolled_in = ["{CARD}"] }}', f'person = {{ lists = ["{CARD}"] }}')
    .replace("[quota]\n", ABROAD.lstrip())
)
TOO_LATE = dt.datetime.fromisoformat("2025-10-25T00:00:00+07:00")
HER_WORDS = "บัตรของฉันถูกยกเลิกแล้ว\nตั้งแต่ปีที่แล้ว"


@pytest.fixture
def market() -> Stage:
    stage = Stage()
    stage.open_books()
    stage.scheme(document=BY_LISTS, funded=100_000_000_000_00)
    return stage


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def nok(market: Stage, office: Office) -> Citizen:
    """Return Nok, who is on the list of card holders."""
    market.people = 7
    nok = market.citizen("nok")
    in_force(office, thai_id(7).encode(), code=CARD)
    return nok


def ask(someone: Citizen, *, key: str = "k1", statement: str = HER_WORDS, at: dt.datetime = OPENING) -> Told:
    return appeals.ask(citizen_id=someone.id, code=PLUS, statement=statement, key=key, at=at)


def decide(office: Office, told: Told, *, granted: bool, at: dt.datetime = OPENING) -> Told:
    return appeals.decide(
        appeal_id=told.appeal.id, actor=office.anan.actor, granted=granted, reason="as the registry says", at=at
    )


def enrol(someone: Citizen, *, at: dt.datetime = OPENING) -> int:
    return enrolment.enrol(citizen_id=someone.id, code=PLUS, key="enrol", at=at).granted


def refused(someone: Citizen, *, at: dt.datetime = OPENING) -> dict[str, object]:
    with pytest.raises(NotEligible) as no:
        enrol(someone, at=at)
    return {name: no.value.facts[name] for name in ("rule", "rules", "appeal", "appeal_until_at")}


def test_a_no_says_which_rule_and_whether_and_until_when_to_appeal(nok: Citizen, office: Office) -> None:
    assert refused(nok) == {
        "rule": "no_welfare_card",
        "rules": ["no_welfare_card"],
        "appeal": True,
        "appeal_until_at": None,
    }
    decide(office, ask(nok), granted=True)
    in_force(office, thai_id(7).encode(), code="moved-abroad")
    until = "2025-10-25T00:00:00+07:00"
    assert refused(nok) == {"rule": "lives_here", "rules": ["lives_here"], "appeal": True, "appeal_until_at": until}
    assert refused(nok, at=TOO_LATE.replace(hour=12))["appeal"] is False


def test_whose_appeal_is_granted_enrols_in_spite_of_that_rule(market: Stage, nok: Citizen, office: Office) -> None:
    asked = ask(nok)
    assert (asked.appeal.rule, asked.statement, asked.decision) == ("no_welfare_card", HER_WORDS, None)
    refused(nok)

    told = decide(office, asked, granted=True)

    assert told.decision is not None
    assert (told.decision.granted, told.decision.reason, told.decision.officer_id) == (
        True,
        "as the registry says",
        office.anan.officer.id,
    )
    assert enrol(nok) == 2_000_00
    acts = AuditEntry.objects.filter(subject_id=asked.appeal.id).values_list("act", "facts")
    assert list(acts) == [("appeal.grant", {"rule": "no_welfare_card", "reason": "as the registry says"})]


def test_an_appeal_lifts_one_rule_and_no_other(nok: Citizen, office: Office) -> None:
    in_force(office, thai_id(7).encode(), code="moved-abroad")
    assert refused(nok)["rules"] == ["no_welfare_card", "lives_here"]

    decide(office, ask(nok), granted=True)
    assert refused(nok)["rules"] == ["lives_here"]

    second = ask(nok, key="k2")
    assert (second.appeal.rule, second.appeal.number) == ("lives_here", 2)
    decide(office, second, granted=True)
    assert enrol(nok) == 2_000_00


def test_an_appeal_is_hers_alone(market: Stage, nok: Citizen, office: Office) -> None:
    decide(office, ask(nok), granted=True)
    somchai = market.citizen("somchai")
    in_force(office, thai_id(8).encode(), code=CARD)

    assert refused(somchai)["rule"] == "no_welfare_card"


def test_a_rejected_appeal_says_why_and_the_rule_stands(nok: Citizen, office: Office) -> None:
    decide(office, ask(nok), granted=False)

    refused(nok)
    (told,) = appeals.of_citizen(citizen_id=nok.id, at_most=5)
    assert told.decision is not None
    assert (told.decision.granted, told.decision.reason) == (False, "as the registry says")
    assert ask(nok, key="k2").appeal.number == 2


def test_one_appeal_at_a_time_waits(nok: Citizen, office: Office) -> None:
    first = ask(nok)

    with pytest.raises(AppealOpen) as waiting:
        ask(nok, key="k2")
    assert waiting.value.facts == {"rule": "no_welfare_card", "asked_at": OPENING.astimezone(dt.UTC).isoformat()}
    assert ask(nok).appeal.id == first.appeal.id
    with pytest.raises(KeyReused):
        ask(nok, statement="something else")
    with pytest.raises(IntegrityError, match="one_open_appeal_per_scheme"), transaction.atomic():
        Appeal.objects.create(
            citizen_id=nok.id,
            scheme_id=first.appeal.scheme_id,
            number=1,
            rule="lives_here",
            version_id=first.appeal.version_id,
            statement_sealed=b"",
            asked_at=OPENING,
        )


def test_nobody_appeals_against_what_does_not_refuse_them(market: Stage, nok: Citizen) -> None:
    somchai = market.citizen("somchai")
    with pytest.raises(NothingToAppeal):
        ask(somchai)
    enrol(somchai)
    with pytest.raises(AlreadyEnrolled):
        ask(somchai)


def test_a_rule_that_takes_no_appeal_any_more_stands(market: Stage, office: Office) -> None:
    somchai = market.citizen("somchai")
    in_force(office, thai_id(0).encode(), code="moved-abroad")

    with pytest.raises(AppealNotTaken) as late:
        ask(somchai, at=TOO_LATE)
    assert (late.value.facts["rule"], late.value.facts["appeal"]) == ("lives_here", False)
    assert ask(somchai, at=TOO_LATE - dt.timedelta(seconds=1)).appeal.rule == "lives_here"


def test_an_officer_decides_once(nok: Citizen, office: Office) -> None:
    told = ask(nok)
    decide(office, told, granted=False)

    with pytest.raises(AppealDecided) as decided:
        decide(office, told, granted=True)
    assert decided.value.facts["granted"] is False
    with pytest.raises(AppealUnknown):
        appeals.decide(appeal_id=uuid7(), actor=office.anan.actor, granted=True, reason="nobody's", at=OPENING)
    with pytest.raises(NotAnOfficer):
        appeals.decide(
            appeal_id=told.appeal.id, actor=Actor("citizen", str(nok.id)), granted=True, reason="mine", at=OPENING
        )


def test_what_she_wrote_is_sealed(nok: Citizen) -> None:
    told = ask(nok, statement="my card ended in march")

    kept = bytes(Appeal.objects.get(id=told.appeal.id).statement_sealed)
    assert b"card" not in kept
    assert [told.statement for told in appeals.waiting(at_most=5)] == ["my card ended in march"]


@pytest.mark.parametrize("table", ["subsidies_appeal", "subsidies_appealdecision"])
def test_appeals_and_decisions_stay(nok: Citizen, office: Office, table: str) -> None:
    decide(office, ask(nok), granted=False)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("count", [1, 3])
def test_appeals_are_listed_in_two_statements(
    market: Stage, office: Office, django_assert_num_queries, count: int
) -> None:
    market.people = 20
    several = [market.citizen(f"nok {number}") for number in range(count)]
    in_force(office, "\n".join(thai_id(20 + number) for number in range(count)).encode(), code=CARD)
    for someone in several:
        ask(someone, at=NOON)

    with django_assert_num_queries(2):
        told = appeals.waiting(at_most=10)

    assert [one.appeal.citizen_id for one in told] == [someone.id for someone in several]
    assert {one.scheme for one in told} == {PLUS}
    assert appeals.waiting(at_most=10, after=told[-1].appeal.id) == []
