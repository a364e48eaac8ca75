"""A citizen scans a stall's QR and sees the split, with its reasons, before anything is confirmed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from merchants import holds, qr
from merchants.looking import NotEnrolled, Seen, glance
from merchants.receipts import SchemeShare
from subsidies.decision import Split, decide
from subsidies.schemes import compiled
from subsidies.splits import Purse
from wallet import refused
from wallet.money import Satang
from wallet.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the phone shows: the split with the schemes asked for, or why they refuse and the price without them.

    :ivar purses: every right from which the citizen can choose.
    """

    charge_id: UUID
    merchant_name: str
    price: Satang
    cash: Satang
    schemes: tuple[str, ...]
    split: Split | None
    refusal: Refusal | None
    expires_at: dt.datetime
    hold_seconds: int | None = None
    purses: tuple[Purse, ...] = ()

    @property
    def shares(self) -> tuple[SchemeShare, ...]:
        """What each scheme would pay."""
        return tuple(
            SchemeShare(compiled(share.version_id).code, share.amount, share.lost, share.later, share.later_at)
            for share in (self.split.shares if self.split else ())
        )

    @property
    def notes(self) -> dict[str, dict[str, int]]:
        """Which notes would be handed over, by scheme: the citizen's choice, or the best."""
        handed: dict[str, dict[str, int]] = {}
        for share in self.split.shares if self.split else ():
            scheme = compiled(share.version_id)
            if scheme.notes is not None:
                kinds = {note.code for note in scheme.notes.notes}
                handed[scheme.code] = {use.cap: use.amount for use in share.uses if use.cap in kinds}
        return handed

    @property
    def pays_all(self) -> bool:
        """Whether no scheme pays: the citizen is told so, and pays all only if they say that they want to."""
        return self.split is None or not self.schemes

    @property
    def short(self) -> Satang:
        """How much own money is missing, in satang."""
        return max((self.split.citizen if self.split else self.price) - self.cash, 0)


def scan(
    *,
    citizen_id: UUID,
    payload: str,
    schemes: tuple[str, ...] | None,
    notes: Mapping[str, Mapping[str, int]] | None = None,
    at: dt.datetime,
) -> Offer:
    """Return what this citizen would pay for the charge in a QR, and why.

    `schemes` None asks for every scheme that the citizen has a place in: the right mode by default. An empty tuple
    asks for the price without any. A scheme's no is shown in the offer; nobody slides into full price. `notes` are
    those that the citizen would hand over (see `Terms.notes`).

    :raises NotPaymentQR | DamagedQR | ForeignQR | OtherCountry | WrongSignature: it is not a QR of ours.
    :raises AmountNeeded: it is a shop's poster; see `proposals.propose`.
    :raises ChargeUnknown | ChargeExpired | ChargeCancelled | AlreadyPaid | MerchantSuspended | TillRevoked:
    :raises NotEnrolled: a scheme was asked for in which they have no place.
    """
    try:
        charge_id = qr.read_charge_payload(payload=payload, key=settings.QR_KEY).charge_id
    except Refusal as refusal:
        refused.keep(citizen_id=citizen_id, charge_id=None, refusal=refusal, at=at)
        raise
    return show(citizen_id=citizen_id, charge_id=charge_id, schemes=schemes, notes=notes, at=at)


def show(
    *,
    citizen_id: UUID,
    charge_id: UUID,
    schemes: tuple[str, ...] | None,
    notes: Mapping[str, Mapping[str, int]] | None = None,
    at: dt.datetime,
) -> Offer:
    """Return what this citizen would pay for a charge that came to their phone without a scan, and why.

    :raises ChargeUnknown | ChargeExpired | ChargeCancelled | AlreadyPaid | MerchantSuspended | TillRevoked:
    :raises NotEnrolled: as `scan` says.
    """
    try:
        seen = glance(citizen_id=citizen_id, charge_id=charge_id, at=at)
        seen.must_be_payable(at=at)
        return offer(seen, schemes=schemes, notes=notes, at=at)
    except Refusal as refusal:
        refused.keep(citizen_id=citizen_id, charge_id=charge_id, refusal=refusal, at=at)
        raise


def offer(
    seen: Seen,
    *,
    schemes: tuple[str, ...] | None,
    notes: Mapping[str, Mapping[str, int]] | None = None,
    at: dt.datetime,
) -> Offer:
    """Return the split of a charge that was looked at, or the schemes' refusal beside its price.

    :raises NotEnrolled: a scheme was asked for in which they have no place.
    """
    codes = tuple(purse.scheme.code for purse in seen.purses) if schemes is None else schemes
    split: Split | None = None
    no: Refusal | None = None
    try:
        purses = seen.chosen(codes, notes=notes)
        split = decide(purses=purses, sale=seen.sale(), at=at)
        if seen.row.hold_seconds is not None:
            holds.must_be_holdable(split)
    except NotEnrolled:
        raise
    except Refusal as refusal:
        split, no = None, refusal
    return Offer(
        charge_id=seen.charge_id,
        merchant_name=seen.row.merchant_name,
        price=seen.row.amount,
        cash=seen.cash,
        schemes=codes,
        split=split,
        refusal=no,
        expires_at=seen.row.expires_at,
        hold_seconds=seen.row.hold_seconds,
        purses=seen.purses,
    )
