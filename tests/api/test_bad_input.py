"""Whatever wrong thing is brought to the counter, a row each: the one no that it gets, and that nothing has moved.

Where two race there is a row too: both answers, in whatever order, and the books as if one had come after the other.
"""

import datetime as dt
import json
from collections import Counter as Times
from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import uuid4

import pytest

from merchants import charges, emvco, posters, presented, suspensions, tills
from merchants.models import Charge, Hold, Payment, Proposal, Refund, Release, Role
from settlement import days, slices
from settlement.models import Slice
from tests.api.doors import Knock, as_citizen, as_officer, as_staff, as_till, terms_of
from tests.api.test_presenting import ALIPAY, PAYNOW, PROMPTPAY, STEP, changed, flipped
from tests.cast import NOON, PLUS, STAGE_HAND, Stage, ask, buy
from tests.counter import HOURS_3, hold
from tests.races.at_once import at_once
from tests.settlement.market import MIDNIGHT
from tests.settlement.office import hire
from tests.shopkeepers import keeper
from wallet import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

# What a bank's card shows, as EMVCo's specification prints it.
CARD: Final = "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MQ=="
ONE_ID: Final = "0199f6a2-0000-7000-8000-000000000003"
DONE: Final = (201, "")


class Counter:
    """Malee's counter: Somchai has paid 100 for one thing, 80 are held for another, and 50 are asked for."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.somchai = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
        self.nok = stage.citizen("nok", cash_satang=500_00)
        self.stall, other = stage.stall("malee"), stage.stall("prasert")
        self.phone, self.till, self.owner = as_citizen(self.somchai), as_till(self.stall), as_staff(self.stall)
        self.prasert = as_till(other)
        self.paid, self.held = buy(self.somchai, self.stall, 100_00), hold(self.somchai, self.stall, 80_00)
        self.charge = ask(self.stall, 50_00)
        self.qr, self.prasert_qr = charges.payload(self.charge), charges.payload(ask(other, 50_00))
        self.poster = posters.payload(posters.make(by=keeper(self.stall).member, branch_id=None, at=NOON))
        self.proposal = self.propose().json()["id"]

    def code(self, at: dt.datetime = NOON) -> str:
        return presented.codes(device_id=self.somchai.device.id, ahead=0, at=at)[0].payload

    def scan(self, payload: str) -> Any:
        return self.phone.post("scans/", {"qr_payload": payload})

    def propose(self, payload: str = "") -> Any:
        return self.phone.post("proposals/", {"qr_payload": payload or self.poster, "amount_satang": 60_00})

    def accept(self, *, by: Knock | None = None) -> Any:
        return (by or self.till).post(f"till/proposals/{self.proposal}/acceptance/")

    def pay(self, *, by: Knock | None = None, own_part: int = 25_00, **said: Any) -> Any:
        return (by or self.phone).post("payments/", terms_of(self.charge, own_part=own_part, **said))

    def ask_for(self, *, by: Knock | None = None) -> Any:
        return (by or self.till).post("charges/", {"amount_satang": 60_00})

    def ask_of(self, code: str) -> Any:
        return self.till.post("charges/presented/", {"code": code, "amount_satang": 60_00})

    def cancel(self, *, by: Knock | None = None) -> Any:
        return (by or self.till).post(f"charges/{self.charge.id}/cancellation/")

    def capture(self, satang: int = 80_00, *, by: Knock | None = None, id_: str = "") -> Any:
        body = {"id": id_ or str(uuid4()), "amount_satang": satang}
        return (by or self.till).post(f"holds/{self.held.id}/captures/", body)

    def release(self, *, by: Knock | None = None) -> Any:
        return (by or self.till).post(f"holds/{self.held.id}/release/")

    def refund(self, satang: int | None = None, *, by: Knock | None = None, id_: str = "") -> Any:
        how_much = {"whole": True} if satang is None else {"amount_satang": satang}
        body = {"refund_id": id_ or str(uuid4()), "reason": "the soup was cold", **how_much}
        return (by or self.owner).post(f"payments/{self.paid.id}/refunds/", body)

    def suspend(self) -> None:
        suspensions.suspend(merchant=self.stall.merchant, reason="cash for rights", actor=STAGE_HAND, at=NOON)

    def sign_the_till_out(self) -> None:
        tills.revoke(till=self.stall.till, actor=STAGE_HAND, at=NOON)

    def picture(self) -> tuple[Any, ...]:
        """Return the books, and how much of everything there is."""
        tables = (Charge, Proposal, Payment, Hold, Release, Refund)
        return self.stage.books(), [table.objects.count() for table in tables]


@pytest.fixture
def counter(stage: Stage) -> Counter:
    return Counter(stage)


class Row(NamedTuple):
    """What is wrong, how it is brought, what is answered; and what was done before."""

    wrong: str
    bring: Callable[[Counter], Any]
    answer: tuple[int, str]
    before: Callable[[Counter], Any] = lambda _: None


def after(time: dt.timedelta) -> Callable[[Counter], None]:
    return lambda _: clock.stand_at(NOON + time)


def forged_receipt(at: Counter) -> Any:
    head, said, mark = at.phone.get(f"payments/{at.paid.id}/").json()["signed"].split(".")
    other = "A" if said[20] != "A" else "B"
    return Knock().post("receipts/verification/", {"signed": f"{head}.{said[:20]}{other}{said[21:]}.{mark}"})


def captured(at: Counter) -> Any:
    return at.capture(30_00, id_=ONE_ID)


def refunded(at: Counter) -> Any:
    return at.refund(40_00, id_=ONE_ID)


EXPIRED = [
    Row("a QR of five minutes ago", lambda at: at.scan(at.qr), (409, "charge_expired"), after(charges.QR_LIFE)),
    Row("the terms of such a QR", Counter.pay, (409, "charge_expired"), after(charges.QR_LIFE)),
    Row("a proposal of five minutes ago", Counter.accept, (409, "proposal_expired"), after(charges.QR_LIFE)),
    Row("a customer's code of a minute ago", lambda at: at.ask_of(at.code()), (409, "code_expired"), after(2 * STEP)),
    Row("a hold whose time is over", Counter.capture, (409, "hold_expired"), after(HOURS_3)),
]
USED = [
    Row("a QR that one has paid", Counter.pay, (409, "already_paid"), Counter.pay),
    Row(
        "a QR that somebody else has paid",
        lambda at: at.pay(by=as_citizen(at.nok), own_part=50_00, schemes=[], pays_all=True),
        (409, "already_paid"),
        Counter.pay,
    ),
    Row("a QR that the till took back", Counter.pay, (409, "charge_cancelled"), Counter.cancel),
    Row("a QR that is paid, taken back", Counter.cancel, (409, "already_paid"), Counter.pay),
    Row("a proposal that has an answer", Counter.accept, (409, "proposal_ended"), Counter.accept),
    Row(
        "a customer's code that has asked",
        lambda at: at.ask_of(at.code()),
        (409, "code_used"),
        lambda at: at.ask_of(at.code()),
    ),
]
FOREIGN = [
    Row("a link", lambda at: at.scan(ALIPAY), (409, "qr_not_payment")),
    Row("another country's code", lambda at: at.scan(PAYNOW), (409, "qr_other_country")),
    Row("a bank's code", lambda at: at.scan(PROMPTPAY), (409, "qr_foreign")),
    Row("a bank's code as a poster", lambda at: at.propose(PROMPTPAY), (409, "qr_foreign")),
    Row("a card's code as a customer", lambda at: at.ask_of(CARD), (409, "code_foreign")),
]
TRUNCATED = [
    Row("a QR cut off", lambda at: at.scan(at.qr[:-9]), (409, "qr_truncated")),
    Row("a poster cut off", lambda at: at.propose(at.poster[:-9]), (409, "qr_truncated")),
    Row("a customer's code cut off", lambda at: at.ask_of(at.code()[:-3]), (409, "code_damaged")),
]
WRONG_CRC = [
    Row("a QR with a wrong CRC", lambda at: at.scan(f"{at.qr[:-4]}0000"), (409, "qr_damaged")),
    Row("a poster with a wrong CRC", lambda at: at.propose(f"{at.poster[:-4]}0000"), (409, "qr_damaged")),
]
WRONG_SIGNATURE = [
    Row("a QR with another price", lambda at: at.scan(changed(at.qr, tag_54="5.00")), (409, "qr_signature_wrong")),
    Row("a poster with a price", lambda at: at.propose(changed(at.poster, tag_54="5.00")), (409, "qr_signature_wrong")),
    Row("a customer's code with another bit", lambda at: at.ask_of(flipped(at.code())), (409, "code_signature_wrong")),
    Row("a receipt with another digit", forged_receipt, (422, "receipt_forged")),
]
OTHERS = [
    Row(
        "a QR with another merchant's wallet",
        lambda at: at.scan(changed(at.qr, tag_29=emvco.parse(at.prasert_qr)["29"])),
        (409, "qr_signature_wrong"),
    ),
    Row("another merchant's charge", lambda at: at.cancel(by=at.prasert), (404, "charge_unknown")),
    Row("another merchant's proposal", lambda at: at.accept(by=at.prasert), (404, "proposal_unknown")),
    Row("another merchant's hold", lambda at: at.capture(by=at.prasert), (404, "hold_unknown")),
    Row("another merchant's hold, let go", lambda at: at.release(by=at.prasert), (404, "hold_unknown")),
    Row("another merchant's payment", lambda at: at.refund(by=at.prasert), (404, "payment_unknown")),
]
STOPPED = [
    Row("a suspended merchant asks", Counter.ask_for, (409, "merchant_suspended"), Counter.suspend),
    Row("… says yes", Counter.accept, (409, "merchant_suspended"), Counter.suspend),
    Row("… captures", Counter.capture, (409, "merchant_suspended"), Counter.suspend),
    Row("… is scanned", lambda at: at.scan(at.qr), (409, "merchant_suspended"), Counter.suspend),
    Row("… is paid", Counter.pay, (409, "merchant_suspended"), Counter.suspend),
    Row("… has a poster", Counter.propose, (409, "merchant_suspended"), Counter.suspend),
    Row("a revoked till asks", Counter.ask_for, (403, "till_secret_wrong"), Counter.sign_the_till_out),
    Row("… captures", Counter.capture, (403, "till_secret_wrong"), Counter.sign_the_till_out),
    Row("… takes back", lambda at: at.refund(by=at.till), (403, "till_secret_wrong"), Counter.sign_the_till_out),
    Row("… is paid", Counter.pay, (409, "till_revoked"), Counter.sign_the_till_out),
]
WRONG_ROLE = [
    Row("a citizen asks for money", lambda at: at.ask_for(by=at.phone), (403, "not_your_role")),
    Row("a citizen says yes", lambda at: at.accept(by=at.phone), (403, "not_your_role")),
    Row("a citizen captures", lambda at: at.capture(by=at.phone), (403, "not_your_role")),
    Row("a citizen refunds", lambda at: at.refund(by=at.phone), (403, "not_your_role")),
    Row("an officer refunds", lambda at: at.refund(by=as_officer(hire("ploy"))), (403, "not_your_role")),
    Row("a till refunds a part", lambda at: at.refund(40_00, by=at.till), (403, "cashier_cannot_refund")),
    Row(
        "a cashier refunds too late",
        lambda at: at.refund(by=as_staff(at.stall, Role.CASHIER)),
        (403, "cashier_cannot_refund"),
        after(dt.timedelta(minutes=10)),
    ),
    Row("a till pays", lambda at: at.pay(by=at.till), (403, "not_your_role")),
    Row("nobody pays", lambda at: at.pay(by=Knock()), (401, "token_refused")),
]
CLOCK_SKEW = [
    Row(
        "a phone's clock a minute slow",
        lambda at: at.ask_of(at.code(NOON - 2 * STEP)),
        (409, "code_expired"),
    ),
    Row("a phone's clock a minute fast", lambda at: at.ask_of(at.code(NOON + 2 * STEP)), (409, "code_expired")),
]
HELD = [
    Row("a second capture of all", Counter.capture, (409, "capture_over_rest"), Counter.capture),
    Row("a capture over the rest", lambda at: at.capture(50_01), (409, "capture_over_rest"), captured),
    Row(
        "two captures with one id, of two amounts",
        lambda at: at.capture(31_00, id_=ONE_ID),
        (422, "capture_id_reused"),
        captured,
    ),
    Row("a capture sent again", captured, DONE, captured),
    Row("a capture after the release", Counter.capture, (409, "hold_released"), Counter.release),
    Row("a release after the capture", Counter.release, (409, "hold_captured"), Counter.capture),
    Row(
        "a held charge taken back",
        lambda at: at.till.post(f"charges/{at.held.charge_id}/cancellation/"),
        (409, "charge_held"),
    ),
]
REFUNDED = [
    Row("a refund sent again", refunded, DONE, refunded),
    Row(
        "two refunds with one id, of two amounts",
        lambda at: at.refund(41_00, id_=ONE_ID),
        (422, "refund_id_reused"),
        refunded,
    ),
    Row("a refund over the rest", lambda at: at.refund(60_01), (409, "refund_over_rest"), refunded),
    Row("a refund over the whole", lambda at: at.refund(100_01), (409, "refund_over_rest")),
    Row("a refund of nothing that is left", Counter.refund, (409, "refund_over_rest"), Counter.refund),
    Row(
        "a refund days after the scheme's time for it",
        lambda at: at.refund(40_00),
        (409, "refund_too_late"),
        lambda _: days.close(at=MIDNIGHT),
    ),
]

ROWS = [
    *EXPIRED, *USED, *FOREIGN, *TRUNCATED, *WRONG_CRC, *WRONG_SIGNATURE, *OTHERS, *STOPPED, *WRONG_ROLE, *CLOCK_SKEW,
    *HELD, *REFUNDED,
]  # fmt: skip


@pytest.mark.parametrize("row", [pytest.param(row, id=row.wrong) for row in ROWS])
def test_what_is_wrong_gets_one_no_and_nothing_moves(counter: Counter, row: Row) -> None:
    row.before(counter)
    before = counter.picture()
    assert said(row.bring(counter)) == row.answer
    assert counter.picture() == before


# Every amount that nobody can mean, as it stands in the body; and every way to say one, with its largest.
AMOUNTS = [
    ("nothing", "0"),
    ("less than nothing", "-1"),
    ("less than a satang", "0.5"),
    ("over any price", str(10**15)),
    ("more digits than a number has", str(10**30)),
    ("more digits than a phone can send", "9" * 60_000),
    ("no number", '"6000"'),
]
WAYS: list[tuple[str, Callable[[Counter], tuple[Knock, str, dict[str, Any]]]]] = [
    ("a till asks", lambda at: (at.till, "charges/", {})),
    ("a till asks a customer", lambda at: (at.till, "charges/presented/", {"code": at.code()})),
    ("a poster is keyed", lambda at: (at.phone, "proposals/", {"qr_payload": at.poster})),
    ("a capture", lambda at: (at.till, f"holds/{at.held.id}/captures/", {"id": ONE_ID})),
    ("a refund", lambda at: (at.owner, f"payments/{at.paid.id}/refunds/", {"refund_id": ONE_ID, "reason": "cold"})),
]


@pytest.mark.parametrize("amount", [pytest.param(amount, id=name) for name, amount in AMOUNTS])
@pytest.mark.parametrize("way", [pytest.param(way, id=name) for name, way in WAYS])
def test_an_amount_that_cannot_be_moves_nothing(counter: Counter, way: Any, amount: str) -> None:
    knock, where, body = way(counter)
    before = counter.picture()
    written = json.dumps({**body, "amount_satang": "?"}).replace('"?"', amount)
    assert said(knock.post(where, written)) in {(400, "fields_wrong"), (400, "malformed")}
    assert counter.picture() == before


@pytest.mark.parametrize("way", [pytest.param(way, id=name) for name, way in WAYS[:3]])
def test_an_amount_over_the_limit_is_told_the_limit(counter: Counter, way: Any) -> None:
    knock, where, body = way(counter)
    before = counter.picture()
    answer = knock.post(where, {**body, "amount_satang": charges.LARGEST_CHARGE + 1})
    assert said(answer) == (422, "charge_too_large")
    assert answer.json()["facts"]["largest_satang"] == charges.LARGEST_CHARGE
    assert counter.picture() == before


class Race(NamedTuple):
    """What is done at once, all answers, and what Somchai and Malee have afterwards."""

    between: str
    acts: Callable[[Counter], list[Callable[[], Any]]]
    answers: dict[tuple[int, str], int]
    books: dict[str, int]


RACES = [
    Race(
        "two refunds of more than half",
        lambda at: [partial(at.refund, 60_00)] * 2,
        {DONE: 1, (409, "refund_over_rest"): 1},
        {"cash:somchai": 440_00, "purse:somchai": 1_940_00, "payable:malee": 40_00},
    ),
    Race(
        "two refunds with one id",
        lambda at: [partial(at.refund, 60_00, id_=ONE_ID)] * 2,
        {DONE: 2},
        {"cash:somchai": 440_00, "purse:somchai": 1_940_00, "payable:malee": 40_00},
    ),
    Race(
        "two captures of more than half",
        lambda at: [partial(at.capture, 60_00)] * 2,
        {DONE: 1, (409, "capture_over_rest"): 1},
        {"cash:somchai": 410_00, "purse:somchai": 1_910_00, "payable:malee": 160_00},
    ),
    Race(
        "one QR that is confirmed twice",
        lambda at: [at.pay, partial(at.pay, nonce="fedcba9876543210")],
        {DONE: 1, (409, "already_paid"): 1},
        {"cash:somchai": 385_00, "purse:somchai": 1_885_00, "payable:malee": 150_00},
    ),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("race", [pytest.param(race, id=race.between) for race in RACES])
def test_of_two_at_once_one_comes_after_the_other(counter: Counter, race: Race) -> None:
    assert Times(said(answer) for answer in at_once(race.acts(counter))) == race.answers
    books = counter.stage.books()
    assert {name: books[name] for name in race.books} == race.books


@pytest.mark.django_db(transaction=True)
def test_a_refund_that_races_the_close_counts_on_one_of_the_two_days(counter: Counter) -> None:
    undone, closed = at_once([partial(counter.refund, by=counter.till), partial(days.close, at=MIDNIGHT)])
    assert (said(undone), closed.business_date) == (DONE, NOON.date())
    days.close(at=MIDNIGHT + dt.timedelta(days=1))
    for business_date in slices.unsliced_days():
        slices.write(business_date=business_date, at=MIDNIGHT + dt.timedelta(days=1))
    expected = Times({NOON.date(): 100_00})
    expected.subtract({Refund.objects.get().business_date: 100_00})
    found: Times[dt.date] = Times()
    for one in Slice.objects.filter(merchant_id=counter.stall.merchant.id):
        found[one.business_date] += one.amount
    assert {day: satang for day, satang in found.items() if satang} == {
        day: satang for day, satang in expected.items() if satang
    }


def said(answer: Any) -> tuple[int, str]:
    """Return the status, and the code of a refusal, which must be problem details."""
    if answer.status_code < 400:
        return answer.status_code, ""
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]
