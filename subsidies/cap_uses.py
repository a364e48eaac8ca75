"""What was used of the caps, given back under the citizen's lock.

Payments and holds count their uses in their own one statement (`merchants/recording.py`, `merchants/holding.py`).
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from subsidies.rules.caps import CapUse
from wallet.refusals import InvariantBroken

GIVE_BACK: Final = """
    UPDATE subsidies_capuse use SET used = use.used - back.amount
      FROM unnest(%s::timestamptz[], %s::uuid[], %s::text[], %s::bigint[])
           AS back (ends_at, enrolment_id, cap, amount)
     WHERE use.citizen_id = %s AND use.ends_at = back.ends_at AND use.enrolment_id = back.enrolment_id
       AND use.cap = back.cap
"""

# An enrolment, and what was used of one of its caps.
Use = tuple[UUID, CapUse]


def give_back(*, citizen_id: UUID, uses: Sequence[Use]) -> None:
    """Take from what the citizen used, each in its own period.

    :raises InvariantBroken: it was never counted.
    """
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, [*_columns(uses), citizen_id])
        if cursor.rowcount != len(uses):
            raise InvariantBroken(f"of {len(uses)} uses of caps only {cursor.rowcount} are known")


def _columns(uses: Sequence[Use]) -> list[list[object]]:
    return [
        [use.ends_at for _, use in uses],
        [enrolment_id for enrolment_id, _ in uses],
        [use.cap for _, use in uses],
        [use.amount for _, use in uses],
    ]
