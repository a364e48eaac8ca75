"""django-hordak: a transaction with three legs, which triggers in the database hold to zero."""

import sys

from bench import peers


def main(address: str, payments: int) -> float:
    """Return seconds a payment."""
    peers.set_up(address, "mptt", "djmoney", "hordak", HORDAK_CURRENCIES=["THB"], DEFAULT_CURRENCY="THB")
    from django.db import transaction as db_transaction
    from hordak.models import Account, AccountType, Leg, Transaction
    from moneyed import Money

    def accounts(name: str, kind: str, count: int) -> list[Account]:
        return [
            Account.objects.create(name=f"{name} {number}", type=kind, code=None, currencies=["THB"])
            for number in range(count)
        ]

    cash = accounts("cash", AccountType.liability, peers.CITIZENS)
    purses = accounts("purse", AccountType.liability, peers.CITIZENS)
    payables = accounts("payable", AccountType.liability, peers.STALLS)

    def post(citizen: int, stall: int) -> None:
        with db_transaction.atomic(durable=True):
            payment = Transaction.objects.create(description="payment")
            Leg.objects.create(transaction=payment, account=cash[citizen], debit=Money(50, "THB"))
            Leg.objects.create(transaction=payment, account=purses[citizen], debit=Money(50, "THB"))
            Leg.objects.create(transaction=payment, account=payables[stall], credit=Money(100, "THB"))

    return peers.seconds_a_payment(post, payments=payments)


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2])))
