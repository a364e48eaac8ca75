"""Holds: the citizen confirms a delivery or a pre-order, and its money is set aside until the shop captures it.

The split is decided when the money is held, under the caps of that moment, and never again. What is not captured goes
back whole: when the shop lets it go, or when its time is over. The citizen cannot take it back alone, for the food may
be on its way; that the shop's time is short, and ends by itself, is what protects them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal
from uuid import UUID

from django.db import connection
from django.db.models import F

from merchants import giving_back, holding, shares
from merchants.counter import Attendant
from merchants.giving_back import Kept
from merchants.looking import Seen
from merchants.models import Hold, HoldSoFar, Merchant, Payment, Release, Why
from merchants.proportions import Parts, together
from merchants.terms import Terms
from subsidies import schemes
from subsidies.decision import Share, Split
from wallet import accounts, audit, keys, ledger, trips
from wallet.audit import Actor
from wallet.ids import uuid7
from wallet.models import TransferKind
from wallet.money import Satang
from wallet.refusals import InvariantBroken, Refusal

# A rider is there within the hour; a week is the longest that a pre-order may keep somebody's money from them.
SHORTEST: Final = dt.timedelta(minutes=10)
USUAL: Final = dt.timedelta(hours=3)
LONGEST: Final = dt.timedelta(days=7)

EXPIRY: Final = Actor("timetable", "expire_holds")

# What a till waits for is asked in plain SQL: to put such a question together takes Django three times as long.
OF_SHOP: Final = "SELECT * FROM merchants_hold WHERE id = %s AND merchant_id = %s"
SO_FAR: Final = """
    SELECT owner_id, hold_id, price, captured, released, expires_at FROM merchants_holdsofar
     WHERE owner_id = %s AND hold_id = %s
