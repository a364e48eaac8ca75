"""What a payment writes, in one statement: itself, the end of its charge, its key, its transfers, balances, uses.

A split that leaves something for a later day, or takes more from a purse than the shop gets, is written by a longer
statement; the usual one does not so much as open the tables that the longer one needs.
"""

import datetime as dt
import json
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from merchants import shares
from merchants.looking import Seen
from merchants.models import Hold, Payment
from merchants.terms import Terms
from subsidies import pending
from subsidies.decision import Split
from wallet import trips
from wallet.accounts import Account, AccountKind, fund, hold
from wallet.ids import uuid7
from wallet.models import Part, TransferKind
from wallet.money import Satang
from wallet.prepared import Prepared

TYPES: Final = {
    "id": "uuid",
    "citizen": "uuid",
    "charge": "uuid",
    "merchant": "uuid",
    "till": "uuid",
    "price": "bigint",
    "own": "bigint",
    "state": "bigint",
    "channel": "smallint",
    "shares": "jsonb",
    "reasons": "jsonb",
    "terms": "bytea",
    "business_date": "date",
    "at": "timestamptz",
    "key": "text",
    "ids": "uuid[]",
    "from_kinds": "smallint[]",
    "from_ids": "uuid[]",
    "amounts": "bigint[]",
    "schemes": "uuid[]",
    "parts": "smallint[]",
    "use_ends": "timestamptz[]",
    "use_of": "uuid[]",
    "use_caps": "text[]",
    "use_amounts": "bigint[]",
    "begun": "uuid[]",
}
PAID: Final = """
    WITH paid AS (
        INSERT INTO merchants_payment (id, owner_id, charge_id, merchant_id, till_id, price, citizen_share, state_share,
                                       channel, shares, reasons, terms_digest, business_date, paid_at)
        VALUES (%(id)s, %(citizen)s, %(charge)s, %(merchant)s, %(till)s, %(price)s, %(own)s, %(state)s,
                %(channel)s, %(shares)s, %(reasons)s, %(terms)s, %(business_date)s, %(at)s)
    ), ended AS (
        INSERT INTO merchants_chargeend (charge_id, "end", owner_id, payment_id, at)
        VALUES (%(charge)s, 'paid', %(citizen)s, %(id)s, %(at)s)
    ), moved AS (
        INSERT INTO wallet_transfer (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause,
                                     scheme_id, part, channel, business_date, occurred_at)
        SELECT part.id, %(citizen)s, part.from_kind, part.from_id, 4, %(merchant)s, part.amount, 'payment', %(id)s,
               part.scheme_id, part.part, %(channel)s, %(business_date)s, %(at)s
          FROM unnest(%(ids)s, %(from_kinds)s, %(from_ids)s, %(amounts)s,
                      %(schemes)s, %(parts)s)
               AS part (id, from_kind, from_id, amount, scheme_id, part)
    )"""

# A hold writes this as well.
KEYED_AND_USED: Final = """, keyed AS (
        INSERT INTO wallet_requestkey (caller_id, key, fingerprint, outcome_id, at)
        VALUES (%(citizen)s, %(key)s, %(terms)s, %(id)s, %(at)s)
    ), used AS (
        INSERT INTO subsidies_capuse AS use (citizen_id, ends_at, enrolment_id, cap, used)
        SELECT %(citizen)s, cap.ends_at, cap.enrolment_id, cap.cap, cap.amount
          FROM unnest(%(use_ends)s, %(use_of)s, %(use_caps)s, %(use_amounts)s)
               AS cap (ends_at, enrolment_id, cap, amount)
            ON CONFLICT (citizen_id, ends_at, enrolment_id, cap) DO UPDATE SET used = use.used + excluded.used
    )"""

# Only rows of this citizen are updated: balances, and the enrolments that are used for the first time.
TAKEN_AND_BEGUN: Final = """, taken AS (
        UPDATE wallet_balance balance SET balance = balance.balance - part.amount
          FROM unnest(%(from_kinds)s, %(from_ids)s, %(amounts)s)
               AS part (kind, account_id, amount)
         WHERE balance.owner_id = %(citizen)s AND balance.kind = part.kind AND balance.account_id = part.account_id
    ), begun AS (
        UPDATE subsidies_enrolment SET first_used_at = %(at)s
         WHERE id = ANY(%(begun)s) AND first_used_at IS NULL
    )
    SELECT 1
"""
RECORD: Final = Prepared(types=TYPES, sql=PAID + KEYED_AND_USED + TAKEN_AND_BEGUN)

