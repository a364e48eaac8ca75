"""What a stall needs before it hands over the noodles: to be told at once, and not to be fooled by a forged receipt."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Final

from config.demo.cast import COFFEE, MALEE
from config.demo.line import Line
from config.demo.market import Market
from config.demo.people import API
from config.demo.scenes import expect

EVENTS: Final = f"{API}/till/events/"
WAIT_SECONDS: Final = 20


def told_at_once(market: Market) -> str:
    """Malee's till listens while a citizen pays; without a proxy in front, the web says where."""
    till, citizen = market.till(MALEE), market.citizen(14)
    expect(market.line.ask("GET", EVENTS, token=till.token).status, 307, "the web's answer to a till that listens")
    with closing(Line(os.environ["LIVE_ORIGIN"])) as live, ThreadPoolExecutor(1) as hands:
        seen = ",".join(news["id"] for news in live.ask("GET", EVENTS, token=till.token).must(200)["results"])
        path = f"{EVENTS}?wait={WAIT_SECONDS}&seen={seen}"
        heard = hands.submit(live.ask, "GET", path, token=till.token)
        receipt = citizen.pay(till.ask(40_00)["qr_payload"])
        told = [news["payment_id"] for news in heard.result().must(200)["results"]]
    expect(told, [receipt["id"]], "what the till was told while it listened")
    market.rights[14].use(receipt["state_satang"])
    return "a till that listens, told as soon as it was paid"


def forged_receipt(market: Market) -> str:
    """Somebody shows a receipt on which one figure was changed; anybody can tell, without an account."""
    citizen = market.citizen(15)
    receipt = citizen.pay(market.till(COFFEE).ask(35_00)["qr_payload"])
    market.rights[15].use(receipt["state_satang"])
    receipt = market.line.ask("GET", f"{API}/payments/{receipt['id']}/", token=citizen.token).must(200)
    genuine = {"signed": receipt["signed"]}
    checked = market.line.ask("POST", f"{API}/receipts/verification/", genuine).must(200)
    expect(checked["price_satang"], 35_00, "what a genuine receipt says")
    head, said, signature = receipt["signed"].split(".")
    other = "A" if said[-9] != "A" else "B"
    forged = {"signed": f"{head}.{said[:-9]}{other}{said[-8:]}.{signature}"}
    market.line.ask("POST", f"{API}/receipts/verification/", forged).refused("receipt_forged")
    return "a receipt with one figure changed, found out"
