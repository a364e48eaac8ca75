"""What a share of a payment leaves for a later day. Pure: who takes the payment writes it down (`models.Pending`)."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from subsidies import earning, schemes
from subsidies.splits import Share
from wallet.ids import uuid7
from wallet.money import Satang


class Left(NamedTuple):
    """Money that is set aside until `pays_at`, or spend that counts from then on; satang.

    :ivar ends_at: the end of the period in which the spend counts.
    """

    id: UUID
    enrolment_id: UUID
    pays_at: datetime
    ends_at: datetime | None = None
    set_aside: Satang = 0
    counted: Satang = 0


def of(share: Share, *, at: datetime) -> Iterator[Left]:
    """Yield what a share of a payment at this instant leaves for later; nothing for most."""
    if share.later and share.later_at is not None:
        yield Left(uuid7(), share.enrolment_id, share.later_at, set_aside=share.later)
    if share.counted:
        pays_at = earning.paid_at(scheme=schemes.compiled(share.version_id), counted_at=at)
        if pays_at is not None:  # else it counts too late to be paid for
            ends_at = next(use.ends_at for use in share.uses if use.cap == earning.EARNED)
            yield Left(uuid7(), share.enrolment_id, pays_at, ends_at=ends_at, counted=share.counted)
