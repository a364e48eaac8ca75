"""An officer looks at a shop's data: they say why, and the shop's owners can read it."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from merchants import bank_accounts, branches, onboarding, staff, tills
from merchants.models import BankAccountChange, Branch, Look, Merchant, Particulars, Staff, Suspension, Till
from wallet import audit, officers
from wallet.ids import uuid7

# What is shown of each history; the rest is in the database for an auditor.
NEWEST: Final = 20


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that an officer is shown of a shop."""

    merchant: Merchant
    bank_account_masked: str
    particulars: list[Particulars]
    suspensions: list[Suspension]
    bank_account_changes: list[BankAccountChange]
    branches: list[Branch]
    tills: list[Till]
    staff: list[Staff]

    @property
    def staff_by_role(self) -> dict[str, int]:
        """How many work there in each role; their names are no officer's business."""
        return dict(Counter(member.role for member in self.staff))


def dossier(*, merchant_id: UUID, reason: str, actor: audit.Actor, at: dt.datetime) -> Dossier:
    """Return what is known of a shop, and keep that this officer has looked, and why.

    :raises NotAnOfficer | MerchantUnknown:
    """
    with transaction.atomic(durable=True):
        merchant = onboarding.merchant(merchant_id=merchant_id)
        keep(merchant=merchant, what="dossier", reason=reason, actor=actor, at=at)
    return Dossier(
        merchant=merchant,
        bank_account_masked=bank_accounts.masked(merchant),
        particulars=list(merchant.particulars.order_by("-from_at", "-id")[:NEWEST]),
        suspensions=list(merchant.suspensions.order_by("-id")[:NEWEST]),
        bank_account_changes=bank_accounts.of_shop(merchant_id=merchant_id, at_most=NEWEST),
        branches=branches.of_shop(merchant_id=merchant_id),
        tills=tills.of_shop(merchant_id=merchant_id),
        staff=staff.of_shop(merchant_id=merchant_id),
    )


def keep(*, merchant: Merchant, what: str, reason: str, actor: audit.Actor, at: dt.datetime) -> Look:
    """Keep that an officer looks at `what` of a shop. Whoever shows a shop's data to officers calls this first.

    :raises NotAnOfficer:
    """
    audit.record(actor=actor, act="merchant.look", subject_id=merchant.id, at=at, what=what, reason=reason)
    return Look.objects.create(
        id=uuid7(), merchant=merchant, officer=officers.of(actor), what=what, reason=reason, at=at
    )


def of_shop(*, merchant_id: UUID, at_most: int, before: UUID | None = None) -> list[Look]:
    """Return who has looked at a shop, newest first."""
    rows = Look.objects.select_related("officer__user").filter(merchant_id=merchant_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:at_most])
