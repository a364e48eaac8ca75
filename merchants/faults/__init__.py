"""What could be wrong on the second floor: payments, holds and refunds against the books; shops; the outbox."""

from collections.abc import Iterator

from merchants import audits
from merchants.faults import holds, payments, refunds, shops, webhooks
from wallet.faults import Fault, run

CHECKS = (*payments.CHECKS, *holds.CHECKS, *refunds.CHECKS, *shops.CHECKS, *webhooks.CHECKS)


def faults(*, everything: bool = False) -> Iterator[Fault]:
    """Yield the faults of the second floor; where everything is asked for, also what deciding again brings to light."""
    yield from run(CHECKS, everything=everything)
    if everything:
        yield from audits.faults()
