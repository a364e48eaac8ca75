"""Where people are counted at their first payment: joining takes no place, paying does."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from merchants import charges, scans
from merchants.models import Payment
from merchants.payments import CashShort
from subsidies import dues, rights
from subsidies.contribution import PlacesGone
from subsidies.decision import Sale, decide
from subsidies.enrolment import AlreadyEnrolled
from subsidies.models import Enrolment, Promise, Scheme, Ticket
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, buy, confirm, terms_for
from tests.cast import ask as ring_up
from tests.properties.interleaving import interleaved
from tests.properties.orders import Order, in_many_orders, kinds
from tests.subsidies.places import LATER_TOO, ask, give, lose_a_number, next_version, small_half
from tests.subsidies.trying import bangkok
from tests.subsidies.trying import scheme as half_each
from tests.subsidies.trying import somchai as purse_of
from wallet.accounts import AccountKind

pytestmark = pytest.mark.django_db

ONE_PAYER = small_half('places = 1\ncounted = "at_payment"')


@pytest.fixture
def scheme(stage: Stage) -> Scheme:
    return stage.scheme(document=ONE_PAYER, funded=500_00)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def joined(stage: Stage, name: str, *, cash_satang: int = 500_00) -> Citizen:
    someone = stage.citizen(name, cash_satang=cash_satang)
    enrolment = ask(someone).enrolment
    assert enrolment is not None
    stage.names[enrolment.id] = name
    return someone


def books(stage: Stage) -> dict[str, int]:
    found = stage.books(AccountKind.PURSE, AccountKind.FUND)
    return {account: satang for account, satang in found.items() if account != f"fund:{PLUS}"}


@pytest.mark.usefixtures("scheme")
def test_any_number_may_join_and_none_takes_a_place_or_money(stage: Stage) -> None:
    before = books(stage)
    somchai, *_ = [joined(stage, name) for name in ("somchai", "nok", "a third citizen")]
    assert set(Enrolment.objects.values_list("place", flat=True)) == {None}
    assert not Ticket.objects.exists()
    assert books(stage) == before
    with pytest.raises(AlreadyEnrolled):
        ask(somchai, key="another phone")
    again = ask(somchai)
    assert (again.ticket, again.granted, again.ahead) == (None, 0, 0)
    (right,) = rights.home(citizen_id=somchai.id, at=NOON).rights
    assert (right.left.today, right.left.in_all) == (200_00, 500_00)


@pytest.mark.usefixtures("scheme")
def test_the_first_payment_takes_a_place_and_fills_the_purse(stage: Stage, malee: Stall) -> None:
    somchai = joined(stage, "somchai")
    assert buy(somchai, malee, 100_00).state_share == 50_00
    assert Enrolment.objects.get(citizen_id=somchai.id).place == 1
    assert not Promise.objects.exists()
    assert books(stage) == {"purse:somchai": 450_00}
    assert buy(somchai, malee, 100_00).state_share == 50_00
    assert books(stage)["purse:somchai"] == 400_00


@pytest.mark.usefixtures("scheme")
def test_once_as_many_have_paid_as_there_are_places_the_others_are_told_at_the_scan(stage: Stage, malee: Stall) -> None:
    somchai, nok = joined(stage, "somchai"), joined(stage, "nok")
    shown_before = terms_for(nok, ring_up(malee, 100_00))
    buy(somchai, malee, 100_00)
    charge = ring_up(malee, 100_00)
    offer = scans.scan(citizen_id=nok.id, payload=charges.payload(charge), schemes=None, at=NOON)
    assert isinstance(offer.refusal, PlacesGone)
    with pytest.raises(PlacesGone):
        confirm(nok, shown_before)
    # Who has a place goes on; who has none pays alone.
    assert buy(somchai, malee, 100_00).state_share == 50_00
    assert confirm(nok, terms_for(nok, charge, schemes_chosen=())).citizen_share == 100_00


def test_a_right_whose_places_are_gone_pays_nothing_and_says_so():
    nothing_left = replace(purse_of(half_each()), places_gone=True)
    with pytest.raises(PlacesGone):
        decide(purses=[nothing_left], sale=Sale(price=100_00), at=bangkok(11, 3))


@pytest.mark.usefixtures("scheme")
def test_a_refused_payment_takes_no_place(stage: Stage, malee: Stall) -> None:
    nok, somchai = joined(stage, "nok", cash_satang=1_00), joined(stage, "somchai")
    with pytest.raises(CashShort):
        buy(nok, malee, 100_00)
    assert buy(somchai, malee, 100_00).state_share == 50_00


def test_a_place_that_was_lost_with_a_process_is_taken_by_the_next_payer(
    stage: Stage, scheme: Scheme, malee: Stall
) -> None:
    nok, somchai = joined(stage, "nok"), joined(stage, "somchai")
    lose_a_number(nok, scheme)
    with pytest.raises(PlacesGone):
        buy(somchai, malee, 100_00)
    assert give() == 0
    assert buy(somchai, malee, 100_00).state_share == 50_00
    assert Enrolment.objects.get(citizen_id=somchai.id).place == 1
    with pytest.raises(PlacesGone):
        buy(nok, malee, 100_00)


def test_what_comes_later_waits_for_the_first_payment_too(stage: Stage, malee: Stall) -> None:
    stage.scheme(document=small_half('places = 1\ncounted = "at_payment"', more=LATER_TOO), funded=600_00)
    _, somchai = joined(stage, "nok"), joined(stage, "somchai")
    sixth = NOON.replace(month=11, day=6)
    list(dues.do(at=sixth))
    assert books(stage) == {"fund:small-half": 600_00}
    buy(somchai, malee, 100_00, at=sixth)
    list(dues.do(at=sixth))
    assert books(stage) == {"purse:somchai": 550_00}


def test_a_new_version_may_have_places_for_more_payers(stage: Stage, malee: Stall) -> None:
    stage.scheme(document=ONE_PAYER)
    nok, somchai = joined(stage, "nok"), joined(stage, "somchai")
    buy(somchai, malee, 100_00)
    stage.scheme(document=next_version(ONE_PAYER.replace("places = 1", "places = 2")), funded=0)
    later = NOON.replace(month=11, day=3)
    assert buy(nok, malee, 100_00, at=later).state_share == 50_00
    assert Enrolment.objects.get(citizen_id=nok.id).place == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_and_one_place_are_one_payment_with_the_state(stage: Stage, clean_books: Callable[[], None]) -> None:
    def once(order: Order) -> None:
        clean_books()
        stage.open_books()
        stage.scheme(document=ONE_PAYER, funded=500_00)
        malee = stage.stall("malee")
        both = [joined(stage, name) for name in ("somchai", "nok")]
        pays = [partial(confirm, one, terms_for(one, ring_up(malee, 100_00))) for one in both]
        assert kinds(interleaved(pays, order=order)) == {Payment: 1, PlacesGone: 1}

    in_many_orders(once)
