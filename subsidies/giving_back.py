"""What becomes of a right when a sale, or what was held for one, is given back. Pure, like `subsidies.decision`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from subsidies import entitlements
from subsidies.compiled import Scheme
from subsidies.rules.caps import CapUse
from subsidies.rules.conditions import Facts
from subsidies.rules.earning import EARNED
from subsidies.splits import Share
from wallet.money import Satang

__all__ = ["goes_to_purse", "kept_uses", "lost_uses", "was_never_used"]


def kept_uses(*, scheme: Scheme, share: Share, share_kept: Satang, kept: Satang, price: Satang) -> tuple[CapUse, ...]:
    """Return what a sale still uses of each cap when `kept` satang of its price stay sold.

    A cap on the State's money is used by exactly what the State still pays. What else is counted stays in proportion,
    rounded up: one payment is a payment until all of it was given back.

    :param share: the scheme's whole share, with what it used.
    :param share_kept: what stays of its amount.
    """
    of_the_state = {cap.code for cap in scheme.caps.state}
    return tuple(
        use._replace(
            amount=share_kept
            if use.cap in of_the_state and use.amount == share.amount
            else -(-use.amount * kept // price)
        )
        for use in share.uses
    )


def lost_uses(*, scheme: Scheme, uses: Sequence[CapUse]) -> tuple[CapUse, ...]:
    """Return the uses that come back although the right does not: what was not spent after all earns nothing."""
    earning = {EARNED, *(cap.code for cap in scheme.earning.caps)} if scheme.earning else set()
    return tuple(use for use in uses if use.cap in earning)


def goes_to_purse(
    *,
    scheme: Scheme,
    enrolled_at: datetime,
    person: Mapping[str, Any],
    uses: Sequence[CapUse],
    used_at: datetime,
    at: datetime,
) -> bool:
    """Return whether a share that comes back at `at` can still be the citizen's right; else it is the scheme's again.

    It cannot once the right is over, once the purse was emptied since, or once a period ended whose unused part is
    lost: giving back must not save what would have lapsed.

    :param uses: what the sale used of the caps.
    :param used_at: when.
    """
    if at >= entitlements.over_at(scheme=scheme, enrolled_at=enrolled_at, person=person):
        return False
    emptied_at = entitlements.emptied_at(scheme=scheme, at=used_at)
    if emptied_at is not None and at >= emptied_at:
        return False
    losing = {cap.code for cap in scheme.document.caps if cap.unused == "lost"}
    return not any(use.cap in losing and at >= use.ends_at for use in uses)


def was_never_used(*, scheme: Scheme, enrolled_at: datetime, facts: Facts) -> bool:
    """Return whether a right whose only sale was given back in full, at the instant of `facts`, counts as unused again.

    It does while it can still be used in time, unless the document keeps the first use. After the deadline it does
    not: nobody loses a right because a shop could not deliver.
    """
    if scheme.first_use is None or (scheme.refunds is not None and scheme.refunds.keeps_first_use):
        return False
    deadline = scheme.first_use.deadline(enrolled_at, facts)
    return deadline is not None and facts.at < deadline
