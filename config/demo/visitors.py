"""After the day: the doors stay open, the clock runs on, and whoever comes by is told how to sign in."""

import signal
import time
from typing import Final

from config.demo.cast import CITIZENS, at
from config.demo.house import House
from config.demo.people import Officer
from config.demo.report import Played
from wallet import clock

LOOK_SECONDS: Final = 1.0
SHOWN: Final = 5


def welcome(house: House, played: Played) -> None:
    """Let the clock run on from ten in the morning of the next open day, and print the way in."""
    opens = at(10, days=2)
    clock.run_from(opens)
    _write_ways_in(house, played)
    market = played.market
    print(f"\nThe market is open again: it is {opens:%A %d %B %Y, %H:%M} in Bangkok, and time runs on.\n")
    print(f"  API           {house.web_address}/api/v1/      description: {house.web_address}/api/schema")
    print(f"  Stripe        {house.stripe_address}   (loopback; no real money anywhere)")
    print(f"  bank          {house.bank_address}   (loopback)")
    print("\n  Citizens      phone        PIN       device")
    for who in CITIZENS[:SHOWN]:
        print(f"  {who.name:12}  {who.phone}   {who.pin}    {market.citizen(who).device_id}")
    print(f"  … and {len(CITIZENS) - SHOWN} more in {house.folder / 'ways-in.txt'}")
    print("\n  Tills         id                                     secret")
    for till in list(market.tills.values())[:SHOWN]:
        print(f"  {till.name:20}{till.id}   {till.secret}")
    print("\n  Officers      password                       authenticator secret                       code now")
    for officer in market.officers.values():
        print(f"  {officer.who.username:12}  {officer.who.password:28}   {officer.secret:40}   {_code_now(officer)}")
    print("\nThe tour of all this, with commands to paste: docs/the-tour.md. Stop with Ctrl-C.", flush=True)


def serve(house: House) -> None:
    """Keep the doors open until Ctrl-C or SIGTERM.

    :raises PartDied: a part ended by itself.
    """
    while True:
        house.must_be_whole()
        time.sleep(LOOK_SECONDS)


def _code_now(officer: Officer) -> str:
    return officer.code()


def _write_ways_in(house: House, played: Played) -> None:
    """Write every sign-in to a file that only its owner can read."""
