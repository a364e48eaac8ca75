"""Every payment and hold of a person, decided again: from its version's rules, its charge, and what came before it.

This is the proof that no query can give: the State's share is exactly the rule's, and nobody has passed a cap,
whatever the stored uses say.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from subsidies import schemes
from subsidies.decision import Line, Purse, Sale, Split, decide
from subsidies.models import SchemeVersion
from subsidies.rules.windows import SchemeStopped, SchemeSuspended
from wallet.faults import MOST_PER_CHECK, Fault
from wallet.models import Channel
from wallet.money import Satang
from wallet.refusals import Refusal

NAME: Final = "payment_is_what_the_rules_say"
SAYS: Final = "decided again, a payment is split otherwise than it was"

# So many take seconds. Who they are is drawn anew each time; where people buy all day, fewer of them are looked at.
MOST_PEOPLE: Final = 2_000
MOST_PAYMENTS: Final = 10_000

# People whose payments are read together.
AT_ONCE: Final = 100

PEOPLE: Final = """
    SELECT citizen_id FROM (SELECT DISTINCT citizen_id FROM subsidies_enrolment) one ORDER BY random() LIMIT %s
"""

PLACES: Final = """
    SELECT place.id, citizen_id, place.scheme_id, scheme.code, version_id, tier, person::json, enrolled_at
      FROM subsidies_enrolment place JOIN subsidies_scheme scheme ON scheme.id = place.scheme_id
     WHERE citizen_id = ANY(%s) ORDER BY citizen_id, enrolled_at
"""

# What went in and out of purses otherwise than by payments, holds and what they gave up: grants above all, and what was
# given back.
FILLED: Final = """
    SELECT id, CASE WHEN to_kind = 2 THEN to_id ELSE from_id END, CASE WHEN to_kind = 2 THEN amount ELSE -amount END
      FROM wallet_transfer
     WHERE owner_id = ANY(%s) AND (to_kind = 2 OR from_kind = 2)
       AND kind NOT IN ('payment', 'hold', 'remainder', 'set_aside')
     ORDER BY id
"""

# What came back of the caps, with refunds and releases.
GIVEN_BACK: Final = """
    SELECT back.id, (share->>'enrolment')::uuid, use->>'cap', (use->>'ends_at')::timestamptz, (use->>'amount')::bigint
      FROM (SELECT id, owner_id, shares FROM merchants_refund
             UNION ALL SELECT id, owner_id, shares FROM merchants_release) back,
           jsonb_array_elements(back.shares) share, jsonb_array_elements(share->'uses') use
     WHERE back.owner_id = ANY(%s)
"""

# What the citizen changed after enrolling, newest first.
CHANGED: Final = """
    SELECT enrolment_id, id, fact, was::json FROM subsidies_factchange WHERE citizen_id = ANY(%s) ORDER BY id DESC
"""

# Ids are made under the citizen's lock, so that one citizen's payments are in the order in which they were decided.
# What is captured of a hold was decided when it was held.
PAID: Final = """
    SELECT paid.owner_id, paid.id, paid.price, paid.citizen_share, paid.channel, paid.shares::json, paid.reasons::json,
           paid.at, charge.lines::json, charge.facts::json, charge.merchant_facts::json
      FROM (SELECT owner_id, id, price, citizen_share, channel, shares, reasons, paid_at AS at, charge_id
              FROM merchants_payment WHERE hold_id IS NULL
             UNION ALL
            SELECT owner_id, id, price, citizen_share, channel, shares, reasons, held_at, charge_id
              FROM merchants_hold) paid
      JOIN merchants_charge charge ON charge.id = paid.charge_id
     WHERE paid.owner_id = ANY(%s) ORDER BY paid.owner_id, paid.id
