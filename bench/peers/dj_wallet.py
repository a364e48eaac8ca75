"""dj-wallet: two transfers between wallets whose balances it locks and keeps."""

import sys
from decimal import Decimal

from bench import peers


def main(address: str, payments: int) -> float:
    """Return seconds a payment."""
    peers.set_up(address, "dj_wallet")
    from dj_wallet.models import Wallet
    from dj_wallet.services import TransferService, WalletService
    from django.contrib.auth.models import User
    from django.contrib.contenttypes.models import ContentType
    from django.db import transaction as db_transaction

    users = ContentType.objects.get_for_model(User)

    class Holder:
        """What a transfer is made between: anything that has a wallet."""

        def __init__(self, number: int, slug: str) -> None:
            self.wallet = Wallet.objects.create(holder_type=users, holder_id=number, slug=slug)
            WalletService.deposit(self.wallet, Decimal(1_000_000))

    cash = [Holder(number, "cash") for number in range(peers.CITIZENS)]
    purses = [Holder(number, "purse") for number in range(peers.CITIZENS)]
    payables = [Holder(number, "payable") for number in range(peers.STALLS)]

    def post(citizen: int, stall: int) -> None:
        with db_transaction.atomic(durable=True):
            TransferService.transfer(cash[citizen], payables[stall], Decimal(50))
            TransferService.transfer(purses[citizen], payables[stall], Decimal(50))

    return peers.seconds_a_payment(post, payments=payments)


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2])))
