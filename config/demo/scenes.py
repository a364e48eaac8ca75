"""The acts that must go right by going wrong. Each is one citizen's story, and stops the day if it ends otherwise."""

from typing import Any, Final
from uuid import uuid4

from config.demo.cast import CHAIN, COFFEE, GROCER, HARD_UP, MALEE, NOK, PLUS, PRASERT, SOMCHAI, at
from config.demo.line import Surprise
from config.demo.market import Market, at_once, stand_at
from config.demo.people import API, Citizen
from config.demo.shopping import buy
from config.demo.waiting import wait_until
from merchants.emvco import CRC, build, parse
from wallet.money import Satang

# The sample of the EMVCo specification: a merchant in Beijing.
BEIJING: Final = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT"
    "6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME"
    "91320016A0112233449988770708123456786304A13A"
)
# PromptPay to a phone number: a Thai QR in order, but of no till of ours.
NEIGHBOUR: Final = "00020101021129370016A000000677010111011300668012345675802TH530376463046197"


def wrong_pin_then_right(market: Market) -> str:
    """Somchai mistypes his PIN once."""
    somchai = market.citizen(SOMCHAI)
    charge = market.till(MALEE).ask(60_00)
    offer = somchai.scan(charge["qr_payload"]).must(200)
    left = somchai.confirm(offer, pin="918273").refused("pin_wrong")["tries_left"]
    expect(left, 4, "tries that are left after one wrong PIN")
    market.rights[1].use(somchai.confirm(offer).must()["state_satang"])
    return "a wrong PIN, then the right one"


def same_key_same_answer(market: Market) -> str:
    """A phone that heard nothing asks again with the same key, and later uses the key for something else."""
    citizen, key = market.citizen(3), str(uuid4())
    offer = citizen.scan(market.till(PRASERT).ask(45_00)["qr_payload"]).must(200)
    first = citizen.confirm(offer, key=key).must()
    market.rights[3].use(first["state_satang"])
    expect(citizen.confirm(offer, key=key).must()["id"], first["id"], "the payment that a repeated key stands for")
    other = citizen.scan(market.till(PRASERT).ask(55_00)["qr_payload"]).must(200)
    citizen.confirm(other, key=key).refused("key_reused")
    return "one key twice: one payment; the same key for another charge: refused"


def lost_answer_is_found(market: Market) -> str:
    """The train enters a tunnel after the PIN: the phone asks for the charge, and finds that it was paid."""
    citizen, key = market.citizen(4), str(uuid4())
    offer = citizen.scan(market.till(MALEE).ask(75_00)["qr_payload"]).must(200)
    with market.line.unheard("POST", f"{API}/payments/", citizen.terms(offer), token=citizen.token, key=key):
        wait_until(lambda: citizen.receipt_for(offer["charge_id"]) is not None, "a payment is found by its charge")
    receipt = citizen.receipts[-1]
    market.rights[4].use(receipt["state_satang"])
    expect(citizen.confirm(offer, key=key).must()["id"], receipt["id"], "the payment asked for again after a cut line")
    return "an answer lost in a tunnel, found again by its charge"


def two_at_one_charge(market: Market) -> str:
    """Two citizens scan the same screen and confirm at the same moment: one pays."""
    pair = (market.citizen(5), market.citizen(6))
    charge = market.till(MALEE).ask(50_00)
    offers = {citizen.who.number: citizen.scan(charge["qr_payload"]).must(200) for citizen in pair}
    at_once(lambda citizen: citizen.confirm(offers[citizen.who.number]), pair)
    paid = [citizen for citizen in pair if citizen.receipts and citizen.receipts[-1]["charge_id"] == charge["id"]]
    refused = [citizen for citizen in pair if citizen.refusals and citizen.refusals[-1] == "already_paid"]
    expect((len(paid), len(refused)), (1, 1), "of two at one charge, those who paid and those who were refused")
    market.rights[paid[0].who.number].use(25_00)
    return "two at one charge: one paid, the other was told"


def wrong_codes(market: Market) -> str:
    """What a camera may catch: a torn code, one from Beijing, a neighbour's PromptPay, and one with another price."""
    citizen, shown = market.citizen(7), market.till(COFFEE).ask(35_00)["qr_payload"]
    citizen.scan(shown[:-4] + ("0000" if shown[-4:] != "0000" else "1111")).refused("qr_damaged")
    citizen.scan(BEIJING).refused("qr_other_country")
    citizen.scan(NEIGHBOUR).refused("qr_foreign")
    fields = {tag: value for tag, value in parse(shown).items() if tag != CRC} | {"54": "1.00"}
    citizen.scan(build(fields)).refused("qr_signature_wrong")
    return "codes that are damaged, from Beijing, a neighbour's, or edited"


def own_money_short(market: Market) -> str:
    """One citizen has the right, but not the other half."""
    citizen = market.citizen(HARD_UP)
    offer = citizen.scan(market.till(GROCER).ask(250_00)["qr_payload"]).must(200)
    expect(offer["short_satang"], 250_00 - 125_00 - 100_00, "satang that are missing")
    citizen.confirm(offer).refused("cash_short")
    return "own money short, and how much is said"


def not_enrolled(market: Market) -> str:
    """Nok has no place in the scheme: she is told, and pays the whole price because she chooses to."""
    nok = market.citizen(NOK)
    charge = market.till(MALEE).ask(60_00)
    nok.scan(charge["qr_payload"], schemes=[PLUS]).refused("not_enrolled")
    receipt = nok.pay(charge["qr_payload"], schemes=[])
    expect((receipt["own_part_satang"], receipt["state_satang"]), (60_00, 0), "what Nok pays by choice")
    return "no place in the scheme: own money, by choice"