"""
CAPTURES_OF: Final = "SELECT * FROM merchants_payment WHERE owner_id = %s AND hold_id = %s ORDER BY id"

# open, or expired and about to be released; then what became of it, all in all.
State = Literal["open", "expired", "captured", "captured_in_part", "released"]


class HoldUnknown(Refusal):
    """There is no such hold of this shop, or of this citizen."""

    code: ClassVar = "hold_unknown"
    status: ClassVar = 404


class RightNotHoldable(Refusal):
    """A right in notes, one that is paid back later and one that spending earns can be used at once only."""

    code: ClassVar = "right_not_holdable"


class HoldCaptured(Refusal):
    """All of the hold is captured: there is nothing to release, only payments to refund."""

    code: ClassVar = "hold_captured"


@dataclass(frozen=True, slots=True)
class Standing:
    """A hold, and what became of it."""

    hold: Hold
    merchant_name: str
    so_far: HoldSoFar
    captures: tuple[Payment, ...]
    state: State


def must_be_holdable(split: Split) -> None:
    """Return if every share of a split can be captured in any part: all of it goes to the shop, and nothing else.

    :raises RightNotHoldable: with the scheme.
    """
    for share in split.shares:
        if share.lost or share.later or share.counted:
            raise RightNotHoldable(scheme=schemes.compiled(share.version_id).code)


def begin(seen: Seen, split: Split, terms: Terms, *, key: str, at: dt.datetime) -> Hold:
    """Set the shares of a decided split aside, under the locks that `look` took, and commit: cash, purses → hold.

    :raises RightNotHoldable: a chosen scheme's right can be used at once only.
    :raises IntegrityError: another citizen or the till ended the charge a moment ago (`merchants_chargeend_pkey`).
    """
    must_be_holdable(split)
    return holding.record(seen, split, terms, key=key, at=at)


def release(*, by: Attendant, hold_id: UUID, key: str, at: dt.datetime) -> Standing:
    """Let go of all that is left of a hold: it goes back where it came from. Twice is the same as once.

    :raises HoldUnknown: it is no hold of this shop.
    :raises HoldCaptured: nothing is left of it.
    :raises KeyReused: the key stands for something else.
    """
    hold = of_shop(merchant_id=by.merchant_id, hold_id=hold_id)
    with ledger.posting(citizens=[hold.owner_id]) as business_date:
        keys.claim(caller_id=by.id, key=key, content={"release": hold.id}, outcome_id=hold.id, at=at)
        so_far = so_far_of(hold)
        if so_far.left:
            _let_go(hold, so_far, why=Why.MERCHANT, by=by.actor, business_date=business_date, at=at)
        elif not so_far.released:
            raise HoldCaptured(captured_satang=so_far.captured)
    return standing(hold, at=at)


def expire(*, at: dt.datetime, at_most: int) -> int:
    """Release holds whose time is over, one citizen after another, and return how many.

    May run late, twice or beside a capture: under the citizen's lock only one of them finds something left. Which ones
    is left to chance, so that one that cannot be released would not keep the others from their money for long.
    """
    released = 0
    over = HoldSoFar.objects.filter(expires_at__lte=at, price__gt=F("captured") + F("released"))
    for owner_id, hold_id in over.order_by("?").values_list("owner_id", "hold_id")[:at_most]:
        with ledger.posting(citizens=[owner_id]) as business_date:
            hold = Hold.objects.get(owner_id=owner_id, id=hold_id)
            so_far = so_far_of(hold)
            if so_far.left:
                _let_go(hold, so_far, why=Why.EXPIRED, by=EXPIRY, business_date=business_date, at=at)
                released += 1
    return released


def of_shop(*, merchant_id: UUID, hold_id: UUID) -> Hold:
    """Return one of a shop's holds.

    :raises HoldUnknown: it does not exist, or is another shop's.
    """
    found = next(iter(Hold.objects.raw(OF_SHOP, [hold_id, merchant_id])), None)
    if found is None:
        raise HoldUnknown
    return found


def of_citizen(*, citizen_id: UUID, hold_id: UUID) -> Hold:
    """Return one of a citizen's own holds.

    :raises HoldUnknown: it does not exist, or is somebody else's.
    """
    found = Hold.objects.filter(owner_id=citizen_id, id=hold_id).first()
    if found is None:
        raise HoldUnknown
    return found


def newest(*, citizen_id: UUID, at_most: int, at: dt.datetime, before: UUID | None = None) -> list[Standing]:
    """Return a citizen's holds and what became of them, newest first; only those older than `before`."""
    rows = Hold.objects.filter(owner_id=citizen_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return standings(rows.order_by("-id")[:at_most], at=at)


def standing(hold: Hold, *, at: dt.datetime) -> Standing:
    """Return a hold with all that was captured of it, and how it stands."""
    return standings([hold], at=at)[0]


def standings(holds: Iterable[Hold], *, at: dt.datetime) -> list[Standing]:
    """Return holds, in the same order, each with its shop's name and what became of it."""
    holds = list(holds)
    ids, owners = [hold.id for hold in holds], {hold.owner_id for hold in holds}
    names = dict(Merchant.objects.filter(id__in={hold.merchant_id for hold in holds}).values_list("id", "name"))
    so_far = {row.hold_id: row for row in HoldSoFar.objects.filter(owner_id__in=owners, hold_id__in=ids)}
    captures = defaultdict(list)
    for payment in Payment.objects.filter(owner_id__in=owners, hold_id__in=ids).order_by("id"):
        captures[payment.hold_id].append(payment)
    return [
        Standing(
            hold,
            names[hold.merchant_id],
            so_far[hold.id],
            tuple(captures[hold.id]),
            _state(so_far[hold.id], at),
        )
        for hold in holds
    ]


def so_far_of(hold: Hold) -> HoldSoFar:
    """Return how much of a hold is captured and released. Whoever changes it takes the citizen's lock first."""
    with connection.cursor() as cursor:
        cursor.execute(SO_FAR, [hold.owner_id, hold.id])
        found = cursor.fetchone()
    if found is None:
        raise InvariantBroken(f"hold {hold.id} does not say how much of it is left")
    return HoldSoFar(*found)


def captures_of(hold: Hold) -> Sequence[Payment]:
    """Return the payments that were captured of a hold, in order."""
    return list(Payment.objects.raw(CAPTURES_OF, [hold.owner_id, hold.id]))


def parts_of(captured: Iterable[Payment], whole: Sequence[Share]) -> Parts:
    """Return what captures of a hold took together, of the citizen's own money and of each of the hold's shares."""
    parts = [Parts(paid.citizen_share, shares.amounts(paid.shares, like=whole)) for paid in captured]
    return together(parts, purses=len(whole))


def _state(so_far: HoldSoFar, at: dt.datetime) -> State:
    if so_far.left:
        return "open" if at < so_far.expires_at else "expired"
    if not so_far.released:
        return "captured"
    return "captured_in_part" if so_far.captured else "released"


def _let_go(hold: Hold, so_far: HoldSoFar, *, why: Why, by: Actor, business_date: dt.date, at: dt.datetime) -> None:
    """Release what is left of a hold, under its citizen's lock."""
    whole = shares.read(hold.shares)
    captured = parts_of(captures_of(hold), whole)
    left = Parts(
        hold.citizen_share - captured.own,
        tuple(share.amount - was for share, was in zip(whole, captured.purses, strict=True)),
    )
    now = giving_back.rights(citizen_id=hold.owner_id, whole=whole, at=at)
    backs = giving_back.of_shares(
        now,
        whole=whole,
        price=hold.price,
        before=Kept(hold.price, tuple(share.amount for share in whole)),
        after=Kept(so_far.captured, captured.purses),
        used_at=hold.held_at,
        at=at,
        is_refund=False,
    )
    released = Release(
        id=uuid7(),
        owner_id=hold.owner_id,
        hold_id=hold.id,
        merchant_id=hold.merchant_id,
        amount=so_far.left,
        citizen_share=left.own,
        state_share=left.state,
        shares=[back.row for back in backs],
        why=why,
        by=str(by),
        business_date=business_date,
        released_at=at,
    )
    source = accounts.hold(hold.id)
    moves = shares.moves(
        giving_back.legs(citizen_id=hold.owner_id, source=source, own=left.own, backs=backs),
        citizen_id=hold.owner_id,
        kind=TransferKind.RELEASE,
        cause=released.id,
        channel=hold.channel,
    )
    with trips.together():
        released.save(force_insert=True)
        HoldSoFar.objects.filter(owner_id=hold.owner_id, hold_id=hold.id).update(released=so_far.left)
        ledger.post(moves=moves, business_date=business_date, at=at)
        audit.record(actor=by, act="hold.release", subject_id=hold.id, at=at, amount_satang=so_far.left)
    giving_back.free_caps(citizen_id=hold.owner_id, backs=backs)
    if not so_far.captured:
        giving_back.forget_first_use(now, citizen_id=hold.owner_id, whole=whole, at=at)


def held_by(*, citizen_id: UUID) -> Satang:
    """Return what a citizen's holds set aside of their own money and of their rights together, in satang."""
    return sum(
        row.left for row in HoldSoFar.objects.filter(owner_id=citizen_id, price__gt=F("captured") + F("released"))
    )
