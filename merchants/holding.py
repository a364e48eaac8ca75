"""What a hold writes, in one statement: what a payment does, but into an account of its own."""

import datetime as dt
from typing import Final

from django.db import connection

from merchants import recording
from merchants.looking import Seen
from merchants.models import Hold
from merchants.terms import Terms
from subsidies.decision import Split
from wallet import trips
from wallet.prepared import Prepared

HELD: Final = """
    WITH held AS (
        INSERT INTO merchants_hold (id, owner_id, charge_id, merchant_id, till_id, price, citizen_share, state_share,
                                    channel, shares, reasons, terms_digest, business_date, held_at, expires_at)
        VALUES (%(id)s, %(citizen)s, %(charge)s, %(merchant)s, %(till)s, %(price)s, %(own)s, %(state)s,
                %(channel)s, %(shares)s, %(reasons)s, %(terms)s, %(business_date)s, %(at)s, %(expires)s)
    ), so_far AS (
        INSERT INTO merchants_holdsofar (owner_id, hold_id, price, captured, released, expires_at)
        VALUES (%(citizen)s, %(id)s, %(price)s, 0, 0, %(expires)s)
    ), ended AS (
        INSERT INTO merchants_chargeend (charge_id, "end", owner_id, payment_id, at)
        VALUES (%(charge)s, 'held', %(citizen)s, %(id)s, %(at)s)
    ), moved AS (
        INSERT INTO wallet_transfer (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause,
                                     scheme_id, part, channel, business_date, occurred_at)
        SELECT part.id, %(citizen)s, part.from_kind, part.from_id, 3, %(id)s, part.amount, 'hold', %(id)s,
               part.scheme_id, part.part, %(channel)s, %(business_date)s, %(at)s
          FROM unnest(%(ids)s, %(from_kinds)s, %(from_ids)s, %(amounts)s,
                      %(schemes)s, %(parts)s)
               AS part (id, from_kind, from_id, amount, scheme_id, part)
    ), given AS (
        INSERT INTO wallet_balance (owner_id, kind, account_id, balance) VALUES (%(citizen)s, 3, %(id)s, %(price)s)
    )"""
HOLD: Final = Prepared(
    types={**recording.TYPES, "expires": "timestamptz"},
    sql=HELD + recording.KEYED_AND_USED + recording.TAKEN_AND_BEGUN,
)


def record(seen: Seen, split: Split, terms: Terms, *, key: str, at: dt.datetime) -> Hold:
    """Write a decided hold in one statement, and commit along with it.

    :raises IntegrityError: another citizen or the till ended the charge a moment ago (`merchants_chargeend_pkey`).
    """
    expires_at = at + dt.timedelta(seconds=seen.row.hold_seconds or 0)
    hold = Hold(**recording.agreed(seen, split, terms), held_at=at, expires_at=expires_at)
    values = recording.columns(hold, seen, split, key=key, at=at) | {"expires": expires_at}
    with connection.cursor() as cursor:
        trips.execute_last(cursor, HOLD.on(cursor), HOLD.values(values))
    return hold
