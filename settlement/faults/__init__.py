"""What could be wrong on the third floor: slices, payouts, bank files and statements against the books."""

from collections.abc import Iterator
from typing import Final

from settlement.faults import bank, payouts, reports, seals, slices
from wallet.faults import Fault, run

CHECKS: Final = (*slices.CHECKS, *payouts.CHECKS, *bank.CHECKS, *seals.CHECKS, *reports.CHECKS)


def faults(*, everything: bool = False) -> Iterator[Fault]:
    """Yield the faults of the third floor."""
    yield from run(CHECKS, everything=everything)
