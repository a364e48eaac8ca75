"""What a payment is decided by, read in one statement: the key, the charge and its end, the proof, the money, the caps.

`look` reads it for a payer: barrier, lock, look, as three statements in one round trip. Each has a snapshot of its
own; read in the lock's own statement, balances and caps would come from before the wait, and a cap of one payment
would let four through. `glance` reads the same without the locks, for showing a split.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from merchants.models import End
from subsidies import first_payments, schemes
from subsidies.decision import Line, Purse, Sale, Split
from subsidies.freezing import RightFrozen
from subsidies.rules.notes import NotesNotYours
from wallet.ledger import TAKE_BARRIER
from wallet.models import Channel
from wallet.money import Satang
from wallet.prepared import BY_INDEX, Prepared
from wallet.proofs import ProofSeen
from wallet.refusals import InvariantBroken, Refusal

BARRIER: Final = f"{TAKE_BARRIER}, {BY_INDEX}"
LOCK: Final = Prepared(
    types={"citizen": "uuid"}, sql="SELECT 1 FROM wallet_citizen WHERE id = %(citizen)s FOR NO KEY UPDATE"
)

# Django leaves jsonb as text; json arrives as Python values, hence the casts. A purse pays by the version in force at
# the instant of the payment, whichever it was opened under: a handful of rows that every connection has at hand.
LOOK: Final = Prepared(
    types={"citizen": "uuid", "charge": "uuid", "device": "uuid", "key": "text", "at": "timestamptz"},
    sql="""
    SELECT (SELECT business_date FROM wallet_businessday WHERE closed_at IS NULL) AS business_date,
           key.fingerprint, key.outcome_id,
           charge.id IS NOT NULL AS charge_known,
           charge.merchant_id, charge.till_id, charge.amount, charge.channel, charge.lines::json, charge.facts::json,
           charge.expires_at, charge.hold_seconds,
           charge.for_citizen_id, merchant.name AS merchant_name, charge.merchant_facts::json AS merchant_facts,
           till.revoked_at IS NOT NULL AS till_revoked,
           EXISTS (SELECT 1 FROM merchants_suspension stop
                    WHERE stop.merchant_id = charge.merchant_id AND stop.lifted_at IS NULL) AS suspended,
           charge_end."end", charge_end.owner_id AS ended_by, charge_end.payment_id AS ended_with,
           device.revoked_at IS NULL AND device.id IS NOT NULL AS device_known, device.public_key,
           device.wrong_pins, device.wrong_at, device.locked_until, pin.mac, pin.key_version,
           (SELECT balance FROM wallet_balance
             WHERE owner_id = %(citizen)s AND kind = 1 AND account_id = %(citizen)s) AS cash,
           (SELECT json_agg(json_build_array(place.id, place.scheme_id, coalesce(version.id, place.version_id),
                                             place.tier, place.person, place.enrolled_at, place.first_used_at,
                                             coalesce(purse.balance, 0), suspended.at, stopped.stopped_at))
              FROM subsidies_enrolment place
              LEFT JOIN wallet_balance purse
                ON purse.owner_id = place.citizen_id AND purse.kind = 2 AND purse.account_id = place.id
              LEFT JOIN LATERAL (SELECT id FROM subsidies_schemeversion
                                  WHERE scheme_id = place.scheme_id AND effective_at <= %(at)s
                                  ORDER BY effective_at DESC LIMIT 1) version ON true
              LEFT JOIN subsidies_suspension suspended
                ON suspended.scheme_id = place.scheme_id AND suspended.lifted_at IS NULL
              LEFT JOIN subsidies_stop stopped
                ON stopped.scheme_id = place.scheme_id AND stopped.stopped_at <= %(at)s
             WHERE place.citizen_id = %(citizen)s
               AND NOT EXISTS (SELECT 1 FROM subsidies_comingover WHERE from_enrolment_id = place.id)) AS purses,
           (SELECT json_agg(json_build_array(enrolment_id, cap, ends_at, used))
              FROM subsidies_capuse WHERE citizen_id = %(citizen)s AND ends_at > %(at)s) AS uses,
           EXISTS (SELECT 1 FROM subsidies_freeze
                    WHERE citizen_id = pin.citizen_id AND lifted_at IS NULL) AS rights_frozen
      FROM wallet_pin pin
      LEFT JOIN wallet_device device ON device.id = %(device)s AND device.citizen_id = pin.citizen_id
      LEFT JOIN wallet_requestkey key ON key.caller_id = pin.citizen_id AND key.key = %(key)s
      LEFT JOIN merchants_charge charge ON charge.id = %(charge)s
      LEFT JOIN merchants_merchant merchant ON merchant.id = charge.merchant_id
      LEFT JOIN merchants_till till ON till.id = charge.till_id
      LEFT JOIN merchants_chargeend charge_end ON charge_end.charge_id = charge.id
     WHERE pin.citizen_id = %(citizen)s
    """,
)


class ChargeUnknown(Refusal):
    """There is no such charge."""

    code: ClassVar = "charge_unknown"
    status: ClassVar = 404


class ChargeExpired(Refusal):
    """The QR's time is over; the stall makes a new one."""

    code: ClassVar = "charge_expired"


