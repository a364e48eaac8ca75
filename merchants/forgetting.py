"""What was asked at a counter for a few minutes is forgotten a month later: proposals at posters, and invitations.

What became of them stays: the charge that a proposal became, the till or the member of staff, and the audit.
"""

import datetime as dt
from typing import Final

from django.db.models import QuerySet

from merchants.models import Invitation, Proposal

# As long as anybody may still ask what it was.
KEPT: Final = dt.timedelta(days=30)


def forget(*, at: dt.datetime, at_most: int) -> int:
    """Delete so many of each that ran out a month ago, the oldest first, and return how many there were.

    May be run late, twice, and by several at once.
    """
    return sum(_forget(rows, at - KEPT, at_most) for rows in (Proposal.objects.all(), Invitation.objects.all()))


def _forget(rows: QuerySet[Proposal] | QuerySet[Invitation], until: dt.datetime, at_most: int) -> int:
    # Ids grow with time, and those before the first that is kept are gone: the oldest are where the table begins.
    oldest = rows.order_by("id").values_list("id", "expires_at")[:at_most]
    return rows.filter(id__in=[id_ for id_, expires_at in oldest if expires_at <= until]).delete()[0]
