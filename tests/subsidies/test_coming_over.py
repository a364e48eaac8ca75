"""Somchai comes over from a right that he never used to another: one goes as the other comes, or neither."""

import datetime as dt
from functools import partial

import pytest
from django.db import ProgrammingError, connection, transaction

from subsidies import changes, coming_over, dues, freezing, own_money, rights
from subsidies.changes import EnrolmentUnknown
from subsidies.coming_over import NoPlaceFree
from subsidies.enrolment import AlreadyEnrolled, RightForfeited, RightGivenUp
from subsidies.forfeits import take_back_unused
from subsidies.freezing import RightFrozen
from subsidies.models import ComingOver, Enrolment, FirstUseDeadline, FreePlace
from subsidies.people_facts import facts_of
from subsidies.rules.calendar import LIFETIME
from subsidies.rules.changes import ChangeOver, ChangeUnknown, RightAlreadyUsed
from subsidies.rules.eligibility import NotEligible
from subsidies.schemes import SchemeUnknown
from tests.cast import NOON, STAGE_HAND, Citizen, Stage, buy
from tests.properties.interleaving import interleaved
from tests.properties.orders import Order, in_many_orders, kinds
from tests.subsidies.places import CODE, ask, give, small_half
from wallet.accounts import AccountKind
from wallet.ids import uuid7
from wallet.keys import KeyReused

pytestmark = pytest.mark.django_db

UNTIL = dt.datetime.fromisoformat("2025-11-06T00:00:00+07:00")
OTHER = "other-half"
# Nobody is in both; until 5 November one may come over from the first, if it was never used.
OTHERS = (
    small_half(
        "places = 1",
        more="""
[[eligibility]]
code = "not_in_both"
fact = "person.enrolled_in"
has_none_of = ["small-half"]
says = { th = "เลือกได้โครงการเดียว", en = "One may be in one of the two." }

[[changes]]
code = "from-small-half"
scheme = "small-half"
until = 2025-11-06T00:00:00+07:00

[[changes]]
code = "from-elsewhere"
scheme = "elsewhere"
until = 2025-11-06T00:00:00+07:00

[[changes]]
code = "moved"
fact = "person.province"
until = 2025-11-06T00:00:00+07:00
""",
    )
    .replace('code = "small-half"', f'code = "{OTHER}"')
    .replace("amount_satang = 500_00", "amount_satang = 700_00")
)


@pytest.fixture
def market(stage: Stage) -> Stage:
    stage.scheme(document=small_half("places = 1"), funded=500_00)
    stage.scheme(document=OTHERS, funded=700_00)
    return stage


@pytest.fixture
def somchai(market: Stage) -> Citizen:
    return named(market, market.citizen("somchai", cash_satang=500_00))


def named(market: Stage, someone: Citizen, *, code: str = CODE) -> Citizen:
    joined = ask(someone, code=code)
    if joined.enrolment:
        market.names[joined.enrolment.id] = f"{someone.name} in {code}"
    return someone


def first_right(someone: Citizen) -> Enrolment:
    return Enrolment.objects.filter(citizen_id=someone.id).earliest("enrolled_at", "id")


def over(
    someone: Citizen,
    *,
    code: str = "from-small-half",
    scheme: str = OTHER,
    key: str = "over",
    at: dt.datetime = NOON,
) -> ComingOver:
    return coming_over.come_over(
        citizen_id=someone.id,
        device_id=someone.device.id,
        enrolment_id=first_right(someone).id,
        code=code,
        scheme=scheme,
        key=key,
        at=at,
    )


def money(market: Stage) -> dict[str, int]:
    found = market.books(AccountKind.PURSE, AccountKind.FUND)
    return {name: amount for name, amount in found.items() if "plus" not in name}


def test_one_right_goes_and_the_other_comes(market: Stage, somchai: Citizen) -> None:
    old = first_right(somchai)
    assert money(market) == {"purse:somchai in small-half": 500_00, "fund:other-half": 700_00}
    with pytest.raises(NotEligible):
        ask(somchai, code=OTHER, key="enrol in both")

    came = over(somchai)

    assert (came.from_enrolment_id, came.amount, came.place, came.at) == (old.id, 500_00, 1, NOON)
    market.names[came.to_enrolment_id] = "somchai in other-half"
    assert money(market) == {"fund:small-half": 500_00, "purse:somchai in other-half": 700_00}
    new = Enrolment.objects.get(id=came.to_enrolment_id)
    assert (new.citizen_id, new.place, new.enrolled_at) == (somchai.id, 1, NOON)
    assert [right.scheme.code for right in rights.home(citizen_id=somchai.id, at=NOON).rights] == [OTHER]
    facts = facts_of(citizen_id=somchai.id, at=NOON)
    assert (facts["enrolled_in"], facts["was_enrolled_in"]) == ([OTHER], [OTHER, CODE])
    assert not FirstUseDeadline.objects.filter(enrolment_id=old.id).exists()


def test_he_pays_with_the_right_that_he_has_now_alone(market: Stage, somchai: Citizen) -> None:
    over(somchai)
    payment = buy(somchai, market.stall("malee"), 100_00)
    assert (payment.state_share, [reason["code"] for reason in payment.reasons]) == (50_00, ["rate_of_price"])


def test_his_old_place_goes_to_whoever_waits(market: Stage, somchai: Citizen) -> None:
    nok = market.citizen("nok")
    assert ask(nok).enrolment is None

    over(somchai)

    assert [(free.pool, free.place) for free in FreePlace.objects.all()] == [("", 1)]
    assert give() == 1
    assert first_right(nok).place == 1


