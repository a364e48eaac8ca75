"""Places in the books. An account is a kind and an id; there is no table of accounts.

`cash` and `debt` carry the citizen's id, `purse` the enrolment's, `hold` the hold's, `payable` the merchant's and
`fund` the scheme's; the others are single and carry the nil UUID.
"""

from typing import NamedTuple
from uuid import UUID

from django.db import models

NIL = UUID(int=0)


class AccountKind(models.IntegerChoices):
    """What a place in the books is for. The numbers are stored; never renumber them."""

    CASH = 1, "cash"
    PURSE = 2, "purse"
    HOLD = 3, "hold"
    PAYABLE = 4, "payable"
    FUND = 5, "fund"
    IN_TRANSIT = 6, "in-transit"
    FEES = 7, "fees"
    DEBT = 8, "debt"
    STRIPE = 9, "stripe"
    BANK = 10, "bank"
    TREASURY = 11, "treasury"


# The citizen's own: each keeps a stored balance that the database holds at zero or above. All the rest are summed.
GUARDED = frozenset({AccountKind.CASH, AccountKind.PURSE, AccountKind.HOLD})


class Account(NamedTuple):
    """One place in the books."""

    kind: AccountKind
    id: UUID

    def __str__(self) -> str:
        """Return the account as the books name it: `cash:<citizen>`, or `bank` for a single one."""
        return self.kind.label if self.id == NIL else f"{self.kind.label}:{self.id}"


def cash(citizen_id: UUID) -> Account:
    """Return the account of a citizen's own money."""
    return Account(AccountKind.CASH, citizen_id)


def purse(enrolment_id: UUID) -> Account:
    """Return the account that holds one enrolment's entitlement."""
    return Account(AccountKind.PURSE, enrolment_id)


def hold(hold_id: UUID) -> Account:
    """Return the account of what is set aside, for a two-step payment or for a later day."""
    return Account(AccountKind.HOLD, hold_id)


def payable(merchant_id: UUID) -> Account:
    """Return the account of what we owe a merchant; negative is the merchant's debt."""
    return Account(AccountKind.PAYABLE, merchant_id)


def fund(scheme_id: UUID) -> Account:
    """Return the account of scheme money that no purse has been promised yet."""
    return Account(AccountKind.FUND, scheme_id)


IN_TRANSIT = Account(AccountKind.IN_TRANSIT, NIL)
FEES = Account(AccountKind.FEES, NIL)
STRIPE = Account(AccountKind.STRIPE, NIL)
BANK = Account(AccountKind.BANK, NIL)
TREASURY = Account(AccountKind.TREASURY, NIL)
