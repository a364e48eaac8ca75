"""Somchai shows a code, Malee's till scans it, and he confirms on his own phone."""

import base64
import datetime as dt
import io

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from merchants import charges, drawing, emvco_cpm, presented, scans, suspensions, tills
from merchants.charges import Bill, ChargeTooLarge
from merchants.emvco_cpm import NotPresentedCode, TruncatedCode
from merchants.looking import ChargeUnknown, MerchantSuspended, TillRevoked
from merchants.models import Charge
from merchants.presented import CodeExpired, CodeForged, CodeRevoked, CodeUsed, ForeignCode
from merchants.terms import Terms
from tests.cast import NOON, PLUS, STAGE_HAND, Citizen, Stage, Stall, ask, confirm
from wallet import people
from wallet.ids import uuid7
from wallet.keys import KeyReused
from wallet.refusals import Refusal

STEP = dt.timedelta(seconds=30)
# EMV QRCPS CPM 1.1, the sample of the specification: two cards in one code.
TWO_CARDS = (
    "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0xERVIvRU1WXy0IcnVl"
    "c2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbRQ+kQ=="
)


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def code_of(someone: Citizen, *, at: dt.datetime = NOON) -> str:
    (code,) = presented.codes(device_id=someone.device.id, ahead=0, at=at)
    return code.payload


def till_asks(
    stall: Stall, payload: str, satang: int = 60_00, *, key: str | None = None, at: dt.datetime = NOON
) -> Charge:
    return presented.ask(till=stall.till, payload=payload, bill=Bill(amount=satang), key=key or str(uuid7()), at=at)


@pytest.mark.django_db
def test_the_till_scans_the_citizen_sees_the_split_and_confirms(somchai: Citizen, malee: Stall, stage: Stage) -> None:
    charge = till_asks(malee, code_of(somchai))
    (waiting,) = charges.waiting_for(citizen_id=somchai.id, at=NOON)
    assert (waiting.charge, waiting.merchant_name) == (charge, "ร้าน malee")
    offer = scans.show(citizen_id=somchai.id, charge_id=charge.id, schemes=None, at=NOON)
    assert offer.split is not None
    assert stage.books()["cash:somchai"] == 500_00
    terms = Terms(
        charge_id=charge.id, price=60_00, own_part=offer.split.citizen, schemes=offer.schemes, nonce="0123456789abcdef"
    )
    confirm(somchai, terms)
    assert stage.books() == {"cash:somchai": 470_00, "purse:somchai": 1970_00, "payable:malee": 60_00}


@pytest.mark.django_db
def test_nobody_else_can_pay_what_was_asked_of_somchai(somchai: Citizen, malee: Stall, stage: Stage) -> None:
    nok, charge = stage.citizen("nok", cash_satang=500_00), till_asks(malee, code_of(somchai))
    with pytest.raises(ChargeUnknown):
        scans.show(citizen_id=nok.id, charge_id=charge.id, schemes=(), at=NOON)
    with pytest.raises(ChargeUnknown):
        confirm(nok, Terms(charge_id=charge.id, price=60_00, own_part=60_00, schemes=(), nonce="0123456789abcdef"))


@pytest.mark.django_db
def test_a_code_is_good_from_a_step_before_its_half_minute_until_a_step_after(somchai: Citizen, malee: Stall) -> None:
    for steps, key in ((-1, "early"), (0, "now"), (1, "late")):
        till_asks(malee, code_of(somchai, at=NOON + steps * STEP), key=key)
    for steps in (-2, 2):
        with pytest.raises(CodeExpired):
            till_asks(malee, code_of(somchai, at=NOON + steps * STEP))


@pytest.mark.django_db
def test_a_code_asks_once_and_a_lost_answer_is_given_again(somchai: Citizen, malee: Stall, stage: Stage) -> None:
    code = code_of(somchai)
    charge = till_asks(malee, code, key="first")
    assert till_asks(malee, code, key="first", at=NOON + 10 * STEP) == charge
    with pytest.raises(KeyReused):
        till_asks(malee, code, 70_00, key="first")
    for stall in (malee, stage.stall("prasert")):
        with pytest.raises(CodeUsed):
            till_asks(stall, code)
    assert Charge.objects.count() == 1
    till_asks(malee, code_of(somchai, at=NOON + STEP))


@pytest.mark.django_db
def test_a_phone_that_was_signed_out_shows_nothing_that_is_good(somchai: Citizen, malee: Stall) -> None:
    code = code_of(somchai)
    people.revoke_device(citizen_id=somchai.id, device_id=somchai.device.id, by_device_id=somchai.device.id, at=NOON)
    with pytest.raises(CodeRevoked):
        till_asks(malee, code)


@pytest.mark.django_db
def test_a_shop_or_till_that_was_stopped_asks_nobody(somchai: Citizen, malee: Stall) -> None:
    suspensions.suspend(merchant=malee.merchant, reason="cash for rights", actor=STAGE_HAND, at=NOON)
    with pytest.raises(MerchantSuspended):
        till_asks(malee, code_of(somchai))
    tills.revoke(till=malee.till, actor=STAGE_HAND, at=NOON)
    malee.till.refresh_from_db()
    with pytest.raises(TillRevoked):
        till_asks(malee, code_of(somchai))
    with pytest.raises(ChargeTooLarge):
        till_asks(malee, code_of(somchai), 200_000_01)
    assert Charge.objects.count() == 0


