"""A right is used in time, or it goes back: its money to the fund, its place to others where the scheme says so."""

import datetime as dt

import pytest
from django.db import ProgrammingError

from merchants.models import Payment
from subsidies import dues, forfeits, waking
from subsidies.enrolment import RightForfeited
from subsidies.models import Enrolment, FirstUseDeadline, Forfeit, FreePlace
from subsidies.rules.first_use import FirstUseMissed
from tests.cast import Citizen, Stage, Stall, buy, confirm, terms_for
from tests.cast import ask as ring_up
from tests.properties.interleaving import interleaved
from tests.properties.orders import Order, in_many_orders
from tests.subsidies.places import LATER_TOO, ask, give, next_version, small_half
from wallet.accounts import AccountKind
from wallet.clock import BANGKOK

pytestmark = pytest.mark.django_db

DEADLINE = dt.datetime(2025, 11, 2, 12, 0, tzinfo=BANGKOK)
A_SECOND = dt.timedelta(seconds=1)
WITHIN_TWO_DAYS = "within_days = 2"
REOPENED = 'places = 2\nforfeited_places = "reopened"'


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def enrolled(stage: Stage, name: str, *, cash_satang: int = 0) -> Citizen:
    someone = stage.citizen(name, cash_satang=cash_satang)
    joined = ask(someone)
    if joined.enrolment:
        stage.names[joined.enrolment.id] = name
    return someone


def purses(stage: Stage) -> dict[str, int]:
    return stage.books(AccountKind.PURSE)


def test_a_right_goes_back_at_its_deadline_and_not_a_second_before(stage: Stage) -> None:
    stage.scheme(document=small_half(first_use=WITHIN_TWO_DAYS), funded=2_000_00)
    enrolled(stage, "somchai")
    assert forfeits.take_back_unused(at=DEADLINE - A_SECOND) == 0
    assert purses(stage) == {"purse:somchai": 500_00}
    assert forfeits.take_back_unused(at=DEADLINE) == 1
    assert purses(stage) == {}
    assert stage.books(AccountKind.FUND)["fund:small-half"] == 2_000_00
    (forfeit,) = Forfeit.objects.all()
    assert (forfeit.amount, forfeit.deadline_at, forfeit.at, forfeit.place) == (500_00, DEADLINE, DEADLINE, None)
    assert forfeits.take_back_unused(at=DEADLINE) == 0


def test_who_used_a_little_keeps_the_rest(stage: Stage, malee: Stall) -> None:
    stage.scheme(document=small_half(first_use=WITHIN_TWO_DAYS))
    somchai = enrolled(stage, "somchai", cash_satang=100_00)
    enrolled(stage, "nok")
    buy(somchai, malee, 2_00, at=DEADLINE - A_SECOND)
    assert forfeits.take_back_unused(at=DEADLINE) == 1
    assert purses(stage) == {"purse:somchai": 499_00}
    assert not FirstUseDeadline.objects.exists()


def test_a_forfeited_right_pays_nothing(stage: Stage, malee: Stall) -> None:
    stage.scheme(document=small_half(first_use=WITHIN_TWO_DAYS))
    somchai = enrolled(stage, "somchai", cash_satang=100_00)
    terms = terms_for(somchai, ring_up(malee, 2_00, at=DEADLINE - A_SECOND), at=DEADLINE - A_SECOND)
    forfeits.take_back_unused(at=DEADLINE)
    with pytest.raises(FirstUseMissed):
        confirm(somchai, terms, at=DEADLINE)


def test_a_closed_place_is_given_to_nobody(stage: Stage) -> None:
    stage.scheme(document=small_half('places = 2\nforfeited_places = "closed"', first_use=WITHIN_TWO_DAYS))
    for name in ("somchai", "nok", "a third citizen"):
        enrolled(stage, name)
    assert forfeits.take_back_unused(at=DEADLINE) == 2
    assert give(at=DEADLINE) == 0
    assert purses(stage) == {}


def test_a_reopened_place_goes_to_the_first_in_the_queue(stage: Stage) -> None:
    stage.scheme(document=small_half(REOPENED, first_use=WITHIN_TWO_DAYS))
    people = [enrolled(stage, name) for name in ("somchai", "nok", "a third citizen", "a fourth citizen")]
    assert forfeits.take_back_unused(at=DEADLINE) == 2
    assert sorted(FreePlace.objects.values_list("place", flat=True)) == [1, 2]
    assert give(at=DEADLINE) == 2
    held = dict(Enrolment.objects.values_list("citizen_id", "place"))
    assert [held[one.id] for one in people] == [None, None, 1, 2]
    # Their two days begin with the place.
    assert set(FirstUseDeadline.objects.values_list("due_at", flat=True)) == {DEADLINE + dt.timedelta(days=2)}


def test_a_reopened_place_waits_for_whoever_comes_in_a_later_round(stage: Stage) -> None:
    stage.scheme(document=small_half(REOPENED, first_use=WITHIN_TWO_DAYS))
    enrolled(stage, "somchai")
    nok, third = enrolled(stage, "nok"), stage.citizen("a third citizen")
    forfeits.take_back_unused(at=DEADLINE)
    joined = ask(third, at=DEADLINE)
    assert (joined.enrolment, joined.ahead) == (None, 0)
    assert give(at=DEADLINE) == 1
    assert Enrolment.objects.get(citizen_id=third.id).place == 1
    assert Enrolment.objects.get(citizen_id=nok.id).place is None


