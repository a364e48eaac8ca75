"""Slices: a closed day cut into the units in which merchants are paid.

One merchant, business date, scheme (or none), part and channel together decide when money is due. Every transfer into
or out of a payable for a sale or a refund is in exactly one slice, by one GROUP BY over rows that no longer change.
"""

import datetime as dt
from typing import ClassVar, Final
from uuid import UUID

from django.db import connection, transaction

from settlement.models import DaySliced
from subsidies import schemes
from subsidies.models import SchemeVersion
from subsidies.rules.settlement import Settlement
from wallet.accounts import AccountKind
from wallet.clock import BANGKOK
from wallet.models import SLICED, BusinessDay, Channel, Part
from wallet.refusals import Refusal

# คนละครึ่ง พลัส, and what a citizen's own part always gets, whose transfers name no scheme: the citizen's part by two in
# the morning, the State's by half past five in the afternoon, on the next day; delivery on the third.
HOUR: Final = {Part.CITIZEN: dt.time(2, 0), Part.STATE: dt.time(17, 30)}
DAYS: Final = {Channel.SHOP: 1, Channel.DELIVERY: 3}

# A day of the whole country takes minutes, not the seconds that the service allows a posting; nobody waits for it.
UNHURRIED: Final = "SET LOCAL statement_timeout = '30min'; SET LOCAL work_mem = '64MB'"

WRITE: Final = """
    WITH moved AS (
        SELECT CASE WHEN to_kind = %(payable)s THEN to_id ELSE from_id END AS merchant_id, scheme_id, part, channel,
               sum(CASE WHEN to_kind = %(payable)s THEN amount ELSE -amount END)::bigint AS amount,
               count(*) AS transfers
          FROM wallet_transfer
         WHERE business_date = %(date)s AND kind = ANY(%(kinds)s)
           AND (to_kind = %(payable)s OR from_kind = %(payable)s)
         GROUP BY 1, 2, 3, 4
    ), due AS (
        SELECT * FROM unnest(%(schemes)s::uuid[], %(parts)s::smallint[], %(channels)s::smallint[],
                             %(instants)s::timestamptz[]) AS due (scheme_id, part, channel, due_at)
    ), written AS (
        INSERT INTO settlement_slice
               (id, merchant_id, business_date, scheme_id, part, channel, transfers, amount, due_at)
        SELECT settlement_uuid7(), moved.merchant_id, %(date)s, moved.scheme_id, moved.part, moved.channel,
               moved.transfers, moved.amount, due.due_at
          -- A part of a scheme without an hour finds none, and its empty due_at stops the statement: no slice is lost.
          FROM moved LEFT JOIN due ON due.scheme_id IS NOT DISTINCT FROM moved.scheme_id
                                  AND due.part = moved.part AND due.channel = moved.channel
        RETURNING id, merchant_id, transfers, amount, due_at
    ), waiting AS (
        INSERT INTO settlement_waitingslice (slice_id, merchant_id, amount, due_at)
        SELECT id, merchant_id, amount, due_at FROM written
    )
    INSERT INTO settlement_daysliced (business_date, slices, transfers, amount, at)
    SELECT %(date)s, count(*), coalesce(sum(transfers), 0), coalesce(sum(amount), 0), %(at)s FROM written
    RETURNING slices
"""


class DayStillOpen(Refusal):
    """The day is not closed yet; nothing is counted before it is."""

    code: ClassVar = "day_still_open"


class AlreadySliced(Refusal):
    """The day's slices are written."""

    code: ClassVar = "already_sliced"


def unsliced_days() -> list[dt.date]:
    """Return the closed days whose slices are not written yet, oldest first."""
    closed = BusinessDay.objects.filter(closed_at__isnull=False)
    days = closed.exclude(business_date__in=DaySliced.objects.values("business_date"))
    return list(days.order_by("business_date").values_list("business_date", flat=True))


def write(*, business_date: dt.date, at: dt.datetime) -> int:
    """Write the slices of one closed day, all or none, and return how many there are.

    :raises DayStillOpen: the day is open, or was never opened.
    :raises AlreadySliced: another run, or another process, has written them.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(UNHURRIED)
        # Two processes at once: the second waits here, and then sees what the first has done.
        day = BusinessDay.objects.select_for_update().filter(business_date=business_date, closed_at__isnull=False)
        if not day.exists():
            raise DayStillOpen(business_date=business_date.isoformat())
        if DaySliced.objects.filter(business_date=business_date).exists():
            raise AlreadySliced(business_date=business_date.isoformat())
        hours = _hours(business_date)
        cursor.execute(
            WRITE,
            {
                "date": business_date,
                "payable": AccountKind.PAYABLE,
                "kinds": list(SLICED),
                "at": at,
                "schemes": [scheme_id for scheme_id, _, _, _ in hours],
                "parts": [part for _, part, _, _ in hours],
                "channels": [channel for _, _, channel, _ in hours],
                "instants": [instant for _, _, _, instant in hours],
            },
        )
        (slices,) = cursor.fetchone()
    return int(slices)


def due_at(*, rules: Settlement | None, part: Part, channel: Channel, business_date: dt.date) -> dt.datetime:
    """Return the UTC instant at which a part of a business date's sales is due to the merchant.

    A scheme's document has the word (`rules`); where it is silent, and for the citizen's own part, the programme's
    usual hours hold.
    """
    if rules is not None and (part.label, channel.label) in rules.delays:
        return rules.due_at(part=part.label, channel=channel.label, business_date=business_date)
    day = business_date + dt.timedelta(days=DAYS[channel])
    return dt.datetime.combine(day, HOUR[part], BANGKOK).astimezone(dt.UTC)


def _hours(business_date: dt.date) -> list[tuple[UUID | None, Part, Channel, dt.datetime]]:
    """Return when each part of each scheme is due; the citizen's part belongs to no scheme."""
    ends_at = dt.datetime.combine(business_date + dt.timedelta(days=1), dt.time.min, BANGKOK)
    # Of each scheme, the newest version that was in force on that date.
    versions = SchemeVersion.objects.filter(effective_at__lt=ends_at).order_by("scheme_id", "-number")
    newest = versions.distinct("scheme_id").values_list("scheme_id", "id")
    whose: list[tuple[UUID | None, Part, Settlement | None]] = [(None, Part.CITIZEN, None)]
    whose += [(scheme_id, Part.STATE, schemes.compiled(version_id).settlement) for scheme_id, version_id in newest]
    return [
        (scheme_id, part, channel, due_at(rules=rules, part=part, channel=channel, business_date=business_date))
        for scheme_id, part, rules in whose
        for channel in Channel
    ]