"""


class _Paid(NamedTuple):
    """One row of PAID, in the order of its columns."""

    citizen_id: UUID
    id: UUID
    price: Satang
    own_part: Satang
    channel: int
    shares: list[dict[str, Any]]
    reasons: list[dict[str, Any]]
    at: dt.datetime
    lines: list[dict[str, Any]]
    facts: dict[str, Any]
    merchant: dict[str, Any]


@dataclass
class _Place:
    """One enrolment as it stood at some moment of the past."""

    id: UUID
    scheme_id: UUID
    code: str
    version_id: UUID
    tier: str
    person: dict[str, Any]
    enrolled_at: dt.datetime
    filled: list[tuple[UUID, Satang]] = field(default_factory=list)
    changed: list[tuple[UUID, str, Any]] = field(default_factory=list)
    freed: list[tuple[UUID, str, dt.datetime, int]] = field(default_factory=list)
    spent: Satang = 0
    used: dict[tuple[str, dt.datetime], int] = field(default_factory=lambda: defaultdict(int))
    first_used_at: dt.datetime | None = None

    def purse(
        self, paid: _Paid, *, version_id: UUID, noes: Collection[tuple[str, str]], notes: Mapping[str, int] | None
    ) -> Purse:
        """Return what was read of it for a payment that was made under this version, or refused by it.

        :param noes: (scheme, code) of what the payment was told.
        :param notes: which were handed over.
        """
        return Purse(
            enrolment_id=self.id,
            scheme_id=self.scheme_id,
            version_id=version_id,
            scheme=schemes.compiled(version_id),
            left=sum(amount for transfer_id, amount in self.filled if transfer_id < paid.id) - self.spent,
            tier=self.tier,
            person={**self.person, **{fact: was for change_id, fact, was in self.changed if change_id > paid.id}},
            enrolled_at=self.enrolled_at,
            first_used_at=self.first_used_at,
            used=self._used(paid.id),
            notes=notes,
            # A scheme may have been suspended while the payment was on its way; what it was told is kept.
            suspended_at=paid.at if (self.code, SchemeSuspended.code) in noes else None,
            stopped_at=paid.at if (self.code, SchemeStopped.code) in noes else None,
        )

    def _used(self, before: UUID) -> dict[tuple[str, dt.datetime], int]:
        used = dict(self.used)
        for back_id, cap, ends_at, amount in self.freed:
            if back_id < before:
                used[cap, ends_at] = used.get((cap, ends_at), 0) - amount
        return used


def faults(*, most_people: int = MOST_PEOPLE, most_payments: int = MOST_PAYMENTS) -> Iterator[Fault]:
    """Yield the payments of people chosen by chance that are not what the rules say; at most twenty.

    :param most_people, most_payments: how many are looked at; whichever is reached first.
    """
    people = [citizen_id for (citizen_id,) in _rows(PEOPLE, most_people)]
    each = (answer for begin in range(0, len(people), AT_ONCE) for answer in _each(people[begin : begin + AT_ONCE]))
    yield from islice(filter(None, islice(each, most_payments)), MOST_PER_CHECK)


def of_people(citizen_ids: Sequence[UUID]) -> Iterator[Fault]:
    """Yield the payments of these citizens that are not what the rules say."""
    yield from filter(None, _each(citizen_ids))


def _each(citizen_ids: Sequence[UUID]) -> Iterator[Fault | None]:
    """Yield for each payment of these citizens its fault, or None."""
    places: dict[UUID, dict[UUID, _Place]] = defaultdict(dict)
    every: dict[UUID, _Place] = {}
    for place_id, citizen_id, *rest in _rows(PLACES, list(citizen_ids)):
        every[place_id] = places[citizen_id][place_id] = _Place(place_id, *rest)
    for transfer_id, purse_id, amount in _rows(FILLED, list(citizen_ids)):
        if purse_id in every:  # one that nobody has is another check's
            every[purse_id].filled.append((transfer_id, amount))
    for enrolment_id, *changed in _rows(CHANGED, list(citizen_ids)):
        every[enrolment_id].changed.append((changed[0], changed[1], changed[2]))
    for back_id, enrolment_id, *use in _rows(GIVEN_BACK, list(citizen_ids)):
        if enrolment_id in every:
            every[enrolment_id].freed.append((back_id, *use))
    for paid in map(_Paid._make, _rows(PAID, list(citizen_ids))):
        wrong = _again(paid, places[paid.citizen_id])
        yield Fault(NAME, 3, SAYS, {"payment": paid.id, "citizen": paid.citizen_id, **wrong}) if wrong else None


def _again(paid: _Paid, places: Mapping[UUID, _Place]) -> dict[str, Any]:
    """Decide one payment again and count it; return what is otherwise, or nothing."""
    # A scheme that was asked has paid, and its share names the version; or it has said why not.
    under = {UUID(share["scheme"]): UUID(share["version"]) for share in paid.shares}
    noes = {(reason["facts"].get("scheme"), reason["code"]) for reason in paid.reasons}
    asked = [place for place in places.values() if place.scheme_id in under or place.code in dict(noes)]
    notes = {share["enrolment"]: share["notes"] for share in paid.shares if "notes" in share}
    silent = {place.scheme_id: place.version_id for place in asked if place.scheme_id not in under}
    version = silent | schemes.ids_in_force(scheme_ids=silent, at=paid.at) | under
    try:
        purses = [
            place.purse(paid, version_id=version[place.scheme_id], noes=noes, notes=notes.get(str(place.id)))
            for place in asked
        ]
    except SchemeVersion.DoesNotExist:
        return {"paid_under": sorted(map(str, under.values())), "published": False}
    sale = Sale(
        price=paid.price,
        channel=Channel(paid.channel).label,
        lines=tuple(Line(**line) for line in paid.lines),
        merchant=paid.merchant,
        facts=paid.facts,
    )
    try:
        split = decide(purses=purses, sale=sale, at=paid.at)
    except Refusal as refusal:
        return {"paid_own_part": paid.own_part, "now_refused": refusal.code}
    _count(split, places, at=paid.at)
    kept = sorted(
        (share["enrolment"], share["amount"], *(share.get(part, 0) for part in ("lost", "later", "counted")))
        for share in paid.shares
    )
    decided = sorted(
        (str(share.enrolment_id), share.amount, share.lost, share.later, share.counted) for share in split.shares
    )
    if (paid.own_part, kept) == (split.citizen, decided):
        return {}
    return {
        "paid_own_part": paid.own_part,
        "decided_own_part": split.citizen,
        "paid_shares": kept,
        "decided_shares": decided,
    }


def _count(split: Split, places: Mapping[UUID, _Place], *, at: dt.datetime) -> None:
    for share in split.shares:
        place = places[share.enrolment_id]
        place.spent += share.taken
        place.first_used_at = place.first_used_at or (at if share.taken else None)
        for use in share.uses:
            place.used[use.cap, use.ends_at] += use.amount


def _rows(sql: str, asked: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked])
        return list(cursor.fetchall())
