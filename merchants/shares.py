"""A scheme's share as it is kept with a payment, a hold, and what goes back of them: JSON that is read back whole."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from subsidies import schemes
from subsidies.decision import CapUse, Share
from wallet.accounts import Account
from wallet.ledger import Move
from wallet.models import Channel, Part, TransferKind
from wallet.money import Satang


def kept(share: Share, *, notes: Mapping[str, Mapping[str, int]] | None = None) -> dict[str, Any]:
    """Return a share as JSON: {enrolment, scheme, version, amount, uses: [{cap, ends_at, amount}]}, and what few have.

    :param notes: which notes the citizen chose to hand over, by the scheme's code.
    """
    row: dict[str, Any] = {
        "enrolment": str(share.enrolment_id),
        "scheme": str(share.scheme_id),
        "version": str(share.version_id),
        "amount": share.amount,
        "uses": [{"cap": use.cap, "ends_at": use.ends_at.isoformat(), "amount": use.amount} for use in share.uses],
    }
    # What most shares do not have is not written, for there are very many of them.
    if share.lost:
        row["lost"] = share.lost
    if share.later and share.later_at is not None:
        row |= {"later": share.later, "later_at": share.later_at.isoformat()}
    if share.counted:
        row["counted"] = share.counted
    if notes and (chosen := notes.get(schemes.compiled(share.version_id).code)):
        row["notes"] = dict(chosen)
    return row


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[Share, ...]:
    """Return the shares that were kept."""
    return tuple(
        Share(
            enrolment_id=UUID(row["enrolment"]),
            scheme_id=UUID(row["scheme"]),
            version_id=UUID(row["version"]),
            amount=row["amount"],
            uses=tuple(
                CapUse(use["cap"], dt.datetime.fromisoformat(use["ends_at"]), use["amount"]) for use in row["uses"]
            ),
            lost=row.get("lost", 0),
            later=row.get("later", 0),
            later_at=dt.datetime.fromisoformat(row["later_at"]) if "later_at" in row else None,
            counted=row.get("counted", 0),
        )
        for row in rows
    )


def amounts(rows: Iterable[Mapping[str, Any]], *, like: Iterable[Share]) -> tuple[int, ...]:
    """Return the satang of each kept row, in the order of other shares; nothing for those that have none."""
    found = {row["enrolment"]: row["amount"] for row in rows}
    return tuple(found.get(str(share.enrolment_id), 0) for share in like)


class Leg(NamedTuple):
    """One share on its way: the citizen's own, or a scheme's."""

    source: Account
    target: Account
    amount: Satang
    scheme_id: UUID | None = None


def moves(legs: Iterable[Leg], *, citizen_id: UUID, kind: TransferKind, cause: UUID, channel: int) -> list[Move]:
    """Return the transfers of those legs that are more than nothing, each with whose part it is."""
    return [
        Move(
            source=leg.source,
            target=leg.target,
            amount=leg.amount,
            kind=kind,
            cause=cause,
            owner_id=citizen_id,
            scheme_id=leg.scheme_id,
            part=Part.CITIZEN if leg.scheme_id is None else Part.STATE,
            channel=Channel(channel),
        )
        for leg in legs
        if leg.amount
    ]
