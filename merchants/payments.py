"""A merchant takes a payment: one citizen, one charge, shared between the citizen and their schemes."""

import datetime as dt
import json
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from merchants.looking import AlreadyPaid, ChargeCancelled, Seen, look
from merchants.models import ChargeEnd, End, Payment
from merchants.receipts import Receipt
from merchants.terms import Terms
from subsidies.decision import Purse, Share, Split, decide
from wallet import proofs, refused
from wallet.accounts import AccountKind
from wallet.ids import uuid7
from wallet.keys import KeyReused
from wallet.models import Part
from wallet.money import Satang
from wallet.prepared import Prepared
from wallet.refusals import Refusal

# One statement writes it all: the payment, the end of its charge, its key, its transfers, the balances they leave,
# the use of every cap, and the day of first use. Only rows of this citizen are updated.
RECORD: Final = Prepared(
    types={
        "payment": "uuid",
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
    },
    sql="""
    WITH paid AS (
        INSERT INTO merchants_payment (id, owner_id, charge_id, merchant_id, till_id, price, citizen_share, state_share,
                                       channel, shares, reasons, terms_digest, business_date, paid_at)
        VALUES (%(payment)s, %(citizen)s, %(charge)s, %(merchant)s, %(till)s, %(price)s, %(own)s, %(state)s,
                %(channel)s, %(shares)s, %(reasons)s, %(terms)s, %(business_date)s, %(at)s)
    ), ended AS (
        INSERT INTO merchants_chargeend (charge_id, "end", owner_id, payment_id, at)
        VALUES (%(charge)s, 'paid', %(citizen)s, %(payment)s, %(at)s)
    ), keyed AS (
        INSERT INTO wallet_requestkey (caller_id, key, fingerprint, outcome_id, at)
        VALUES (%(citizen)s, %(key)s, %(terms)s, %(payment)s, %(at)s)
    ), moved AS (
        INSERT INTO wallet_transfer (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause,
                                     scheme_id, part, channel, business_date, occurred_at)
        SELECT part.id, %(citizen)s, part.from_kind, part.from_id, 4, %(merchant)s, part.amount, 'payment', %(payment)s,
               part.scheme_id, part.part, %(channel)s, %(business_date)s, %(at)s
          FROM unnest(%(ids)s, %(from_kinds)s, %(from_ids)s, %(amounts)s,
                      %(schemes)s, %(parts)s)
               AS part (id, from_kind, from_id, amount, scheme_id, part)
    ), taken AS (
        UPDATE wallet_balance balance SET balance = balance.balance - part.amount
          FROM unnest(%(from_kinds)s, %(from_ids)s, %(amounts)s)
               AS part (kind, account_id, amount)
         WHERE balance.owner_id = %(citizen)s AND balance.kind = part.kind AND balance.account_id = part.account_id
    ), used AS (
        INSERT INTO subsidies_capuse AS use (citizen_id, ends_at, enrolment_id, cap, used)
        SELECT %(citizen)s, cap.ends_at, cap.enrolment_id, cap.cap, cap.amount
          FROM unnest(%(use_ends)s, %(use_of)s, %(use_caps)s, %(use_amounts)s)
               AS cap (ends_at, enrolment_id, cap, amount)
            ON CONFLICT (citizen_id, ends_at, enrolment_id, cap) DO UPDATE SET used = use.used + excluded.used
    ), begun AS (
        UPDATE subsidies_enrolment SET first_used_at = %(at)s
         WHERE id = ANY(%(begun)s) AND first_used_at IS NULL
    )
    SELECT 1
    """,
)


class CashShort(Refusal):
    """The citizen's own money does not cover their own part."""

    code: ClassVar = "cash_short"


class SplitChanged(Refusal):
    """The split is not the one that the citizen saw; the new one is in the facts."""

    code: ClassVar = "split_changed"


def pay(*, citizen_id: UUID, device_id: UUID, terms: Terms, proof: proofs.Proof, key: str, at: dt.datetime) -> Receipt:
    """Take one payment at a till, shared between the citizen and the schemes that they chose, and return its receipt.

    When this returns, the money has moved; if it raises, nothing has. The same key with the same terms returns the
    same payment, also to one who waited for it. Amounts are satang.

    :raises PinWrong | PinLocked | DeviceRevoked | SignatureWrong: it is not proven that the citizen confirms; a
        wrong PIN is counted, and that alone is committed.
    :raises KeyReused: the key stands for other terms.
    :raises ChargeUnknown | ChargeExpired | ChargeCancelled | AlreadyPaid | MerchantSuspended | TillRevoked:
    :raises NotEnrolled: or whatever else the chosen schemes refuse (see subsidies.decision).
    :raises SplitChanged: the split is no longer the one that was confirmed.
    :raises CashShort: the citizen's money does not cover their own part.
    """
    try:
        with transaction.atomic(durable=True):
            seen = look(citizen_id=citizen_id, charge_id=terms.charge_id, device_id=device_id, key=key, at=at)
            wrong = proofs.judge(seen.proof(device_id), proof, terms=terms.canonical(), at=at)
            proofs.count(seen.proof(device_id), proof, wrong, at=at)
            if wrong is None:
                return earlier(seen, terms) or take(seen, terms, key=key, at=at)
        raise wrong
    except IntegrityError as error:
        lost = _ended_just_now(error, terms.charge_id)
        refused.keep(citizen_id=citizen_id, charge_id=terms.charge_id, refusal=lost, at=at)
        raise lost from error
    except Refusal as refusal:
        refused.keep(citizen_id=citizen_id, charge_id=terms.charge_id, refusal=refusal, at=at)
        raise