class AlreadyPaid(Refusal):
    """The charge was paid: by this citizen or by another."""

    code: ClassVar = "already_paid"


class ChargeCancelled(Refusal):
    """The stall took the charge back."""

    code: ClassVar = "charge_cancelled"


class MerchantSuspended(Refusal):
    """The shop may not take payments at present."""

    code: ClassVar = "merchant_suspended"


class TillRevoked(Refusal):
    """The till that made the charge was signed out."""

    code: ClassVar = "till_revoked"


class NotEnrolled(Refusal):
    """The citizen chose a scheme in which they have no place."""

    code: ClassVar = "not_enrolled"


class _Row(NamedTuple):
    """One row of LOOK, in the order of its columns."""

    business_date: dt.date | None
    fingerprint: memoryview | None
    outcome_id: UUID | None
    charge_known: bool
    merchant_id: UUID
    till_id: UUID
    amount: Satang
    channel: int
    lines: Any
    facts: Any
    expires_at: dt.datetime
    hold_seconds: int | None
    for_citizen_id: UUID | None
    merchant_name: str
    merchant_facts: Any
    till_revoked: bool
    suspended: bool
    end: str | None
    ended_by: UUID | None
    ended_with: UUID | None
    device_known: bool
    public_key: memoryview | None
    wrong_pins: int | None
    wrong_at: dt.datetime | None
    locked_until: dt.datetime | None
    mac: memoryview
    key_version: int
    cash: Satang | None
    purses: list[list[Any]] | None
    uses: list[list[Any]] | None
    rights_frozen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Everything that a payment of one charge by one citizen is decided by, as plain values."""

    citizen_id: UUID
    charge_id: UUID
    row: _Row
    purses: tuple[Purse, ...]

    @property
    def business_date(self) -> dt.date:
        """The date that the books have open.

        :raises InvariantBroken: no day is open.
        """
        if self.row.business_date is None:
            raise InvariantBroken("the books have no open day")
        return self.row.business_date

    @property
    def cash(self) -> Satang:
        """The citizen's own money, in satang."""
        return self.row.cash or 0

    def proof(self, device_id: UUID) -> ProofSeen:
        """Return what the proof is judged by."""
        row = self.row
        return ProofSeen(
            citizen_id=self.citizen_id,
            device_id=device_id,
            revoked=not row.device_known,
            public_key=None if row.public_key is None else bytes(row.public_key),
            mac=bytes(row.mac),
            key_version=row.key_version,
            wrong=row.wrong_pins or 0,
            wrong_at=row.wrong_at,
            locked_until=row.locked_until,
        )

    def chosen(
        self, codes: tuple[str, ...], *, notes: Mapping[str, Mapping[str, int]] | None = None
    ) -> tuple[Purse, ...]:
        """Return the purses of the schemes that the citizen chose, with the notes that they hand over.

        :raises NotEnrolled: they have no place in one of them.
        :raises RightFrozen: none of their rights can be used at present.
        :raises NotesNotYours: notes are handed over of a right that is not chosen, or does not come in notes.
        """
        purses = tuple(purse for purse in self.purses if purse.scheme.code in codes)
        if codes and self.row.rights_frozen:
            raise RightFrozen
        if notes:
            if set(notes) - {purse.scheme.code for purse in purses if purse.scheme.notes is not None}:
                raise NotesNotYours(per_sale=None)
            purses = tuple(replace(purse, notes=notes.get(purse.scheme.code)) for purse in purses)
        if missing := set(codes) - {purse.scheme.code for purse in purses}:
            raise NotEnrolled(schemes=sorted(missing))
        return purses

    def supposing(self, **of_the_charge: Any) -> "Seen":
        """Return the same as if there were a charge with these columns."""
        return replace(self, row=self.row._replace(charge_known=True, **of_the_charge))

    def begun(self, split: Split) -> list[UUID]:
        """Return the enrolments whose right a split uses for the first time."""
        unused = {purse.enrolment_id for purse in self.purses if purse.first_used_at is None}
        return [share.enrolment_id for share in split.shares if share.taken and share.enrolment_id in unused]

    def sale(self) -> Sale:
        """Return what schemes judge about this charge."""
        row = self.row
        return Sale(
            price=row.amount,
            channel=Channel(row.channel).label,
            lines=tuple(Line(**line) for line in row.lines),
            merchant=row.merchant_facts,
            facts=row.facts,
        )

    def must_be_payable(self, *, at: dt.datetime) -> None:
        """Refuse a charge that cannot be paid any more.

        :raises ChargeUnknown | AlreadyPaid | ChargeCancelled | ChargeExpired | MerchantSuspended | TillRevoked:
        """
        row = self.row
        # What is asked of one citizen is no business of another's, not even that it exists.
        if not row.charge_known or row.for_citizen_id not in (None, self.citizen_id):
            raise ChargeUnknown
        if row.end == End.CANCELLED:
            raise ChargeCancelled
        if row.end is not None:
            if row.ended_by == self.citizen_id:
                ended_with = "hold_id" if row.end == End.HELD else "payment_id"
                raise AlreadyPaid(by_you=True, **{ended_with: str(row.ended_with)})
            raise AlreadyPaid(by_you=False)
        if at >= row.expires_at:
            raise ChargeExpired(expired_at=row.expires_at.isoformat())
        if row.suspended:
            raise MerchantSuspended
        if row.till_revoked:
            raise TillRevoked


