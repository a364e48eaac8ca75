"""The whole day in its order: registration, top-ups, the market, the night, the money, the proof."""

import json
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.request import ProxyHandler, Request, build_opener

from config.demo import night, report, scenes, shopping, stage, telling
from config.demo.cast import HARD_UP, NOK, REGISTRATION, SCHOOLCHILD, SOMCHAI, at
from config.demo.house import STRIPE_API_KEY, House
from config.demo.market import Market, at_once, begin_day, stand_at
from config.demo.people import Citizen
from config.demo.rule import GRANTED
from config.demo.scenes import expect
from config.demo.waiting import wait_until
from config.loopback import stripe

TOPPED_UP: Final = 1_000_00
TOPPED_UP_BY_THE_HARD_UP: Final = 100_00
STRIPES_LONGEST_PAGE: Final = 100
WEBHOOK_SECONDS: Final = 20.0

MORNING: Final = (
    scenes.wrong_pin_then_right,
    scenes.same_key_same_answer,
    scenes.lost_answer_is_found,
    scenes.two_at_one_charge,
    scenes.wrong_codes,
    scenes.own_money_short,
    scenes.not_enrolled,
    scenes.cancelled,
    scenes.shop_not_in_scheme,
    scenes.beer_beside_the_rice,
    scenes.split_changed,
    scenes.others_see_nothing,
    telling.told_at_once,
    telling.forged_receipt,
    scenes.expired,
)
LATE: Final = (scenes.delivery, scenes.eleven_at_night)


def play(house: House, *, began: float) -> Market:
    """Play the day and print what happened, the last line for machines.

    :param began: `time.monotonic()` of the start, so that the whole wait is told.
    :raises Surprise: something went otherwise than the script says.
    """
    line = house.line(patience_seconds=10)
    built = stage.build(line)
    market = Market(line, house.provider, built.tills, built.officers)
    tell = _teller(began)
    tell(f"{house.web_address} is open: web, live events, Celery, PostgreSQL, Valkey, loopback Stripe and bank")

    register(market, tell)
    top_up(market, house, tell)
    _trade(market, tell)
    bank_files = night.settle(market, house, tell)
    report.close(market, house, bank_files, began=began)
    return market


def register(market: Market, tell: Callable[[str], None]) -> None:
    """Let everybody join, and take their places in the scheme when registration opens."""
    citizens = list(market.citizens.values())
    at_once(lambda citizen: citizen.join(market.provider), citizens)
    child = Citizen(SCHOOLCHILD, market.line)
    child.join(market.provider)
    stand_at(REGISTRATION)
    child.enrol().refused("not_eligible")
    enrolling = [market.citizen(number) for number in market.rights]
    at_once(lambda citizen: expect(citizen.enrol().must()["granted_satang"], GRANTED, "the grant"), enrolling)
    market.citizen(SOMCHAI).enrol().refused("already_enrolled")
    stand_at(REGISTRATION.replace(hour=22))  # Nok comes when it is closed for the night, and not again
    market.citizen(NOK).enrol().refused("registration_not_open")
    tell(f"20 Oct 06:00  {len(citizens)} citizens have joined, {len(enrolling)} have a right of 2,000 baht each")


def top_up(market: Market, house: House, tell: Callable[[str], None]) -> None:
    """Let everybody put a thousand baht of their own into the wallet."""
    begin_day(at(7))
    asked: dict[str, Citizen] = {}

    def ask(citizen: Citizen) -> None:
        satang = TOPPED_UP_BY_THE_HARD_UP if citizen.who is HARD_UP else TOPPED_UP
        asked[citizen.ask_top_up(satang)["id"]] = citizen

    at_once(ask, market.citizens.values())
    intents = _intents_of(house)
    at_once(lambda top_up: stripe.ask(house.stripe_address, f"pay/{intents[top_up]}"), asked)

    def all_arrived() -> bool:
        return all(
            citizen.get(f"top-ups/{top_up}/").must(200)["state"] == "arrived" for top_up, citizen in asked.items()
        )

    wait_until(all_arrived, "every top-up has arrived by Stripe's webhook", seconds=WEBHOOK_SECONDS)
    tell(f"10 Nov 07:00  {len(asked)} top-ups paid by PromptPay at the loopback Stripe, and booked")


def _intents_of(house: House) -> dict[str, str]:
    """Return Stripe's id of each top-up: what the QR on the citizen's screen stands for at the bank."""
    request = Request(  # noqa: S310  http, this machine
        f"{house.stripe_address}/v1/payment_intents?limit={STRIPES_LONGEST_PAGE}",
        headers={"Authorization": f"Bearer {STRIPE_API_KEY}"},
    )
    with build_opener(ProxyHandler({})).open(request) as answer:
        listed: list[dict[str, Any]] = json.load(answer)["data"]
    return {intent["metadata"]["top_up"]: intent["id"] for intent in listed}


def _trade(market: Market, tell: Callable[[str], None]) -> None:
    at_once(lambda till: till.sign_in(), market.tills.values())
    plan = shopping.plan()
    for hour, period in ((8, "morning"), (12, "noon"), (18, "evening")):
        stand_at(at(hour))
        shopping.go(market, plan[period])
        tell(f"10 Nov {hour:02d}:00  {period}: {len(list(market.receipts))} payments so far")
        if period == "morning":
            stand_at(at(9))
            for scene in MORNING:
                tell(f"              {scene(market)}")
    for scene in LATE:
        tell(f"              {scene(market)}")


def _teller(began: float) -> Callable[[str], None]:
    def tell(sentence: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {sentence}", flush=True)

    return tell
