"""Somchai moves house, and his right moves with him: so often, until so long."""

import datetime as dt

import pytest

from merchants import audits
from merchants.models import Payment
from subsidies import changes
from subsidies.changes import EnrolmentUnknown, NothingChanged
from subsidies.models import Enrolment, FactChange
from subsidies.rules.changes import ChangeOver, ChangeUnknown, ChangeUsedUp
from subsidies.rules.merchants import MerchantNotEligible
from tests.cast import NOON, Citizen, Stage, buy
from tests.properties.stalls import SMALL_HALF
from wallet.ids import uuid7
from wallet.keys import KeyReused

pytestmark = pytest.mark.django_db

UNTIL = dt.datetime.fromisoformat("2025-11-08T00:00:00+07:00")
# A right that can be used at home alone, and a home that can be changed twice.
AT_HOME = SMALL_HALF.replace(
    "[merchants]\n",
    """[[merchants.requires]]
code = "at_home"
fact = "merchant.province"
same_as = "person.province"
says = { th = "ใช้ได้ในจังหวัดของท่าน", en = "It can be used only in your own province." }

[[changes]]
code = "moved"
fact = "person.province"
until = 2025-11-08T00:00:00+07:00
times = 2

[[changes]]
code = "from-elsewhere"
scheme = "elsewhere"
until = 2025-11-08T00:00:00+07:00

[examples_assume]
person = { province = "น่าน" }
merchant = { province = "น่าน" }
""",
)


@pytest.fixture
def market() -> Stage:
    stage = Stage()
    stage.open_books()
    stage.scheme(document=AT_HOME, funded=1_000_00)
    return stage


@pytest.fixture
def somchai(market: Stage) -> Citizen:
    return market.citizen("somchai", cash_satang=500_00, enrolled="small-half")


def move(
    someone: Citizen, to: str, *, code: str = "moved", key: str | None = None, at: dt.datetime = NOON
) -> FactChange:
    enrolment = Enrolment.objects.get(citizen_id=someone.id)
    return changes.change_fact(
        citizen_id=someone.id,
        device_id=someone.device.id,
        enrolment_id=enrolment.id,
        code=code,
        value=to,
        key=key or str(uuid7()),
        at=at,
    )


def test_a_right_moves_with_whoever_moves(market: Stage, somchai: Citizen) -> None:
    in_nan = market.stall("malee", province="น่าน")
    with pytest.raises(MerchantNotEligible):
        buy(somchai, in_nan, 100_00)

    changed = move(somchai, "น่าน")

    assert (changed.fact, changed.was, changed.value, changed.number) == ("province", "กรุงเทพมหานคร", "น่าน", 1)
    assert buy(somchai, in_nan, 100_00).state_share == 50_00
    with pytest.raises(MerchantNotEligible):
        buy(somchai, market.stall("prasert"), 100_00)


def test_what_was_paid_before_is_still_right_afterwards(market: Stage, somchai: Citizen) -> None:
    buy(somchai, market.stall("malee"), 100_00)
    move(somchai, "น่าน")
    buy(somchai, market.stall("prasert", province="น่าน"), 100_00)
    move(somchai, "ภูเก็ต")

    assert Payment.objects.count() == 2
    assert list(audits.of_people([somchai.id])) == []


def test_it_can_be_changed_so_often_and_until_so_long(somchai: Citizen) -> None:
    with pytest.raises(ChangeOver):
        move(somchai, "น่าน", at=UNTIL)
    move(somchai, "น่าน", at=UNTIL - dt.timedelta(seconds=1))
    with pytest.raises(NothingChanged):
        move(somchai, "น่าน")
    move(somchai, "ภูเก็ต")
    with pytest.raises(ChangeUsedUp) as used_up:
        move(somchai, "เลย")
    assert used_up.value.facts == {"times": 2}


def test_the_same_key_changes_once(somchai: Citizen) -> None:
    first = move(somchai, "น่าน", key="k1")

    assert move(somchai, "น่าน", key="k1").id == first.id
    assert FactChange.objects.count() == 1
    with pytest.raises(KeyReused):
        move(somchai, "ภูเก็ต", key="k1")


def test_nobody_changes_what_the_scheme_does_not_name(market: Stage, somchai: Citizen) -> None:
    with pytest.raises(ChangeUnknown):
        move(somchai, "x", code="name")
    with pytest.raises(ChangeUnknown):
        move(somchai, "x", code="from-elsewhere")


def test_nobody_changes_what_is_anothers(market: Stage, somchai: Citizen) -> None:
    nok = market.citizen("nok")
    for enrolment_id in (Enrolment.objects.get().id, uuid7()):
        with pytest.raises(EnrolmentUnknown):
            changes.change_fact(
                citizen_id=nok.id,
                device_id=nok.device.id,
                enrolment_id=enrolment_id,
                code="moved",
                value="น่าน",
                key="k1",
                at=NOON,
            )
