"""At the counter: what a stall does after somebody confirmed. It captures, lets go, and gives money back."""

import datetime as dt
from uuid import UUID, uuid4

from merchants import captures, charges, holds, payments, refunds, scans
from merchants.counter import Attendant
from merchants.holds import Standing
from merchants.models import Charge, Hold, Payment, Refund, Role
from merchants.receipts import Held
from merchants.terms import Terms
from tests.cast import NOON, PIN, Citizen, Stall
from wallet.audit import Actor
from wallet.ids import uuid7
from wallet.models import Channel
from wallet.proofs import PinProof

HOURS_3 = dt.timedelta(hours=3)


def at_till(stall: Stall) -> Attendant:
    """Return a stall's till, which may what a cashier may."""
    actor = Actor("cashier", str(stall.till.id))
    return Attendant(actor, stall.merchant.id, Role.CASHIER, till_id=stall.till.id)


def owner(stall: Stall) -> Attendant:
    """Return the owner of a stall."""
    return Attendant(Actor("staff", str(uuid7())), stall.merchant.id, Role.OWNER)


def ask_to_hold(
    stall: Stall,
    satang: int,
    *,
    hold_for: dt.timedelta = HOURS_3,
    lines: dict[str, int] | None = None,
    channel: Channel = Channel.SHOP,
    at: dt.datetime = NOON,
) -> Charge:
    """Let a stall ask for a hold; `lines` has the satang of each category of goods."""
    return charges.ask(
        till=stall.till,
        amount=satang,
        channel=channel,
        lines=[{"category": category, "amount": amount} for category, amount in (lines or {}).items()],
        facts={},
        note="",
        hold_seconds=int(hold_for.total_seconds()),
        key=str(uuid4()),
        at=at,
    )


def confirm_hold(
    someone: Citizen,
    charge: Charge,
    *,
    schemes: tuple[str, ...] | None = None,
    key: str | None = None,
    at: dt.datetime = NOON,
) -> Hold:
    """Let a citizen scan and confirm a charge that asks for a hold."""
    offer = scans.scan(citizen_id=someone.id, payload=charges.payload(charge), schemes=schemes, at=at)
    assert offer.hold_seconds == charge.hold_seconds
    if offer.split is None:
        assert offer.refusal is not None
        raise offer.refusal
    terms = Terms(
        charge_id=charge.id,
        price=offer.price,
        own_part=offer.split.citizen,
        schemes=offer.schemes,
        nonce="0123456789abcdef",
        pays_all=offer.pays_all,
    )
    return confirm_to_hold(someone, terms, key=key, at=at)


def confirm_to_hold(someone: Citizen, terms: Terms, *, key: str | None = None, at: dt.datetime = NOON) -> Hold:
    """Let a citizen confirm the terms of a charge that asks for a hold."""
    held = payments.pay(
        citizen_id=someone.id,
        device_id=someone.device.id,
        terms=terms,
        proof=PinProof(PIN),
        key=key or str(uuid4()),
        at=at,
    )
    assert isinstance(held, Held)
    return held.hold


def hold(
    someone: Citizen, stall: Stall, satang: int, *, hold_for: dt.timedelta = HOURS_3, at: dt.datetime = NOON
) -> Hold:
    """Let a citizen order something: charge, scan, confirm."""
    return confirm_hold(someone, ask_to_hold(stall, satang, hold_for=hold_for, at=at), at=at)


def capture(
    stall: Stall,
    held: Hold,
    satang: int,
    *,
    capture_id: UUID | None = None,
    key: str | None = None,
    at: dt.datetime = NOON,
) -> Payment:
    """Let a stall capture what it delivered."""
    return captures.capture(
        by=at_till(stall),
        hold_id=held.id,
        capture_id=capture_id or uuid7(),
        amount=satang,
        key=key or str(uuid4()),
        at=at,
    )


def let_go(stall: Stall, held: Hold, *, at: dt.datetime = NOON) -> Standing:
    """Let a stall release what is left of a hold."""
    return holds.release(by=at_till(stall), hold_id=held.id, key=str(uuid4()), at=at)


def give_back(
    stall: Stall,
    paid: Payment,
    satang: int | None = None,
    *,
    by: Attendant | None = None,
    refund_id: UUID | None = None,
    key: str | None = None,
    at: dt.datetime = NOON,
) -> Refund:
    """Let a stall's owner, or somebody else, give a part of a payment back; all that is left, if no sum is named."""
    return refunds.refund(
        by=by or owner(stall),
        payment_id=paid.id,
        refund_id=refund_id or uuid7(),
        amount=satang,
        reason="the soup was cold",
        key=key or str(uuid4()),
        at=at,
    )
