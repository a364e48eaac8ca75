"""The Treasury's money is set aside for a scheme before anybody is promised a place."""

from functools import partial
from uuid import uuid4

import pytest

from subsidies import enrolment, funding
from subsidies.funding import BudgetShort, SchemeNotFunded
from subsidies.models import Scheme
from tests.cast import NOON, OPENING, PLUS, PLUS_FILE, STAGE_HAND, Stage
from tests.properties.interleaving import interleaved
from tests.properties.orders import Order, in_many_orders, kinds
from tests.properties.stalls import SMALL_HALF
from wallet.accounts import AccountKind

remit = partial(funding.remit, actor=STAGE_HAND, at=NOON)
allot = partial(funding.allot, actor=STAGE_HAND, at=NOON)


@pytest.fixture
def empty() -> Stage:
    """Return a market with open books and คนละครึ่ง พลัส published, for which no money is there yet."""
    market = Stage()
    market.open_books()
    market.scheme(document=PLUS_FILE.read_text(encoding="utf-8"), funded=0)
    return market


@pytest.mark.django_db
def test_only_what_the_treasury_sent_can_be_set_aside(empty: Stage) -> None:
    plus = Scheme.objects.get(code=PLUS)
    remit(amount=100_00, cause=uuid4())
    with pytest.raises(BudgetShort) as short:
        allot(scheme=plus, amount=100_01, cause=uuid4())
    assert short.value.facts == {"needed_satang": 100_01, "funded_satang": 100_00}
    allot(scheme=plus, amount=100_00, cause=uuid4())
    assert empty.books(AccountKind.TREASURY, AccountKind.FUND) == {f"fund:{PLUS}": 100_00}


@pytest.mark.django_db
def test_nobody_is_promised_a_place_before_there_is_money_for_all_of_them(empty: Stage) -> None:
    nok = empty.citizen("nok")
    needed = 20_000_000 * 2_400_00
    enrol = partial(enrolment.enrol, citizen_id=nok.id, code=PLUS, key="enrol", at=OPENING)
    remit(amount=needed, cause=uuid4())
    allot(scheme=Scheme.objects.get(code=PLUS), amount=needed - 1, cause=uuid4())
    with pytest.raises(SchemeNotFunded):
        enrol()
    assert empty.books(AccountKind.PURSE) == {}
    allot(scheme=Scheme.objects.get(code=PLUS), amount=1, cause=uuid4())
    assert enrol().granted == 2_000_00


@pytest.mark.django_db
def test_a_scheme_without_a_quota_promises_nothing(empty: Stage) -> None:
    empty.scheme(document=SMALL_HALF.replace("[quota]\nplaces = 2\n", ""))
    with pytest.raises(SchemeNotFunded):
        enrolment.enrol(citizen_id=empty.citizen("nok").id, code="small-half", key="enrol", at=OPENING)


@pytest.mark.django_db(transaction=True)
def test_two_schemes_at_once_are_not_given_the_same_money(empty: Stage) -> None:
    both = [Scheme.objects.get(code=PLUS), empty.scheme(document=SMALL_HALF, funded=0)]

    def once(order: Order) -> None:
        remit(amount=100_00, cause=uuid4())
        allots = [partial(allot, scheme=scheme, amount=100_00, cause=uuid4()) for scheme in both]
        assert kinds(interleaved(allots, order=order)) == {type(None): 1, BudgetShort: 1}

    in_many_orders(once)
