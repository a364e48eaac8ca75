"""django-ledger: a posted journal entry of three transactions in a chart of accounts."""

import sys
from decimal import Decimal

from bench import peers


def main(address: str, payments: int) -> float:
    """Return seconds a payment."""
    peers.set_up(address, "treebeard", "django_ledger")
    from django.contrib.auth.models import User
    from django.utils import timezone
    from django_ledger.io import roles
    from django_ledger.models import EntityModel

    admin = User.objects.create_user("bench")
    entity = EntityModel.create_entity("G-Wallet", use_accrual_method=True, admin=admin, fy_start_month=1)
    chart = entity.create_chart_of_accounts(assign_as_default=True, commit=True, coa_name="bench")
    ledger = entity.create_ledger(name="payments", posted=True)

    def accounts(begins: int, name: str, count: int) -> list[object]:
        return [
            entity.create_account(
                code=str(begins + number),
                role=roles.LIABILITY_CL_OTHER,
                name=f"{name} {number}",
                balance_type="credit",
                active=True,
                coa_model=chart,
            )
            for number in range(count)
        ]

    cash = accounts(20_000, "cash", peers.CITIZENS)
    purses = accounts(21_000, "purse", peers.CITIZENS)
    payables = accounts(22_000, "payable", peers.STALLS)

    def post(citizen: int, stall: int) -> None:
        entity.commit_txs(
            je_timestamp=timezone.now(),
            je_txs=[
                {"account": cash[citizen], "amount": Decimal(50), "tx_type": "debit", "description": "own"},
                {"account": purses[citizen], "amount": Decimal(50), "tx_type": "debit", "description": "state"},
                {"account": payables[stall], "amount": Decimal(100), "tx_type": "credit", "description": "payment"},
            ],
            je_posted=True,
            je_ledger_model=ledger,
        )

    return peers.seconds_a_payment(post, payments=payments)


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2])))
