"""After the day: the doors stay open, the clock runs on, and whoever comes by is told how to sign in."""

import os
import shlex
import time
from pathlib import Path
from typing import Final

from config.demo.cast import CITIZENS, MALEE, NOK, PRASERT, SOMCHAI, at
from config.demo.house import STRIPE_API_KEY, House
from config.demo.market import Market, begin_day
from wallet import clock

LOOK_SECONDS: Final = 0.5
SHOWN: Final = 5


def welcome(market: Market, house: House) -> None:
    """Let the clock run on from ten in the morning of the next open day, and print the ways in."""
    opens = begin_day(at(10, days=2))
    clock.run_from(opens)
    variables = house.folder / "market.env"
    _write(variables, _ways_in(market, house))
    print(f"\nThe market is open again: it is {opens:%A, %d %B %Y, %H:%M} in Bangkok, and time runs on.\n")
    print(f"  Pages    {house.web_address}/   sign in with a citizen's phone and PIN, or open a new wallet")
    print(f"  API      {house.web_address}/api/v1/   described at {house.web_address}/api/schema")
    print(f"  Stripe   {house.stripe_address}   bank {house.bank_address}   (loopback: no real money anywhere)")
    print(f"\n  {'citizen':18}{'phone':13}{'PIN':9}device")
    for who in CITIZENS[:SHOWN]:
        print(f"  {who.name:18}{who.phone:13}{who.pin:9}{market.citizen(who).device_id}")
    print(f"\n  {'till':18}{'id':39}secret")
    for till in market.tills.values():
        print(f"  {till.name:18}{till.id:39}{till.secret}")
    print(f"\n  {'officer':18}{'password':39}authenticator secret")
    for officer in market.officers.values():
        print(f"  {officer.who.username:18}{officer.who.password:39}{officer.secret}")
    print("  The code of this moment: python3 -m config.demo.authenticator SECRET")
    print(f"\nThe same for a shell: . {variables}")
    print("The tour, with commands to paste: docs/the-tour.md. Stop with Ctrl-C.", flush=True)


def serve(house: House) -> None:
    """Keep the doors open until somebody stops us.

    :raises PartDied: a part has ended by itself.
    """
    while True:
        house.must_be_whole()
        time.sleep(LOOK_SECONDS)


def _ways_in(market: Market, house: House) -> dict[str, str]:
    """Return what the tour's commands need, by the name of a shell variable."""
    ways = {"API": f"{house.web_address}/api/v1", "BANK": house.bank_address}
    ways |= {"STRIPE": house.stripe_address, "STRIPE_KEY": STRIPE_API_KEY}
    for who in (SOMCHAI, NOK):
        ways |= {f"{who.name.upper()}_{name}": value for name, value in (("PHONE", who.phone), ("PIN", who.pin))}
        ways[f"{who.name.upper()}_DEVICE"] = market.citizen(who).device_id
    for shop in (MALEE, PRASERT):
        till = market.till(shop)
        ways |= {f"{shop.code.upper()}_TILL": till.id, f"{shop.code.upper()}_SECRET": till.secret}
    for officer in market.officers.values():
        name = officer.who.username.upper()
        ways |= {f"{name}_PASSWORD": officer.who.password, f"{name}_AUTHENTICATOR": officer.secret}
    return ways


def _write(file: Path, variables: dict[str, str]) -> None:
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as lines:
        lines.writelines(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())
