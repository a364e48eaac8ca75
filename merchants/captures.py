"""A shop captures what it delivered of a hold, in whole or in parts: each capture is a payment out of the hold.

Nothing is decided anew: the shares of the hold go in proportion, so that any number of captures sums to them exactly.
"""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from merchants import giving_back, holds, shares, suspensions
from merchants.counter import Attendant
from merchants.giving_back import Kept
from merchants.looking import MerchantSuspended
from merchants.models import Hold, HoldSoFar, Payment
from merchants.proportions import Parts, next_part
from merchants.shares import Leg
from subsidies.decision import Share
from wallet import accounts, audit, keys, ledger, trips
from wallet.accounts import payable
from wallet.ids import uuid7
from wallet.models import TransferKind
from wallet.money import Satang
from wallet.refusals import Refusal


class HoldExpired(Refusal):
    """The hold's time is over; what was left of it is the citizen's again."""

    code: ClassVar = "hold_expired"


class HoldReleased(Refusal):
    """The shop has let go of what was left of the hold."""

    code: ClassVar = "hold_released"


class CaptureOverRest(Refusal):
    """More is asked for than is left of the hold."""

    code: ClassVar = "capture_over_rest"


class CaptureIdReused(Refusal):
    """The id stands for a capture of another amount."""

    code: ClassVar = "capture_id_reused"
    status: ClassVar = 422


def capture(*, by: Attendant, hold_id: UUID, capture_id: UUID, amount: Satang, key: str, at: dt.datetime) -> Payment:
    """Capture `amount` satang of a hold: hold → payable, on the business date that the books have open.

    The same `capture_id` of the same hold is the same capture, whoever asks again.

    :raises HoldUnknown: it is no hold of this shop.
    :raises MerchantSuspended: the shop may not take payments at present.
    :raises CaptureIdReused | KeyReused: the id, or the key, stands for something else.
    :raises HoldExpired | HoldReleased | CaptureOverRest: so much is not left.
    """
    hold = holds.of_shop(merchant_id=by.merchant_id, hold_id=hold_id)
    content = {"capture": capture_id, "hold": hold.id, "amount": amount}
    with ledger.posting(citizens=[hold.owner_id]) as business_date:
        keys.claim(caller_id=by.id, key=key, content=content, outcome_id=capture_id, at=at)
        captured = holds.captures_of(hold)
        if done := next((one for one in captured if one.capture_id == capture_id), None):
            if done.price != amount:
                raise CaptureIdReused(amount_satang=done.price)
            return done
        so_far = holds.so_far_of(hold)
        _must_be_left(hold, so_far, amount, at=at)
        gone = holds.parts_of(captured, shares.read(hold.shares))
        return _take(hold, so_far, gone, capture_id, amount, by=by, business_date=business_date, at=at)


def _must_be_left(hold: Hold, so_far: HoldSoFar, amount: Satang, *, at: dt.datetime) -> None:
    if suspensions.lasts(merchant_id=hold.merchant_id):
        raise MerchantSuspended
    if so_far.released and at < hold.expires_at:
        raise HoldReleased
    if at >= hold.expires_at:
        raise HoldExpired(expired_at=hold.expires_at.isoformat())
    if amount > so_far.left:
        raise CaptureOverRest(left_satang=so_far.left, captured_satang=so_far.captured)


def _take(
    hold: Hold,
    so_far: HoldSoFar,
    gone: Parts,
    capture_id: UUID,
    amount: Satang,
    *,
    by: Attendant,
    business_date: dt.date,
    at: dt.datetime,
) -> Payment:
    whole = shares.read(hold.shares)
    parts = next_part(price=hold.price, shares=[share.amount for share in whole], gone=gone, amount=amount)
    payment = Payment(
        id=uuid7(),
        owner_id=hold.owner_id,
        charge_id=hold.charge_id,
        merchant_id=hold.merchant_id,
        till_id=hold.till_id,
        price=amount,
        citizen_share=parts.own,
        state_share=parts.state,
        channel=hold.channel,
        shares=_kept(hold, whole, gone, parts),
        reasons=hold.reasons,
        terms_digest=bytes(hold.terms_digest),
        hold_id=hold.id,
        capture_id=capture_id,
        business_date=business_date,
        paid_at=at,
    )
    moves = shares.moves(
        _legs(hold, whole, parts),
        citizen_id=hold.owner_id,
        kind=TransferKind.CAPTURE,
        cause=payment.id,
        channel=hold.channel,
    )
    with trips.together():
        payment.save(force_insert=True)
        HoldSoFar.objects.filter(owner_id=hold.owner_id, hold_id=hold.id).update(captured=so_far.captured + amount)
        ledger.post(moves=moves, business_date=business_date, at=at)
        audit.record(actor=by.actor, act="hold.capture", subject_id=payment.id, at=at, amount_satang=amount)
    return payment


def _kept(hold: Hold, whole: tuple[Share, ...], gone: Parts, parts: Parts) -> list[dict[str, object]]:
    """Return the shares of a capture, each with its part of what the hold used of the caps."""
    purses = tuple(was + part for was, part in zip(gone.purses, parts.purses, strict=True))
    more, less = Kept(gone.all + parts.all, purses), Kept(gone.all, gone.purses)
    return [
        shares.kept(
            share._replace(
                amount=amount, uses=giving_back.between(share, place=place, price=hold.price, more=more, less=less)
            )
        )
        for place, (share, amount) in enumerate(zip(whole, parts.purses, strict=True))
    ]


def _legs(hold: Hold, whole: tuple[Share, ...], parts: Parts) -> list[Leg]:
    source, target = accounts.hold(hold.id), payable(hold.merchant_id)
    return [Leg(source, target, parts.own)] + [
        Leg(source, target, amount, share.scheme_id) for share, amount in zip(whole, parts.purses, strict=True)
    ]
