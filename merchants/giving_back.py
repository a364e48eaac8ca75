"""What is given back of a sale goes where it came from: own money to cash, a scheme's share into its purse.

A purse can be gone: the right is over, was stopped or taken back, the purse was emptied since, or the right is lost by
the scheme's own rule. Then the share is the scheme's again and goes to its fund. What the sale used of the caps comes
back with the right, to the periods in which it was used; what it counted towards a voucher is counted as much less.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from merchants import shares
from merchants.shares import Leg
from subsidies import cap_uses, giving_back, schemes
from subsidies.compiled import Scheme
from subsidies.decision import CapUse, Share
from subsidies.earning import EARNED
from subsidies.models import FirstUseDeadline, Pending
from subsidies.rules.conditions import Facts
from wallet.accounts import Account, cash, fund, purse
from wallet.money import Satang

# A right is judged by the version in force now, not by the one that paid; it is gone if officers or the scheme took it.
RIGHTS: Final = """
    SELECT place.id, place.tier, place.person::json, place.enrolled_at,
           coalesce((SELECT id FROM subsidies_schemeversion version
                      WHERE version.scheme_id = place.scheme_id AND version.effective_at <= %(at)s
                      ORDER BY version.effective_at DESC LIMIT 1), place.version_id),
           EXISTS (SELECT 1 FROM subsidies_forfeit WHERE enrolment_id = place.id)
           OR EXISTS (SELECT 1 FROM subsidies_stop WHERE scheme_id = place.scheme_id AND stopped_at <= %(at)s)
      FROM subsidies_enrolment place
     WHERE place.citizen_id = %(citizen)s AND place.id = ANY(%(places)s::uuid[])
"""

# The first of the sales that still stand; none, if all were given back.
USED_AGAIN: Final = """
    UPDATE subsidies_enrolment place SET first_used_at = (
        SELECT min(sale.at) FROM (
            SELECT paid.paid_at AS at, paid.shares FROM merchants_payment paid
             WHERE paid.owner_id = %(citizen)s AND paid.hold_id IS NULL AND NOT EXISTS (
                SELECT 1 FROM merchants_refundedsofar back WHERE back.owner_id = paid.owner_id
                   AND back.payment_id = paid.id AND back.refunded = back.price)
             UNION ALL
            SELECT held.held_at, held.shares FROM merchants_hold held
             WHERE held.owner_id = %(citizen)s AND NOT EXISTS (
                SELECT 1 FROM merchants_holdsofar back WHERE back.owner_id = held.owner_id
                   AND back.hold_id = held.id AND back.released = back.price)
        ) sale, jsonb_array_elements(sale.shares) share
         WHERE (share->>'enrolment')::uuid = place.id AND (share->>'amount')::bigint > 0)
     WHERE place.id = ANY(%(unused)s::uuid[]) AND place.citizen_id = %(citizen)s
"""


class Kept(NamedTuple):
    """How much of a price stays sold, and of each scheme's share, in satang."""

    price: Satang
    shares: tuple[Satang, ...]


class Back(NamedTuple):
    """What of one share goes back, with what comes back of its caps, and into which account."""

    share: Share
    target: Account

    @property
    def row(self) -> dict[str, Any]:
        """As it is kept in JSON; `to` is purse or fund."""
        return {**shares.kept(self.share), "to": self.target.kind.label}


def between(share: Share, *, place: int, price: Satang, more: Kept, less: Kept) -> tuple[CapUse, ...]:
    """Return what lies between what a sale uses of the caps when more of it is kept, and when less is.

    :param place: of the share, in both.
    :param price: of the whole sale, to which `share` belongs.
    """
    scheme = schemes.compiled(share.version_id)
    used, still_used = (
        giving_back.kept_uses(scheme=scheme, share=share, share_kept=kept.shares[place], kept=kept.price, price=price)
        for kept in (more, less)
    )
    found = (use._replace(amount=use.amount - still.amount) for use, still in zip(used, still_used, strict=True))
    return tuple(use for use in found if use.amount)


class Right(NamedTuple):
    """How the right that paid a share stands now."""

    tier: str
    person: Mapping[str, Any]
    enrolled_at: dt.datetime
    rules: Scheme
    is_gone: bool


