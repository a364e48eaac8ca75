"""The rounds themselves: buy, let midnight come, kill, bring back, go on; and the count at the end."""

import random
import time
from collections.abc import Iterable, Sized
from typing import Final

from config.demo.house import House
from tests.faults import town, verdict
from tests.faults.kills import Killer
from tests.faults.office import Nights, Office
from tests.faults.phones import TOP_UP
from tests.faults.town import POCKET, Town
from tests.faults.wire import Wire
from wallet.models import TopUp

PEACE_SECONDS: Final = (0.5, 2.0)
DEAD_SECONDS: Final = (0.0, 0.5)
# After each kill so many more must be told that they have paid, or the service is not back.
PROGRESS: Final = 20
PATIENCE_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.1
MOST_SHOWN: Final = 20


def play(house: House, wire: Wire, *, rounds: int, chance: random.Random, seed: str) -> dict[str, int]:
    """Play so many rounds and return the figures of the last line."""
    people = town.found(house.folder, house.line())
    office = Office(house, wire.address, people.ploy, people.anan)
    nights = Nights()
    nights.pass_by()
    killer = Killer(house, wire, house.environment["DATABASE_ADMIN_URL"], chance)
    order = killer.order(rounds)
    print(f"{rounds} rounds, seed {seed}: {len(people.citizens)} citizens at {len(people.stalls)} stalls", flush=True)
    people.begin_to_buy(house, address=wire.address, seed=seed)
    office.open()
    for number, name in enumerate(order, start=1):
        began = time.monotonic()
        nights.fall()
        time.sleep(chance.uniform(*PEACE_SECONDS))
        _kill(killer, name)
        killer.mend()
        nights.pass_by()
        paid = _progress(people)
        took = time.monotonic() - began
        print(f"{number:4d}/{rounds}  {nights.day:%d %b}  killed {name}; {took:.1f} s, {paid} told paid", flush=True)
    return _count(people, office, nights, killer, rounds=rounds)


def _kill(killer: Killer, name: str) -> None:
    kill = next(kill for kill in killer.kills if kill.name == name)
    kill.strike()
    time.sleep(killer.chance.uniform(*DEAD_SECONDS))
    kill.recover()


def _progress(people: Town) -> int:
    """Return how many payments were told, once there are some more than when asked; the service is back then.

    :raises TimeoutError: nobody pays any more.
    """
    before = paid = people.paid_so_far()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while paid < before + PROGRESS:
        if time.monotonic() > deadline:
            raise TimeoutError(f"only {paid - before} payments in {PATIENCE_SECONDS:.0f} s after a kill")
        time.sleep(LOOK_SECONDS)
        paid = people.paid_so_far()
    return paid


def _count(people: Town, office: Office, nights: Nights, killer: Killer, *, rounds: int) -> dict[str, int]:
    print("Everybody goes home, and the days are closed.", flush=True)
    people.stop_buying()
    office.close()
    killer.mend()
    unfinished = nights.settle()
    _wait_for_top_ups(office)
    told = verdict.read(people.told())
    lost = list(verdict.lost(told, topped_up=office.topped_up, approved=office.approved))
    doubled = list(verdict.doubled(told))
    for more, sentence in verdict.cash_is_otherwise(told, pocket=POCKET, topped_up=office.topped_up, top_up=TOP_UP):
        (lost if more > 0 else doubled).append(sentence)
    faults = verdict.faults()
    _tell("lost", lost)
    _tell("doubled", doubled)
    _tell("fault", faults)
    _tell("answered 500", told.our_faults)
    _tell("desk closed early", map(repr, office.broke))
    print(
        f"{len(told.held)} holds, {len(told.refunded)} refunds,"
        f" {len(told.paid)} payments, {len(office.topped_up)} top-ups and {len(office.approved)} approvals were told;"
        f" refused: {dict(told.refused)}"
    )
    acknowledged: list[Sized] = [told.paid, told.held, told.refunded, office.topped_up, office.approved]
    return {
        "rounds": rounds,
        "acknowledged": sum(map(len, acknowledged)),
        "lost": len(lost),
        "doubled": len(doubled),
        "faults": len(faults),
        "unfinished_closes": unfinished,
    }


def _wait_for_top_ups(office: Office) -> None:
    """Give Stripe's webhooks, and the timetable that asks after those that were lost, time to tell."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        arrived = TopUp.objects.filter(confirmed_at__isnull=False).values_list("id", flat=True)
        if office.topped_up <= {str(one) for one in arrived}:
            return
        time.sleep(LOOK_SECONDS)


def _tell(what: str, found: Iterable[str]) -> None:
    for sentence in list(found)[:MOST_SHOWN]:
        print(f"{what}: {sentence}")