def forged() -> str:
    """Change one bit of the sealed part of a code of ours."""
    (code,) = presented.codes(device_id=uuid7(), ahead=0, at=NOON)
    data = bytearray(base64.b64decode(code.payload))
    data[-1] ^= 1
    return base64.b64encode(data).decode()


def of_another_step() -> str:
    """Put the step of now before what was sealed an hour ago."""
    now, old = (
        base64.b64decode(presented.codes(device_id=uuid7(), ahead=0, at=at)[0].payload)
        for at in (NOON, NOON - dt.timedelta(hours=1))
    )
    sealed = presented._SIV_BYTES + 16
    return base64.b64encode(now[:-sealed] + old[-sealed:]).decode()


def ours() -> str:
    return presented.codes(device_id=uuid7(), ahead=0, at=NOON)[0].payload


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        pytest.param("https://line.me/R/ti/p/@somchai", NotPresentedCode, id="a link"),
        pytest.param("281234567890123456", NotPresentedCode, id="an Alipay code"),
        pytest.param("00020101021129370016A000000677010111", NotPresentedCode, id="a shop's QR"),
        pytest.param("", NotPresentedCode, id="nothing"),
        pytest.param("ก" * 20, NotPresentedCode, id="Thai letters"),
        pytest.param("A" * 600, NotPresentedCode, id="far too long"),
        pytest.param(TWO_CARDS, ForeignCode, id="somebody's cards"),
        pytest.param(emvco_cpm.build([]), ForeignCode, id="no application"),
        pytest.param(ours()[:-1], TruncatedCode, id="its last letter cut off"),
        pytest.param(ours()[:40], TruncatedCode, id="half of it"),
        pytest.param(forged(), CodeForged, id="one bit changed"),
        pytest.param(of_another_step(), CodeForged, id="an old one made to look new"),
        pytest.param(
            emvco_cpm.build([("61", emvco_cpm.build_template([("4F", presented.OUR_APPLICATION)]))]),
            CodeForged,
            id="our name alone",
        ),
    ],
)
def test_a_till_is_told_why_a_code_is_not_taken(payload: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        presented.read(payload=payload, at=NOON)


def test_the_published_sample_is_read_as_the_specification_says() -> None:
    objects = emvco_cpm.parse(TWO_CARDS)
    assert [tag for tag, _ in objects] == ["61", "61", "62"]
    assert emvco_cpm.parse_template(objects[0][1]) == [
        ("4F", bytes.fromhex("A0000000555555")),
        ("50", b"Product1"),
    ]
    assert dict(emvco_cpm.parse_template(objects[2][1]))["5F20"] == b"CARDHOLDER/EMV"
    assert emvco_cpm.build(objects) == TWO_CARDS


def test_two_codes_of_one_phone_have_nothing_in_common_that_a_shop_could_keep() -> None:
    first, second = presented.codes(device_id=uuid7(), ahead=1, at=NOON)
    sealed = [base64.b64decode(code.payload)[-32:] for code in (first, second)]
    shared = [{each[at : at + 4] for at in range(len(each) - 3)} for each in sealed]
    assert shared[0] & shared[1] == set()


def test_a_phone_may_hold_five_minutes_of_codes_and_no_more() -> None:
    codes = presented.codes(device_id=uuid7(), ahead=500, at=NOON)
    assert len(codes) == 11
    assert codes[0].from_at <= NOON < codes[0].until_at
    assert [code.from_at for code in codes[1:]] == [code.until_at for code in codes[:-1]]


def test_making_a_code_asks_nothing_of_the_database() -> None:
    # Without the mark of a test with a database, any query would fail.
    assert presented.codes(device_id=uuid7(), ahead=0, at=NOON)[0].payload.startswith("hQVDUFYwM")


def test_a_camera_reads_it_from_a_small_cracked_screen() -> None:
    code = ours()
    picture = Image.open(io.BytesIO(drawing.png(payload=code, scale=2)))
    assert picture.width <= 100
    (read,) = zxingcpp.read_barcodes(picture)
    assert read.text == code


@given(text=st.text(max_size=80))
def test_whatever_is_scanned_is_refused_by_name(text: str) -> None:
    with pytest.raises(Refusal):
        presented.read(payload=text, at=NOON)


@given(data=st.binary(max_size=80))
def test_whatever_follows_the_format_is_refused_by_name(data: bytes) -> None:
    begun = base64.b64decode(emvco_cpm.build([]))
    with pytest.raises(Refusal):
        presented.read(payload=base64.b64encode(begun + data).decode(), at=NOON)


@pytest.mark.django_db
def test_an_open_charge_is_anybodys_as_before(somchai: Citizen, malee: Stall) -> None:
    assert ask(malee, 50_00).for_citizen_id is None
    assert charges.waiting_for(citizen_id=somchai.id, at=NOON) == []