def test_who_forfeited_does_not_come_back(stage: Stage) -> None:
    stage.scheme(document=small_half(REOPENED, first_use=WITHIN_TWO_DAYS))
    somchai = enrolled(stage, "somchai")
    forfeits.take_back_unused(at=DEADLINE)
    with pytest.raises(RightForfeited) as no:
        ask(somchai, at=DEADLINE, key="once more")
    assert dt.datetime.fromisoformat(no.value.facts["deadline_at"]) == DEADLINE


def test_a_deadline_that_a_new_version_puts_off_is_put_off_for_all(stage: Stage) -> None:
    document = small_half(first_use=WITHIN_TWO_DAYS)
    stage.scheme(document=document)
    enrolled(stage, "somchai")
    longer = document.replace(WITHIN_TWO_DAYS, "within_days = 4")
    stage.scheme(document=next_version(longer, effective_at="2025-11-01T06:00:00+07:00"), funded=0)
    assert forfeits.take_back_unused(at=DEADLINE) == 0
    assert forfeits.take_back_unused(at=DEADLINE + dt.timedelta(days=2)) == 1


def test_a_new_version_may_leave_everybody_their_right(stage: Stage) -> None:
    document = small_half(first_use=WITHIN_TWO_DAYS)
    stage.scheme(document=document)
    enrolled(stage, "somchai")
    kind = document.replace(f"[first_use]\n{WITHIN_TWO_DAYS}\n", "")
    stage.scheme(document=next_version(kind, effective_at="2025-11-01T06:00:00+07:00"), funded=0)
    assert forfeits.take_back_unused(at=DEADLINE + dt.timedelta(days=9)) == 0
    assert purses(stage) == {"purse:somchai": 500_00}


@pytest.mark.parametrize("before", ["", "[first_use]\nwithin_days = 20\n"])
def test_a_new_version_may_bring_a_deadline_and_who_has_used_their_right_keeps_it(
    stage: Stage, malee: Stall, before: str
) -> None:
    document = small_half("places = 3", first_use=WITHIN_TWO_DAYS)
    stage.scheme(document=document.replace(f"[first_use]\n{WITHIN_TWO_DAYS}\n", before))
    somchai, nok = enrolled(stage, "somchai", cash_satang=100_00), enrolled(stage, "nok")
    stage.scheme(document=next_version(document, effective_at="2025-11-01T06:00:00+07:00"), funded=0)
    buy(somchai, malee, 2_00, at=DEADLINE - A_SECOND)
    assert forfeits.take_back_unused(at=DEADLINE) == 0, "nobody has looked at the new version yet"
    sum(waking.wake(at=DEADLINE))
    assert forfeits.take_back_unused(at=DEADLINE) == 1
    assert list(Forfeit.objects.values_list("citizen_id", flat=True)) == [nok.id]
    assert purses(stage) == {"purse:somchai": 499_00}


def test_nothing_falls_due_on_a_forfeited_right(stage: Stage, malee: Stall) -> None:
    stage.scheme(document=small_half(first_use=WITHIN_TWO_DAYS, more=LATER_TOO))
    somchai = enrolled(stage, "somchai", cash_satang=100_00)
    enrolled(stage, "nok")
    buy(somchai, malee, 2_00, at=DEADLINE - A_SECOND)
    forfeits.take_back_unused(at=DEADLINE)
    list(dues.do(at=DEADLINE + dt.timedelta(days=4)))
    assert purses(stage) == {"purse:somchai": 599_00}


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_back_is_never_changed(stage: Stage) -> None:
    stage.scheme(document=small_half(first_use=WITHIN_TWO_DAYS))
    enrolled(stage, "somchai")
    forfeits.take_back_unused(at=DEADLINE)
    with pytest.raises(ProgrammingError, match="permission denied"):
        Forfeit.objects.update(amount=1)


@pytest.mark.django_db(transaction=True)
def test_a_payment_in_the_last_second_and_the_deadline_end_one_way(stage: Stage, malee: Stall) -> None:
    stage.scheme(document=small_half("places = 1000", first_use=WITHIN_TWO_DAYS))
    names = iter(range(1_000))

    def once(order: Order) -> None:
        somchai = enrolled(stage, f"somchai {next(names)}", cash_satang=100_00)
        terms = terms_for(somchai, ring_up(malee, 100_00, at=DEADLINE - A_SECOND), at=DEADLINE - A_SECOND)
        pay, take_back = (
            lambda: confirm(somchai, terms, at=DEADLINE - A_SECOND),
            lambda: forfeits.take_back_unused(at=DEADLINE),
        )
        paid, taken = interleaved([pay, take_back], order=order)
        kept = isinstance(paid, Payment)
        assert (taken, Forfeit.objects.filter(citizen_id=somchai.id).count()) == ((0, 0) if kept else (1, 1))
        assert purses(stage).pop(f"purse:{somchai.name}", 0) == (450_00 if kept else 0)
        endings.add(kept)

    endings: set[bool] = set()
    in_many_orders(once)
    assert endings == {True, False}