def cancelled(market: Market) -> str:
    """Malee keyed a wrong price and takes the charge back while the citizen looks at it."""
    till, citizen = market.till(MALEE), market.citizen(9)
    charge = till.ask(850_00)
    offer = citizen.scan(charge["qr_payload"]).must(200)
    till.cancel(charge).must()
    citizen.confirm(offer).refused("charge_cancelled")
    expect(till.look(charge)["state"], "cancelled", "how a charge that was taken back stands")
    return "a charge taken back before it was paid"


def shop_not_in_scheme(market: Market) -> str:
    """A franchise convenience store takes G-Wallet money, but not the scheme."""
    citizen = market.citizen(10)
    charge = market.till(CHAIN).ask(49_00)
    offer = citizen.scan(charge["qr_payload"]).must(200)
    expect((offer["refusal"] or {}).get("code"), "merchant_not_eligible", "what is said of a franchise store")
    receipt = citizen.pay(charge["qr_payload"], schemes=[])
    expect(receipt["own_part_satang"], 49_00, "what is paid at a franchise store")
    return "a shop that is not in the scheme: own money, by choice"


def beer_beside_the_rice(market: Market) -> str:
    """The State shares the rice on the bill, and not the beer; a lottery ticket alone it does not share at all."""
    citizen, till = market.citizen(11), market.till(GROCER)
    receipt = citizen.pay(till.ask(180_00, lines=[("food", 100_00), ("alcohol", 80_00)])["qr_payload"])
    expect((receipt["own_part_satang"], receipt["state_satang"]), (130_00, 50_00), "the split of rice and beer")
    market.rights[11].use(50_00)
    lottery = till.ask(80_00, lines=[("lottery", 80_00)])
    offer = citizen.scan(lottery["qr_payload"]).must(200)
    expect((offer["refusal"] or {}).get("code"), "goods_not_allowed", "what is said of a lottery ticket")
    till.cancel(lottery).must()
    return "rice and beer on one bill: the State shares the rice"


def split_changed(market: Market) -> str:
    """Two screens open, the first payment uses up what the second counted on: nobody pays more than they saw."""
    citizen, till, right = market.citizen(12), market.till(GROCER), market.rights[12]
    prices = (2 * (right.today - 10_00), 100_00)  # the first leaves ten baht of today's right
    first, second = (citizen.scan(till.ask(price)["qr_payload"]).must(200) for price in prices)
    right.use(citizen.confirm(first).must()["state_satang"])
    citizen.confirm(second).refused("split_changed")
    return "a split that changed since it was shown: refused"


def others_see_nothing(market: Market) -> str:
    """Nok asks for Somchai's receipt; a till asks for a citizen's page; somebody comes without a token."""
    receipt = market.citizen(SOMCHAI).receipts[0]
    expect(
        market.citizen(NOK).get(f"payments/{receipt['id']}/").status, 404, "the answer to Nok about another's receipt"
    )
    till = market.till(MALEE)
    market.line.ask("GET", f"{API}/me/", token=till.token).refused("not_your_role")
    market.line.ask("GET", f"{API}/me/").refused("token_refused")
    return "another's receipt, another's page, no token: nothing is shown"


def expired(market: Market) -> str:
    """Citizen 13 looks for the phone for six minutes."""
    charge = market.till(COFFEE).ask(40_00)
    stand_at(at(9, 6))
    market.citizen(13).scan(charge["qr_payload"]).refused("charge_expired")
    return "a QR that was six minutes old"


def delivery(market: Market) -> str:
    """Prasert's rice comes home at eight: the State shares the food, not the fare. At nine it is too late for that."""
    number = _with_right(market, 20_00)
    citizen, till = market.citizen(number), market.till(PRASERT)
    stand_at(at(20))
    order = [("food", 40_00), ("delivery_fee", 30_00)]
    receipt = citizen.pay(till.ask(70_00, channel="delivery", lines=order)["qr_payload"])
    expect((receipt["own_part_satang"], receipt["state_satang"]), (50_00, 20_00), "the split of rice and its delivery")
    market.rights[number].use(20_00)
    stand_at(at(21))
    late = till.ask(70_00, channel="delivery", lines=order)
    _too_late(citizen, citizen.scan(late["qr_payload"]).must(200))
    return "delivery until nine: the food is shared, the fare is not"


def eleven_at_night(market: Market) -> str:
    """One second before 23:00 the scheme pays, at 23:00 it does not."""
    number = _with_right(market, 20_00)
    stand_at(at(22, 59, 59))
    buy(market, number, market.till(MALEE), 40_00)
    stand_at(at(23))
    citizen = market.citizen(number)
    _too_late(citizen, citizen.scan(market.till(MALEE).ask(50_00)["qr_payload"]).must(200))
    return "one second before 23:00, and 23:00"


def _with_right(market: Market, satang: Satang) -> int:
    """Return the number of somebody who has so much of today's right left after a day of shopping."""
    return next(number for number, right in market.rights.items() if right.today >= satang)


def _too_late(citizen: Citizen, offer: dict[str, Any]) -> None:
    expect((offer["refusal"] or {}).get("code"), "outside_hours", f"what {citizen.who.name} is told too late at night")
    in_its_name = {**offer, "own_part_satang": offer["price_satang"], "schemes": [PLUS]}
    citizen.confirm(in_its_name).refused("outside_hours")


def expect(found: object, wanted: object, what: str) -> None:
    """Stop the day if something is otherwise than the script says.

    :raises Surprise: it is.
    """
    if found != wanted:
        raise Surprise(f"Expected {wanted!r} as {what}, and found {found!r}.")