# What leaves a purse beside the shop's part: the remainder of a note goes to the fund, what is paid back later into a
# hold. A purse that gives twice is updated once, an enrolment that is begun and has something pending likewise.
MORE_TYPES: Final = {
    "aside_ids": "uuid[]",
    "aside_from": "uuid[]",
    "aside_to_kinds": "smallint[]",
    "aside_to": "uuid[]",
    "aside_amounts": "bigint[]",
    "aside_whats": "text[]",
    "aside_schemes": "uuid[]",
    "pending_ids": "uuid[]",
    "pending_of": "uuid[]",
    "pending_at": "timestamptz[]",
    "pending_ends": "timestamptz[]",
    "pending_aside": "bigint[]",
    "pending_counted": "bigint[]",
}
AND_MORE: Final = """, aside AS (
        SELECT * FROM unnest(%(aside_ids)s, %(aside_from)s, %(aside_to_kinds)s, %(aside_to)s, %(aside_amounts)s,
                             %(aside_whats)s, %(aside_schemes)s)
               AS leg (id, from_id, to_kind, to_id, amount, kind, scheme_id)
    ), moved_aside AS (
        INSERT INTO wallet_transfer (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause, scheme_id,
                                     business_date, occurred_at)
        SELECT id, %(citizen)s, 2, from_id, to_kind, to_id, amount, kind, %(id)s, scheme_id, %(business_date)s, %(at)s
          FROM aside
    ), held AS (
        INSERT INTO wallet_balance (owner_id, kind, account_id, balance)
        SELECT %(citizen)s, 3, to_id, amount FROM aside WHERE to_kind = 3
    ), left_pending AS (
        INSERT INTO subsidies_pending (citizen_id, id, enrolment_id, cause, pays_at, ends_at, set_aside, counted)
        SELECT %(citizen)s, id, enrolment_id, %(id)s, pays_at, ends_at, set_aside, counted
          FROM unnest(%(pending_ids)s, %(pending_of)s, %(pending_at)s, %(pending_ends)s, %(pending_aside)s,
                      %(pending_counted)s)
               AS left_over (id, enrolment_id, pays_at, ends_at, set_aside, counted)
    ), taken AS (
        UPDATE wallet_balance balance SET balance = balance.balance - part.amount
          FROM (SELECT kind, account_id, sum(amount) AS amount FROM (
                    SELECT * FROM unnest(%(from_kinds)s, %(from_ids)s, %(amounts)s) AS sold (kind, account_id, amount)
                    UNION ALL SELECT 2, from_id, amount FROM aside
                ) leg GROUP BY kind, account_id) part
         WHERE balance.owner_id = %(citizen)s AND balance.kind = part.kind AND balance.account_id = part.account_id
    ), begun AS (
        UPDATE subsidies_enrolment place
           SET first_used_at = CASE WHEN touched.begun THEN coalesce(first_used_at, %(at)s) ELSE first_used_at END,
               next_due_at = least(coalesce(next_due_at, enrolled_at), touched.pays_at)
          FROM (SELECT id, bool_or(begun) AS begun, min(pays_at) AS pays_at FROM (
                    SELECT id, true AS begun, NULL::timestamptz AS pays_at FROM unnest(%(begun)s) AS used_now (id)
                    UNION ALL
                    SELECT id, false, pays_at FROM unnest(%(pending_of)s, %(pending_at)s) AS soon (id, pays_at)
                ) why GROUP BY id) touched
         WHERE place.id = touched.id
    )
    SELECT 1
"""
RECORD_AND_MORE: Final = Prepared(types={**TYPES, **MORE_TYPES}, sql=PAID + KEYED_AND_USED + AND_MORE)


def record(seen: Seen, split: Split, terms: Terms, *, key: str, at: dt.datetime) -> Payment:
    """Write a decided payment in one statement, and commit along with it.

    :raises IntegrityError: another citizen or the till ended the charge a moment ago (`merchants_chargeend_pkey`).
    """
    payment = Payment(**agreed(seen, split, terms), paid_at=at)
    values = columns(payment, seen, split, key=key, at=at)
    statement = RECORD
    if any(share.lost or share.later or share.counted for share in split.shares):
        statement = RECORD_AND_MORE
        values |= _more(split, at=at)
    with connection.cursor() as cursor:
        trips.execute_last(cursor, statement.on(cursor), statement.values(values))
    return payment