def look(*, citizen_id: UUID, charge_id: UUID, device_id: UUID, key: str, at: dt.datetime) -> Seen:
    """Take the barrier, lock the citizen, and read: three statements, one round trip. Needs a transaction."""
    asked = {"citizen": citizen_id, "charge": charge_id, "device": device_id, "key": key, "at": at}
    with connection.cursor() as cursor:
        together = barrier_lock_look(lock=LOCK.on(cursor), look=LOOK.on(cursor))
        cursor.execute(together, (*LOCK.values(asked), *LOOK.values(asked)))
        return _seen(cursor.fetchone(), asked)


def barrier_lock_look(*, lock: str, look: str) -> str:
    """Return the three statements, in this order, that go to the database in one round trip."""
    return f"{BARRIER};\n{lock};\n{look}"


def glance(*, citizen_id: UUID, charge_id: UUID, at: dt.datetime) -> Seen:
    """Read the same without any lock, to show a split that may have changed by the time it is confirmed."""
    asked = {"citizen": citizen_id, "charge": charge_id, "device": None, "key": None, "at": at}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {BY_INDEX};\n{LOOK.on(cursor)}", LOOK.values(asked))
        return _seen(cursor.fetchone(), asked)


def _seen(found: tuple[Any, ...] | None, asked: dict[str, Any]) -> Seen:
    if found is None:
        raise InvariantBroken(f"citizen {asked['citizen']} has no PIN row")
    row = _Row._make(found)
    used: dict[str, dict[tuple[str, dt.datetime], Satang]] = {}
    for enrolment, cap, ends_at, amount in row.uses or ():
        used.setdefault(enrolment, {})[cap, dt.datetime.fromisoformat(ends_at)] = amount
    purses = [_purse(place, used.get(place[0], {})) for place in row.purses or ()]
    # Put in order here: for one place or two, a sort in the database is mostly its own beginning and end.
    purses.sort(key=lambda purse: purse.enrolled_at)
    promised = first_payments.as_promised(tuple(purses), at=asked["at"])
    return Seen(citizen_id=asked["citizen"], charge_id=asked["charge"], row=row, purses=promised)


def _purse(place: list[Any], used: dict[tuple[str, dt.datetime], Satang]) -> Purse:
    enrolment, scheme_id, version, tier, person, enrolled_at, first_used_at, left, suspended_at, stopped_at = place
    version_id = UUID(version)
    return Purse(
        enrolment_id=UUID(enrolment),
        scheme_id=UUID(scheme_id),
        version_id=version_id,
        scheme=schemes.compiled(version_id),
        left=left,
        tier=tier,
        person=person,
        enrolled_at=dt.datetime.fromisoformat(enrolled_at),
        first_used_at=first_used_at and dt.datetime.fromisoformat(first_used_at),
        used=used,
        suspended_at=suspended_at and dt.datetime.fromisoformat(suspended_at),
        stopped_at=stopped_at and dt.datetime.fromisoformat(stopped_at),
    )