def rights(*, citizen_id: UUID, whole: Sequence[Share], at: dt.datetime) -> dict[UUID, Right]:
    """Return how the rights stand that paid the shares of a sale, by enrolment."""
    asked: dict[str, Any] = {"citizen": citizen_id, "places": [share.enrolment_id for share in whole], "at": at}
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS, asked)
        return {
            id_: Right(tier, person, enrolled_at, schemes.compiled(version_id), is_gone)
            for id_, tier, person, enrolled_at, version_id, is_gone in cursor
        }


def of_shares(
    now: Mapping[UUID, Right],
    *,
    whole: Sequence[Share],
    price: Satang,
    before: Kept,
    after: Kept,
    used_at: dt.datetime,
    at: dt.datetime,
    is_refund: bool,
) -> list[Back]:
    """Return what goes back of each share of a sale of which less is kept than before.

    :param whole: the sale's shares as they were decided at `used_at`.
    :param is_refund: what a scheme's document says of refunds holds; what was only held is never lost.
    """
    backs = []
    for number, share in enumerate(whole):
        scheme, right = schemes.compiled(share.version_id), now[share.enrolment_id]
        uses = between(share, place=number, price=price, more=before, less=after)
        is_lost = is_refund and scheme.refunds is not None and not scheme.refunds.returns
        to_purse = not (is_lost or right.is_gone) and giving_back.goes_to_purse(
            scheme=right.rules,
            enrolled_at=right.enrolled_at,
            person=right.person,
            uses=share.uses,
            used_at=used_at,
            at=at,
        )
        if not to_purse:
            uses = giving_back.lost_uses(scheme=scheme, uses=uses)
        amount = before.shares[number] - after.shares[number]
        target = purse(share.enrolment_id) if to_purse else fund(share.scheme_id)
        backs.append(Back(share._replace(amount=amount, uses=uses), target))
    return backs


def legs(*, citizen_id: UUID, source: Account, own: Satang, backs: Sequence[Back]) -> list[Leg]:
    """Return the way of each part back, out of `source`."""
    return [Leg(source, cash(citizen_id), own)] + [
        Leg(source, back.target, back.share.amount, back.share.scheme_id) for back in backs
    ]


def count_less(*, citizen_id: UUID, sale_id: UUID, refund_id: UUID, backs: Sequence[Back]) -> None:
    """Let what was given back earn nothing: where a sale has spend waiting to be counted, a row counts as much less."""
    for back in backs:
        less = sum(use.amount for use in back.share.uses if use.cap == EARNED)
        waiting = Pending.objects.filter(
            citizen_id=citizen_id, cause=sale_id, enrolment_id=back.share.enrolment_id, counted__gt=0
        )
        if less and (waits := waiting.first()) is not None:
            Pending.objects.create(
                citizen_id=citizen_id,
                enrolment_id=waits.enrolment_id,
                cause=refund_id,
                pays_at=waits.pays_at,
                ends_at=waits.ends_at,
                counted=-less,
            )


def free_caps(*, citizen_id: UUID, backs: Sequence[Back]) -> None:
    """Give back what was used of the caps, each in its own period."""
    uses = [(back.share.enrolment_id, use) for back in backs for use in back.share.uses]
    if uses:
        cap_uses.give_back(citizen_id=citizen_id, uses=uses)


def forget_first_use(now: Mapping[UUID, Right], *, citizen_id: UUID, whole: Sequence[Share], at: dt.datetime) -> None:
    """Let rights count as unused again whose one sale was just given back in full, while they can be used in time."""
    unused = []
    for share in whole:
        right = now[share.enrolment_id]
        facts = Facts(at, right.tier, right.person)
        if share.amount and giving_back.was_never_used(scheme=right.rules, enrolled_at=right.enrolled_at, facts=facts):
            unused.append(share.enrolment_id)
    if unused:
        with connection.cursor() as cursor:
            cursor.execute(USED_AGAIN, {"citizen": citizen_id, "unused": unused})
        # A deadline that was put off since may have been thought met; whoever takes rights back looks it up again.
        FirstUseDeadline.objects.bulk_create(
            (FirstUseDeadline(enrolment_id=id_, citizen_id=citizen_id, due_at=at) for id_ in unused),
            ignore_conflicts=True,
        )
