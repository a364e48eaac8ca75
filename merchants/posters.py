"""A shop's code on the wall: made, printed, revoked. It names no amount, and by itself nothing can be paid with it.

A citizen scans it and keys the amount; that is a proposal, which a till of the shop sees and says yes to before there
is anything to pay. So a photo of a poster, or one pasted over another shop's, gets nobody any money unseen.
"""

import datetime as dt
from typing import ClassVar, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from merchants import branches, qr, staff
from merchants.looking import MerchantSuspended
from merchants.models import Merchant, Poster, Staff
from wallet import audit
from wallet.ids import uuid7
from wallet.refusals import Refusal

# The newest are shown; nobody has more on the wall at once.
MOST_SHOWN: Final = 100


class PosterUnknown(Refusal):
    """There is no such poster of this shop."""

    code: ClassVar = "poster_unknown"
    status: ClassVar = 404


class PosterRevoked(Refusal):
    """The poster is old: the shop has taken it down."""

    code: ClassVar = "poster_revoked"


def make(*, by: Staff, branch_id: UUID | None, at: dt.datetime) -> Poster:
    """Make a poster for a branch, or for the shop at large. Earlier ones stay good until they are revoked.

    :raises BranchUnknown:
    """
    branch = branches.of(merchant_id=by.merchant_id, branch_id=branch_id) if branch_id else None
    with transaction.atomic(durable=True):
        # The shop's row, so that two made at once get two versions.
        merchant = Merchant.objects.select_for_update(no_key=True).get(id=by.merchant_id)
        newest = merchant.posters.aggregate(newest=Max("version"))["newest"] or 0
        poster = Poster.objects.create(
            id=uuid7(),
            merchant=merchant,
            branch=branch,
            version=newest + 1,
            made_by=str(staff.actor(by)),
            made_at=at,
        )
        audit.record(actor=staff.actor(by), act="poster.make", subject_id=poster.id, at=at, version=poster.version)
    return poster


def revoke(*, by: Staff, poster_id: UUID, at: dt.datetime) -> None:
    """Take a poster down: who scans it is told that it is old.

    :raises PosterUnknown: it is another shop's.
    :raises PosterRevoked: it was taken down before.
    """
    poster = of(merchant_id=by.merchant_id, poster_id=poster_id)
    actor = staff.actor(by)
    with transaction.atomic(durable=True):
        if not Poster.objects.filter(id=poster.id, revoked_at=None).update(revoked_at=at, revoked_by=str(actor)):
            raise PosterRevoked(version=poster.version)
        audit.record(actor=actor, act="poster.revoke", subject_id=poster.id, at=at)


def of(*, merchant_id: UUID, poster_id: UUID) -> Poster:
    """Return one of a shop's posters.

    :raises PosterUnknown: it is another shop's.
    """
    found = Poster.objects.select_related("merchant", "branch").filter(id=poster_id, merchant_id=merchant_id).first()
    if found is None:
        raise PosterUnknown
    return found


def to_print(*, merchant_id: UUID, poster_id: UUID) -> Poster:
    """Return one of a shop's posters that may be printed.

    :raises PosterUnknown: it is another shop's.
    :raises PosterRevoked: it was taken down; a new one is made in its place.
    """
    poster = of(merchant_id=merchant_id, poster_id=poster_id)
    if poster.revoked_at is not None:
        raise PosterRevoked(version=poster.version)
    return poster


def of_shop(*, merchant_id: UUID) -> list[Poster]:
    """Return a shop's posters, newest first."""
    return list(Poster.objects.filter(merchant_id=merchant_id).order_by("-version")[:MOST_SHOWN])


def payload(poster: Poster) -> str:
    """Return the payload of a poster's code. It carries the Thai name too: paper has room for small modules."""
    merchant = poster.merchant
    return qr.poster_payload(
        poster_id=poster.id,
        merchant_wallet_id=qr.wallet_id_for(merchant.wallet_number),
        merchant_name=merchant.name_en,
        city=merchant.city,
        thai_name=merchant.name,
        key=settings.QR_KEY,
    )


def scanned(*, payload: str) -> Poster:
    """Return the poster that a citizen scanned, if it still hangs and its shop may take payments.

    :raises NotAPoster | NotPaymentQR | DamagedQR | ForeignQR | OtherCountry | WrongSignature: as `qr.read` says.
    :raises PosterUnknown | PosterRevoked | MerchantSuspended:
    """
    read = qr.read_poster_payload(payload=payload, key=settings.QR_KEY)
    poster = Poster.objects.select_related("merchant", "branch").filter(id=read.poster_id).first()
    if poster is None:
        raise PosterUnknown
    if poster.revoked_at is not None:
        raise PosterRevoked(version=poster.version)
    if poster.merchant.suspensions.filter(lifted_at=None).exists():
        raise MerchantSuspended
    return poster
