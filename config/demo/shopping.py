"""Who buys what: the same three hundred purchases each time, each held to the printed rule."""

import random
from typing import Any, Final

from config.demo.cast import CHAIN, CITIZENS, HARD_UP, PLUS, SHOPS, Shop
from config.demo.line import Surprise
from config.demo.market import Market, at_once
from config.demo.people import Citizen, Till
from wallet.money import Satang

PERIODS: Final = ("morning", "noon", "evening")
VISITS_A_PERIOD: Final = 2

# Any number would do; a fixed one makes each day the same, so that two runs can be compared.
SEED: Final = 2568

# Above this, who has used up today's right walks away instead of paying all of it.
WORTH_OWN_MONEY: Final[Satang] = 50_00

Basket = dict[int, list[tuple[Shop, Satang]]]


def plan() -> dict[str, Basket]:
    """Return what each citizen (by number) buys, and where, in each period of the day."""
    chance = random.Random(SEED)  # noqa: S311  nothing secret hangs on it
    open_to_all = [shop for shop in SHOPS if shop is not CHAIN]

    def basket() -> Basket:
        shops = {
            who.number: [chance.choice(open_to_all) for _ in range(VISITS_A_PERIOD)]
            for who in CITIZENS
            if who is not HARD_UP
        }
        return {number: [(shop, chance.choice(shop.prices)) for shop in mine] for number, mine in shops.items()}

    return {period: basket() for period in PERIODS}


def go(market: Market, basket: Basket) -> None:
    """Let everybody shop at the same time, each one purchase after the other.

    :raises Surprise: a split is not what the rule says, or a purchase does not come about.
    """

    def shop_for(number: int) -> None:
        for shop, satang in basket[number]:
            buy(market, number, market.till(shop), satang)

    at_once(shop_for, basket)


def buy(market: Market, number: int, till: Till, satang: Satang) -> None:
    """Let one citizen buy something for `satang`.

    :raises Surprise: the split is not what the rule says.
    """
    citizen, right = market.citizen(number), market.rights.get(number)
    charge = till.ask(satang)
    if right is None:
        receipt = citizen.pay(charge["qr_payload"], schemes=[])
        _must_be(citizen, receipt, price=satang, state=0)
    elif expected := right.share_of(satang):
        offer = citizen.scan(charge["qr_payload"]).must(200)
        _must_be(citizen, offer, price=satang, state=expected)
        _must_be(citizen, citizen.confirm(offer).must(), price=satang, state=expected)
        right.use(expected)
    else:
        _without_right(citizen, till, charge)


def _without_right(citizen: Citizen, till: Till, charge: dict[str, Any]) -> None:
    """Today's right is used up: what is cheap is paid with own money, for the rest the citizen walks away."""
    offer = citizen.scan(charge["qr_payload"]).must(200)
    said = (offer["refusal"] or {}).get("code")
    if said != "daily_right_used_up":
        raise Surprise(f"{citizen.who.name} used up today's right, and scanning said {said!r}.")
    # Whoever insists in the scheme's name is refused: nobody slides into the full price.
    insisting = {**offer, "own_part_satang": offer["price_satang"], "schemes": [PLUS]}
    citizen.confirm(insisting).refused("daily_right_used_up")
    if charge["amount_satang"] <= WORTH_OWN_MONEY:
        citizen.pay(charge["qr_payload"], schemes=[])
    else:
        till.cancel(charge).must()


def _must_be(citizen: Citizen, shown: dict[str, Any], *, price: Satang, state: Satang) -> None:
    found = (shown["price_satang"], shown["own_part_satang"], shown["state_satang"])
    if found != (price, price - state, state):
        raise Surprise(
            f"{citizen.who.name} buys for {price} satang. The rule says {price - state} of their own and {state} of the"
            f" State's; the service says {found[1]} and {found[2]} of {found[0]}."
        )