def test_a_right_that_was_used_stays(market: Stage, somchai: Citizen) -> None:
    buy(somchai, market.stall("malee"), 1_00)
    with pytest.raises(RightAlreadyUsed):
        over(somchai)
    assert not ComingOver.objects.exists()


BUY_IN = """
[buy_in]
pays_satang = 100_00
gets_satang = 300_00
until = 2025-12-01T00:00:00+07:00
"""


def test_a_right_with_his_own_money_in_it_stays(stage: Stage) -> None:
    stage.scheme(document=small_half("places = 1", more=BUY_IN))
    stage.scheme(document=OTHERS)
    somchai = named(stage, stage.citizen("somchai", cash_satang=500_00))
    own_money.buy_in(
        citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=first_right(somchai).id, key="buy in", at=NOON
    )
    with pytest.raises(RightAlreadyUsed):
        over(somchai)


def test_nothing_is_put_into_a_right_that_went_or_changed_on_it(stage: Stage) -> None:
    stage.scheme(document=small_half("places = 1", more=BUY_IN))
    stage.scheme(document=OTHERS)
    somchai = named(stage, stage.citizen("somchai", cash_satang=500_00))
    old = first_right(somchai)
    over(somchai)
    with pytest.raises(RightGivenUp):
        own_money.buy_in(citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=old.id, key="buy in", at=NOON)
    with pytest.raises(RightGivenUp):
        changes.change_fact(
            citizen_id=somchai.id,
            device_id=somchai.device.id,
            enrolment_id=old.id,
            code="moved",
            value="น่าน",
            key="move",
            at=NOON,
        )
    assert stage.books(AccountKind.CASH) == {"cash:somchai": 500_00}


def test_nobody_comes_over_while_their_rights_are_looked_at(somchai: Citizen) -> None:
    freezing.freeze(citizen_id=somchai.id, reason="a limit was passed", actor=STAGE_HAND, at=NOON)
    with pytest.raises(RightFrozen):
        over(somchai)


def test_nothing_falls_due_on_a_right_that_was_given_up(market: Stage, somchai: Citizen) -> None:
    old = over(somchai).from_enrolment_id
    assert sum(dues.do(at=UNTIL)) >= 1
    assert Enrolment.objects.get(id=old).next_due_at == LIFETIME


def test_there_is_an_end_to_coming_over(somchai: Citizen) -> None:
    with pytest.raises(ChangeOver):
        over(somchai, at=UNTIL)
    assert over(somchai, at=UNTIL - dt.timedelta(seconds=1)).amount == 500_00


def test_without_a_place_there_he_keeps_the_one_here(market: Stage, somchai: Citizen) -> None:
    named(market, market.citizen("nok"), code=OTHER)
    before = money(market)

    with pytest.raises(NoPlaceFree):
        over(somchai)

    assert money(market) == before
    assert first_right(somchai).place == 1
    assert buy(somchai, market.stall("malee"), 100_00).state_share == 50_00


def test_there_is_no_way_back_and_no_second_time(market: Stage, somchai: Citizen) -> None:
    over(somchai)
    with pytest.raises(RightGivenUp):
        ask(somchai, key="back again")
    with pytest.raises(RightGivenUp):
        over(somchai, key="once more")


def test_a_right_that_was_taken_back_is_not_given_up(market: Stage, somchai: Citizen) -> None:
    deadline = dt.datetime.fromisoformat("2025-11-08T23:00:00+07:00")
    assert take_back_unused(at=deadline) == 1
    with pytest.raises(RightForfeited):
        over(somchai, at=deadline)


def test_nobody_comes_over_where_the_scheme_does_not_say_so(market: Stage, somchai: Citizen) -> None:
    for code in ("nothing", "from-elsewhere", "moved"):
        with pytest.raises(ChangeUnknown):
            over(somchai, code=code)
    with pytest.raises(ChangeUnknown):
        over(somchai, scheme=CODE)
    with pytest.raises(SchemeUnknown):
        over(somchai, scheme="elsewhere")
    nok = market.citizen("nok")
    with pytest.raises(EnrolmentUnknown):
        coming_over.come_over(
            citizen_id=nok.id,
            device_id=nok.device.id,
            enrolment_id=first_right(somchai).id,
            code="from-small-half",
            scheme=OTHER,
            key="nok's",
            at=NOON,
        )
    assert not ComingOver.objects.exists()


def test_the_same_key_comes_over_once(somchai: Citizen) -> None:
    first = over(somchai)
    assert over(somchai).to_enrolment_id == first.to_enrolment_id
    with pytest.raises(KeyReused):
        over(somchai, code="moved")


def test_who_has_a_number_there_already_does_not_draw_another(market: Stage) -> None:
    named(market, market.citizen("nok"), code=OTHER)
    waiting = market.citizen("somchai")
    assert ask(waiting, code=OTHER, key="queue").enrolment is None
    named(market, waiting)
    with pytest.raises(AlreadyEnrolled):
        over(waiting)


def test_what_was_given_up_stays_written(somchai: Citizen) -> None:
    over(somchai)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM subsidies_comingover")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_comes_over(stage: Stage) -> None:
    stage.scheme(document=small_half("places = 100"))
    stage.scheme(document=OTHERS.replace("places = 1\n", "places = 100\n"))

    def once(order: Order) -> None:
        somchai = named(stage, stage.citizen(f"somchai {uuid7()}"))
        twice = [partial(over, somchai, key=key) for key in ("first", "second")]
        assert kinds(interleaved(twice, order=order)) == {ComingOver: 1, RightGivenUp: 1}
        assert rights.home(citizen_id=somchai.id, at=NOON).rights[0].left.in_all == 700_00

    in_many_orders(once)