def agreed(seen: Seen, split: Split, terms: Terms) -> dict[str, Any]:
    """Return what a payment and a hold keep of what was agreed on, by field."""
    return {
        "id": uuid7(),
        "owner_id": seen.citizen_id,
        "charge_id": seen.charge_id,
        "merchant_id": seen.row.merchant_id,
        "till_id": seen.row.till_id,
        "price": split.price,
        "citizen_share": split.citizen,
        "state_share": split.state,
        "channel": seen.row.channel,
        "shares": [shares.kept(share, notes=terms.notes) for share in split.shares],
        "reasons": [{"code": reason.code, "facts": dict(reason.facts)} for reason in split.reasons],
        "terms_digest": terms.digest(),
        "business_date": seen.business_date,
    }


def columns(written: Payment | Hold, seen: Seen, split: Split, *, key: str, at: dt.datetime) -> dict[str, Any]:
    """Return what the statement that writes a payment or a hold is given, by the names of TYPES."""
    row = seen.row
    uses = [(share.enrolment_id, use) for share in split.shares for use in share.uses]
    legs = _legs(seen.citizen_id, split)
    return {
        "id": written.id,
        "citizen": seen.citizen_id,
        "charge": seen.charge_id,
        "merchant": row.merchant_id,
        "till": row.till_id,
        "price": split.price,
        "own": split.citizen,
        "state": split.state,
        "channel": row.channel,
        "shares": json.dumps(written.shares),
        "reasons": json.dumps(written.reasons),
        "terms": written.terms_digest,
        "business_date": written.business_date,
        "at": at,
        "key": key,
        "ids": [uuid7() for _ in legs],
        "from_kinds": [kind for kind, _, _, _, _ in legs],
        "from_ids": [account_id for _, account_id, _, _, _ in legs],
        "amounts": [amount for _, _, amount, _, _ in legs],
        "schemes": [scheme_id for _, _, _, scheme_id, _ in legs],
        "parts": [part for _, _, _, _, part in legs],
        "use_ends": [use.ends_at for _, use in uses],
        "use_of": [enrolment_id for enrolment_id, _ in uses],
        "use_caps": [use.cap for _, use in uses],
        "use_amounts": [use.amount for _, use in uses],
        "begun": seen.begun(split),
    }


Leg = tuple[AccountKind, UUID, Satang, UUID | None, Part]


def _legs(citizen_id: UUID, split: Split) -> list[Leg]:
    """Return what moves: what each part is taken from, and whose it is."""
    own: list[Leg] = [(AccountKind.CASH, citizen_id, split.citizen, None, Part.CITIZEN)] if split.citizen else []
    return own + [
        (AccountKind.PURSE, share.enrolment_id, share.amount, share.scheme_id, Part.STATE)
        for share in split.shares
        if share.amount
    ]


class _Aside(NamedTuple):
    """What a purse gives to somebody else than the shop."""

    enrolment_id: UUID
    target: Account
    amount: Satang
    what: TransferKind
    scheme_id: UUID


def _more(split: Split, *, at: dt.datetime) -> dict[str, Any]:
    """Return what only the longer statement is given, column by column."""
    left = [one for share in split.shares for one in pending.of(share, at=at)]
    aside = [
        _Aside(share.enrolment_id, fund(share.scheme_id), share.lost, TransferKind.REMAINDER, share.scheme_id)
        for share in split.shares
        if share.lost
    ]
    scheme_of = {share.enrolment_id: share.scheme_id for share in split.shares}
    aside += [
        _Aside(one.enrolment_id, hold(one.id), one.set_aside, TransferKind.SET_ASIDE, scheme_of[one.enrolment_id])
        for one in left
        if one.set_aside
    ]
    return {
        "aside_ids": [uuid7() for _ in aside],
        "aside_from": [leg.enrolment_id for leg in aside],
        "aside_to_kinds": [leg.target.kind for leg in aside],
        "aside_to": [leg.target.id for leg in aside],
        "aside_amounts": [leg.amount for leg in aside],
        "aside_whats": [leg.what.value for leg in aside],
        "aside_schemes": [leg.scheme_id for leg in aside],
        "pending_ids": [one.id for one in left],
        "pending_of": [one.enrolment_id for one in left],
        "pending_at": [one.pays_at for one in left],
        "pending_ends": [one.ends_at for one in left],
        "pending_aside": [one.set_aside for one in left],
        "pending_counted": [one.counted for one in left],
    }