def earlier(seen: Seen, terms: Terms) -> Receipt | None:
    """Return the receipt of the payment that this key already made.

    :raises KeyReused: the key stands for other terms.
    """
    if seen.row.outcome_id is None or seen.row.fingerprint is None:
        return None
    if bytes(seen.row.fingerprint) != terms.digest():
        raise KeyReused
    payment = Payment.objects.get(owner_id=seen.citizen_id, id=seen.row.outcome_id)
    return Receipt(payment, seen.row.merchant_name, cash_left=seen.cash)


def take(seen: Seen, terms: Terms, *, key: str, at: dt.datetime) -> Receipt:
    """Decide and record one payment, under the locks that `look` took.

    :raises Refusal: as `pay` says.
    """
    seen.must_be_payable(at=at)
    split = decide(purses=seen.chosen(terms.schemes), sale=seen.sale(), at=at)
    must_be(split, terms)
    if seen.cash < split.citizen:
        raise CashShort(own_part_satang=split.citizen, cash_satang=seen.cash, short_satang=split.citizen - seen.cash)
    payment = record(seen, split, terms, key=key, at=at)
    return Receipt(payment, seen.row.merchant_name, cash_left=seen.cash - split.citizen)


def must_be(split: Split, terms: Terms) -> None:
    """Refuse a split that the citizen did not see: nobody pays more than they were shown.

    :raises SplitChanged: with the split as it is now.
    """
    if (split.price, split.citizen) != (terms.price, terms.own_part):
        raise SplitChanged(
            price_satang=split.price,
            own_part_satang=split.citizen,
            state_satang=split.state,
            shown_own_part_satang=terms.own_part,
        )


def record(seen: Seen, split: Split, terms: Terms, *, key: str, at: dt.datetime) -> Payment:
    """Write a decided payment in one statement.

    :raises IntegrityError: another citizen or the till ended the charge a moment ago (`merchants_chargeend_pkey`).
    """
    row = seen.row
    payment = Payment(
        id=uuid7(),
        owner_id=seen.citizen_id,
        charge_id=seen.charge_id,
        merchant_id=row.merchant_id,
        till_id=row.till_id,
        price=split.price,
        citizen_share=split.citizen,
        state_share=split.state,
        channel=row.channel,
        shares=[_kept_share(share) for share in split.shares],
        reasons=[{"code": reason.code, "facts": dict(reason.facts)} for reason in split.reasons],
        terms_digest=terms.digest(),
        business_date=seen.business_date,
        paid_at=at,
    )
    uses = [(share.enrolment_id, use) for share in split.shares for use in share.uses]
    legs = _legs(payment, split)
    values: dict[str, Any] = {
        "payment": payment.id,
        "citizen": seen.citizen_id,
        "charge": seen.charge_id,
        "merchant": row.merchant_id,
        "till": row.till_id,
        "price": split.price,
        "own": split.citizen,
        "state": split.state,
        "channel": row.channel,
        "shares": json.dumps(payment.shares),
        "reasons": json.dumps(payment.reasons),
        "terms": payment.terms_digest,
        "business_date": payment.business_date,
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
        "begun": [purse.enrolment_id for purse in seen.purses if purse.first_used_at is None and _used(purse, split)],
    }
    with connection.cursor() as cursor:
        cursor.execute(RECORD.on(cursor), RECORD.values(values))
    return payment


Leg = tuple[AccountKind, UUID, Satang, UUID | None, Part]


def _legs(payment: Payment, split: Split) -> list[Leg]:
    """Return the transfers into the merchant's payable: what each is taken from, and whose part it is."""
    own: list[Leg] = [(AccountKind.CASH, payment.owner_id, split.citizen, None, Part.CITIZEN)] if split.citizen else []
    return own + [
        (AccountKind.PURSE, share.enrolment_id, share.amount, share.scheme_id, Part.STATE)
        for share in split.shares
        if share.amount
    ]


def _kept_share(share: Share) -> dict[str, Any]:
    return {
        "enrolment": str(share.enrolment_id),
        "scheme": str(share.scheme_id),
        "version": str(share.version_id),
        "amount": share.amount,
        "uses": [{"cap": use.cap, "ends_at": use.ends_at.isoformat(), "amount": use.amount} for use in share.uses],
    }


def _used(purse: Purse, split: Split) -> bool:
    return any(share.enrolment_id == purse.enrolment_id and share.amount for share in split.shares)


def _ended_just_now(error: IntegrityError, charge_id: UUID) -> Refusal:
    """Return the refusal for a charge that somebody else ended between our look and our write."""
    if "merchants_chargeend_pkey" not in str(error):
        raise error
    end = ChargeEnd.objects.get(charge_id=charge_id)
    return ChargeCancelled() if end.end == End.CANCELLED else AlreadyPaid(by_you=False)
