"""Our own ledger, used as the others are: the same three legs, in a process and a database of its own.

It does what `ledger.post` always does, so besides writing it takes the barrier, locks the citizen and keeps guarded
balances; like the others it checks no PIN, no key, no charge and no rule.
"""

import os
import sys

import django

from bench import peers


def main(address: str, payments: int) -> float:
    """Return seconds a payment."""
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = address
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    from wallet import ledger
    from wallet.accounts import STRIPE, Account, cash, payable, purse
    from wallet.clock import now, today
    from wallet.ids import uuid7
    from wallet.ledger import Move
    from wallet.models import BusinessDay, Channel, Citizen, Part, TransferKind

    call_command("migrate", verbosity=0)
    at = now()
    BusinessDay.objects.create(business_date=today(at), opened_at=at)
    citizens = [Citizen.objects.create(joined_at=at).id for _ in range(peers.CITIZENS)]
    places = {citizen_id: uuid7() for citizen_id in citizens}
    stalls = [uuid7() for _ in range(peers.STALLS)]

    def move(source: Account, target: Account, amount: int, owner_id: object, **more: object) -> Move:
        return Move(source=source, target=target, amount=amount, cause=uuid7(), owner_id=owner_id, **more)  # type: ignore[arg-type]

    for citizen_id in citizens:
        with ledger.posting(citizens=[citizen_id]) as date:
            top_ups = [
                move(STRIPE, account, 1_000_000_00, citizen_id, kind=TransferKind.TOP_UP)
                for account in (cash(citizen_id), purse(places[citizen_id]))
            ]
            ledger.post(moves=top_ups, business_date=date, at=at)

    def post(citizen: int, stall: int) -> None:
        citizen_id = citizens[citizen]
        paid = {"kind": TransferKind.PAYMENT, "channel": Channel.SHOP}
        own, state = cash(citizen_id), purse(places[citizen_id])
        with ledger.posting(citizens=[citizen_id]) as date:
            legs = [
                move(own, payable(stalls[stall]), 50_00, citizen_id, part=Part.CITIZEN, **paid),
                move(state, payable(stalls[stall]), 50_00, citizen_id, part=Part.STATE, scheme_id=uuid7(), **paid),
            ]
            ledger.post(moves=legs, business_date=date, at=now())

    return peers.seconds_a_payment(post, payments=payments)


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2])))
