"""A shop gives money back on a payment, in whole or in parts: each share goes back where it came from.

However many parts, what came back of each purse so far is its share of what was given back of the price, rounded down,
and the rest is the citizen's own money. The shop's payable pays for it; if the shop was paid out already, the payable
falls below nothing, and what is sold next is netted against it. A refund counts on its own business date.

A cashier can only undo: a whole payment, at the till that took it, minutes after. What comes later is for a manager
or the owner. Money back is never stopped by a suspension: that is a stop on taking payments.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from merchants import giving_back, shares
from merchants.counter import Attendant
from merchants.giving_back import Back, Kept, Right
from merchants.models import Hold, Payment, Refund, RefundedSoFar, Role
from merchants.proportions import Parts, next_part, together
from merchants.receipts import PaymentUnknown
from subsidies import schemes
from subsidies.decision import Share
from subsidies.rules.refunds import NotRefundable
from wallet import audit, keys, ledger, trips
from wallet.accounts import payable
from wallet.ids import uuid7
from wallet.models import TransferKind
from wallet.money import Satang
from wallet.refusals import Refusal

# Long enough to see that one nought too many was keyed, too short to sell something and take the money back at closing.
UNDO_WINDOW: Final = dt.timedelta(minutes=10)

# What a till waits for is asked in plain SQL: to put such a question together takes Django three times as long.
OF_SHOP: Final = "SELECT * FROM merchants_payment WHERE id = %s AND merchant_id = %s"
OF_PAYMENT: Final = "SELECT * FROM merchants_refund WHERE owner_id = %s AND payment_id = %s ORDER BY id"


class CashierCannotRefund(Refusal):
    """A cashier can undo a whole payment of their own till for a few minutes; the rest is for manager and owner."""

    code: ClassVar = "cashier_cannot_refund"
    status: ClassVar = 403


class RefundOverRest(Refusal):
    """More is asked for than is left of the payment."""

    code: ClassVar = "refund_over_rest"


class RefundIdReused(Refusal):
    """The id stands for a refund of another amount."""

    code: ClassVar = "refund_id_reused"
    status: ClassVar = 422


@dataclass(frozen=True, slots=True)
class Given:
    """A payment and what was given back of it so far, oldest first."""

    payment: Payment
    refunds: tuple[Refund, ...]

    @property
    def refunded(self) -> Satang:
        """All that came back, in satang."""
        return sum(refund.amount for refund in self.refunds)

    @property
    def left(self) -> Satang:
        """What can still be given back, in satang."""
        return self.payment.price - self.refunded

    @property
    def undo_until(self) -> dt.datetime:
        """Until when whoever stands at the till may undo it."""
        return self.payment.paid_at + UNDO_WINDOW

    def can_be_undone(self, *, till_id: UUID | None, at: dt.datetime) -> bool:
        """Tell whether it is still whole and fresh enough to be undone, at this till or (None) by any of the staff."""
        return not self.refunds and at < self.undo_until and till_id in (None, self.payment.till_id)


def refund(
    *,
    by: Attendant,
    payment_id: UUID,
    refund_id: UUID,
    amount: Satang | None,
    reason: str,
    key: str,
    at: dt.datetime,
) -> Refund:
    """Give `amount` satang of a payment back, or all that is left of it if `amount` is None.

    The same `refund_id` of the same payment is the same refund, whoever asks again.

    :raises PaymentUnknown: the shop took no such payment; what is only held is released, not refunded.
    :raises RefundIdReused | KeyReused: the id, or the key, stands for something else.
    :raises CashierCannotRefund: it is no undo, and for that a manager or the owner is needed.
    :raises RefundOverRest: so much is not left.
    :raises NotRefundable | RefundTooLate | RefundWholeOnly: a scheme that paid a share does not allow it.
    """
    payment = _of_shop(merchant_id=by.merchant_id, payment_id=payment_id)
    content = {"refund": refund_id, "payment": payment.id, "amount": amount}
    with ledger.posting(citizens=[payment.owner_id]) as business_date:
        keys.claim(caller_id=by.id, key=key, content=content, outcome_id=refund_id, at=at)
        given = _given(payment)
        if done := next((one for one in given.refunds if one.refund_id == refund_id), None):
            if (None if done.whole else done.amount) != amount:
                raise RefundIdReused(amount_satang=done.amount)
            return done
        asked = given.left if amount is None else amount
        _must_be_allowed(by, given, asked, business_date=business_date, at=at)
        refund = Refund(
            id=uuid7(),
            owner_id=payment.owner_id,
            payment_id=payment.id,
            charge_id=payment.charge_id,
            refund_id=refund_id,
            merchant_id=payment.merchant_id,
            till_id=payment.till_id,
            amount=asked,
            whole=amount is None,
            channel=payment.channel,
            reason=reason,
            by=str(by.actor),
            business_date=business_date,
            refunded_at=at,
        )
        _record(refund, given, actor=by.actor)
        return refund


def of_shop(*, merchant_id: UUID, payment_id: UUID) -> Given:
    """Return a payment that a shop took, and what it gave back of it.

    :raises PaymentUnknown: it does not exist, or is another shop's.
    """
    return _given(_of_shop(merchant_id=merchant_id, payment_id=payment_id))


def of_citizen(*, citizen_id: UUID, payment_id: UUID) -> Given:
    """Return one of a citizen's own payments, and what came back of it.

    :raises PaymentUnknown: it does not exist, or is somebody else's.
    """
    payment = Payment.objects.filter(owner_id=citizen_id, id=payment_id).first()
    if payment is None:
        raise PaymentUnknown
    return _given(payment)


def _of_shop(*, merchant_id: UUID, payment_id: UUID) -> Payment:
    payment = next(iter(Payment.objects.raw(OF_SHOP, [payment_id, merchant_id])), None)
    if payment is None:
        raise PaymentUnknown
    return payment


def _given(payment: Payment) -> Given:
    return Given(payment, tuple(Refund.objects.raw(OF_PAYMENT, [payment.owner_id, payment.id])))


def _must_be_allowed(by: Attendant, given: Given, amount: Satang, *, business_date: dt.date, at: dt.datetime) -> None:
    payment = given.payment
    is_whole = not given.refunds and amount == payment.price
    is_undo = is_whole and at < given.undo_until
    if by.role == Role.CASHIER and not (is_undo and by.till_id in (None, payment.till_id)):
        raise CashierCannotRefund(undo_until_at=given.undo_until.isoformat())
    if not 0 < amount <= given.left:
        raise RefundOverRest(left_satang=given.left, refunded_satang=given.refunded)
    for share in shares.read(payment.shares):
        scheme = schemes.compiled(share.version_id)
        # What is set aside for a later day is on its way to the citizen, past the shop.
        if scheme.refunds is None or share.later:
            raise NotRefundable(scheme=scheme.code)
        # What is undone at the counter is no return: midnight between the slip and its undoing does not stop it.
        sold_on = business_date if is_undo else payment.business_date
        scheme.refunds.must_allow(sold_on=sold_on, business_date=business_date, whole=is_whole)


def _record(refund: Refund, given: Given, *, actor: audit.Actor) -> None:
    """Write a refund that is allowed, under the citizen's lock: payable → cash, purses and funds."""
    payment = given.payment
    whole = shares.read(payment.shares)
    gone = together(
        [Parts(one.citizen_share, shares.amounts(one.shares, like=whole)) for one in given.refunds], purses=len(whole)
    )
    amounts = [share.amount for share in whole]
    parts = next_part(price=payment.price, shares=amounts, gone=gone, amount=refund.amount)
    now = giving_back.rights(citizen_id=payment.owner_id, whole=whole, at=refund.refunded_at)
    backs = _backs(refund, given, whole, gone, parts, now=now)
    refund.citizen_share, refund.state_share = parts.own, parts.state
    refund.shares = [back.row for back in backs]
    legs = giving_back.legs(
        citizen_id=payment.owner_id, source=payable(payment.merchant_id), own=parts.own, backs=backs
    )
    moves = shares.moves(
        legs, citizen_id=payment.owner_id, kind=TransferKind.REFUND, cause=refund.id, channel=payment.channel
    )
    with trips.together():
        refund.save(force_insert=True)
        _count(given, refund.amount)
        ledger.post(moves=moves, business_date=refund.business_date, at=refund.refunded_at)
        facts = {"amount_satang": refund.amount, "reason": refund.reason}
        audit.record(actor=actor, act="payment.refund", subject_id=payment.id, at=refund.refunded_at, **facts)
    giving_back.free_caps(citizen_id=payment.owner_id, backs=backs)
    giving_back.count_less(citizen_id=payment.owner_id, sale_id=payment.id, refund_id=refund.id, backs=backs)
    # What was captured of a hold leaves the hold behind as the first use.
    if refund.amount == given.left and payment.hold_id is None:
        giving_back.forget_first_use(now, citizen_id=payment.owner_id, whole=whole, at=refund.refunded_at)


def _count(given: Given, amount: Satang) -> None:
    so_far, payment = given.refunded + amount, given.payment
    if given.refunds:
        rows = RefundedSoFar.objects.filter(owner_id=payment.owner_id, payment_id=payment.id)
        rows.update(refunded=so_far)
    else:
        RefundedSoFar.objects.create(
            owner_id=payment.owner_id, payment_id=payment.id, price=payment.price, refunded=so_far
        )


def _backs(
    refund: Refund, given: Given, whole: Sequence[Share], gone: Parts, parts: Parts, *, now: Mapping[UUID, Right]
) -> list[Back]:
    payment = given.payment
    before = tuple(share.amount - was for share, was in zip(whole, gone.purses, strict=True))
    after = tuple(has - part for has, part in zip(before, parts.purses, strict=True))
    used_at = payment.paid_at
    if payment.hold_id is not None:
        used_at = Hold.objects.get(owner_id=payment.owner_id, id=payment.hold_id).held_at
    return giving_back.of_shares(
        now,
        whole=whole,
        price=payment.price,
        before=Kept(given.left, before),
        after=Kept(given.left - refund.amount, after),
        used_at=used_at,
        at=refund.refunded_at,
        is_refund=True,
    )
