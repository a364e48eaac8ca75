"""What falls due on one right between two instants, in order. Pure: the timetable reads, asks this, and writes.

At one instant a purse is emptied first, then loses what a period did not use, then is filled, then given what was
earned; money that was set aside is paid; last, the right ends. Whoever comes late does what was due as if on time: a
purse is emptied of what was in it then, not of what came since.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final, NamedTuple
from uuid import UUID

from subsidies import earning, entitlements
from subsidies.compiled import Scheme
from subsidies.rules.calendar import LIFETIME
from subsidies.rules.caps import Used
from subsidies.rules.grants import Instalment
from subsidies.rules.periods import Period
from wallet.models import TransferKind
from wallet.money import Satang

# An instant belongs to the period that it begins; a moment before it, the other period ends.
A_MOMENT: Final = timedelta(microseconds=1)

# What takes money out of a purse; less is taken where the citizen has spent it since.
TAKES: Final = frozenset({TransferKind.EMPTIED, TransferKind.LAPSED, TransferKind.ENDED})


class Moved(NamedTuple):
    """One movement of a purse: satang, negative when they went out.

    :ivar spent: what of it a shop got or has held, or gave back (negative).
    :ivar put_in: what of it was granted, earned or bought.
    """

    at: datetime
    amount: Satang
    spent: Satang = 0
    put_in: Satang = 0


class Counted(NamedTuple):
    """Spend that counts from `pays_at` on, in the period that ends at `ends_at`."""

    pays_at: datetime
    ends_at: datetime
    amount: Satang


class Aside(NamedTuple):
    """Money of a payment that waits in a hold until `pays_at`."""

    hold_id: UUID
    pays_at: datetime
    amount: Satang


class Due(NamedTuple):
    """Something to be done: so much, since when it is due.

    :ivar code: the name of a filling, by which it is made once.
    :ivar to_cash: whether it becomes the citizen's own money.
    :ivar hold_id: where the money waited.
    """

    kind: TransferKind
    amount: Satang
    at: datetime
    code: str = ""
    to_cash: bool = False
    hold_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """One enrolment, and what the timetable reads of it. What its scheme has no use for need not be read.

    :ivar due_at: everything that fell due before is done.
    :ivar left: what is in the purse now.
    :ivar moved: its movements, in order (see `needs_history`).
    :ivar filled: the names of the instalments that were paid.
    :ivar earned: what was paid of what spending earned.
    :ivar own: what the citizen paid into the purse themselves.
    :ivar stopped_at: when officers stopped the scheme for good.
    """

    scheme: Scheme
    tier: str
    person: Mapping[str, Any]
    enrolled_at: datetime
    due_at: datetime
    left: Satang
    moved: Sequence[Moved] = ()
    used: Used = field(default_factory=dict)
    filled: frozenset[str] = frozenset()
    earned: Satang = 0
    counted: Sequence[Counted] = ()
    aside: Sequence[Aside] = ()
    own: Satang = 0
    stopped_at: datetime | None = None

    @property
    def over_at(self) -> datetime:
        """The first instant at which the right cannot be used any more."""
        over = entitlements.over_at(scheme=self.scheme, enrolled_at=self.enrolled_at, person=self.person)
        return over if self.stopped_at is None else min(over, self.stopped_at)

    @property
    def ended_at(self) -> datetime:
        """When what is left of it goes back."""
        return self.over_at + timedelta(days=self.scheme.document.end.after_days)


def needs_history(scheme: Scheme) -> bool:
    """Return whether what falls due depends on what was in the purse at an instant that is past."""
    conditional = any(row.if_spent for row in scheme.grants.rows)
    return scheme.emptied is not None or bool(_losing(scheme)) or conditional or scheme.buy_in is not None


def falls_due(right: Right, *, until: datetime) -> tuple[list[Due], datetime]:
    """Return what is due on a right until this instant, included, in order; and when something is due next.

    The second is LIFETIME where nothing ever is.
    """
    day_by_day = _Walk(right, until)
    for at in day_by_day.instants:
        if at > until:
            return day_by_day.ended(), at
        day_by_day.reach(at)
    return day_by_day.ended(), LIFETIME


class _Walk:
    """A walk along the timeline of one right, with what is in its purse on the way."""

    def __init__(self, right: Right, until: datetime) -> None:
        self.right = right
        self.dues: list[Due] = []
        self.filled = set(right.filled)
        self.earned = right.earned
        since = max(right.due_at, right.enrolled_at)
        self.ahead = [moved for moved in right.moved if moved.at >= since]
        self.left = right.left - sum(moved.amount for moved in self.ahead)
        self.spent = sum(moved.spent for moved in right.moved) - sum(moved.spent for moved in self.ahead)
        over_at = right.over_at
        emptied = _ends(right.scheme.emptied, since=since, until=until)
        lapsed = chain.from_iterable(_ends(period, since=since, until=until) for period in _losing(right.scheme))
        # Rules that came later may end it in what is past; it ends now.
        self.ended_at = max(right.ended_at, since)
        self.emptied = {at for at in emptied if at <= over_at}
        self.lapsed = {at for at in lapsed if at <= over_at}
        self.instalments: dict[datetime, list[Instalment]] = {}
        for one in _instalments(right, since):
            self.instalments.setdefault(one.pays_at, []).append(one)
        waiting = chain((one.pays_at for one in right.counted), (one.pays_at for one in right.aside))
        self.instants = sorted(
            {
                *self.emptied,
                *self.lapsed,
                *self.instalments,
                *(at for at in waiting if at >= since),
                self.ended_at,
            }
        )

    def reach(self, at: datetime) -> None:
        """Do what is due at the next instant."""
        while self.ahead and self.ahead[0].at < at:
            moved = self.ahead.pop(0)
            self.left += moved.amount
            self.spent += moved.spent
        if at in self.emptied:
            self._take(TransferKind.EMPTIED, self.left, at)
        if at in self.lapsed:
            scheme, used = self.right.scheme, self.right.used
            lost = entitlements.lapses(scheme=scheme, used=used, ended_at=at, left=self.left)
            self._take(TransferKind.LAPSED, lost, at)
        for one in self.instalments.get(at, ()):
            if one.code not in self.filled and self.spent >= one.if_spent:
                self.filled.add(one.code)
                self._give(Due(TransferKind.GRANT, one.amount, at, code=one.code))
        self._earn(at)
        for waits in self.right.aside:
            if waits.pays_at == at and waits.amount:
                self.dues.append(Due(TransferKind.PAID_BACK, waits.amount, at, to_cash=True, hold_id=waits.hold_id))
        if at == self.ended_at:
            self._end(at)

    def ended(self) -> list[Due]:
        """Return all that is due; less is taken where it is not there any more, the newest first."""
        short = -(self.left + sum(moved.amount for moved in self.ahead))
        for number in range(len(self.dues) - 1, -1, -1):
            due = self.dues[number]
            if short > 0 and due.kind in TAKES:
                less = min(short, due.amount)
                self.dues[number] = due._replace(amount=due.amount - less)
                short -= less
        return [due for due in self.dues if due.amount]

    def _take(self, kind: TransferKind, amount: Satang, at: datetime, *, to_cash: bool = False) -> None:
        if amount > 0:
            self.left -= amount
            self.dues.append(Due(kind, amount, at, to_cash=to_cash))

    def _give(self, due: Due) -> None:
        if not due.to_cash:
            self.left += due.amount
        self.dues.append(due)

    def _earn(self, at: datetime) -> None:
        if not any(one.pays_at == at for one in self.right.counted):
            return
        counted: dict[datetime, Satang] = {}
        for one in self.right.counted:
            if one.pays_at <= at:
                counted[one.ends_at] = counted.get(one.ends_at, 0) + one.amount
        voucher = earning.due(
            scheme=self.right.scheme, counted=counted, paid=self.earned, person=self.right.person, at=at
        )
        if voucher is None or (voucher.to == "purse" and at >= self.right.over_at):
            return
        self.earned += voucher.amount
        code = at.isoformat()
        self._give(Due(TransferKind.EARNED, voucher.amount, at, code=code, to_cash=voucher.to == "cash"))

    def _end(self, at: datetime) -> None:
        """Give back what is left: the part of it that the citizen bought, and the State's."""
        document = self.right.scheme.document
        own = 0
        if document.buy_in is not None and document.buy_in.unused_own_part == "to_citizen":
            put_in = sum(moved.put_in for moved in self.right.moved)
            # Rounded down, so that the State never loses a satang of its own to it.
            own = self.left * self.right.own // put_in if put_in else 0
        self._take(TransferKind.ENDED, own, at, to_cash=True)
        self._take(TransferKind.ENDED, self.left, at, to_cash=document.end.unused == "to_citizen")


def _instalments(right: Right, since: datetime) -> Iterator[Instalment]:
    if right.scheme.grants.may_be_none:
        return
    yield from entitlements.instalments(
        scheme=right.scheme,
        tier=right.tier,
        person=right.person,
        enrolled_at=right.enrolled_at,
        since=since,
        until=right.over_at,
    )


def _losing(scheme: Scheme) -> list[Period]:
    """Return the periods at whose end the scheme takes what was not used."""
    lost = {cap.code for cap in scheme.document.caps if cap.unused == "lost"}
    return [cap.period for cap in scheme.caps.state if cap.code in lost and cap.period is not None] if lost else []


def _ends(period: Period | None, *, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when the periods end from `since` until `until`, and the first end after it: the next that is due."""
    if period is None:
        return
    at = since - A_MOMENT
    while at <= until:
        at = period.ends_at(at)
        yield at
