"""What a purse is filled with, at enrolment and later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from subsidies.rules.calendar import as_date
from subsidies.rules.conditions import Check, Facts
from subsidies.rules.repeats import Repeats, day_of_month
from wallet.money import Satang
from wallet.refusals import Refusal


class NothingToGrant(Refusal):
    """The person may enrol, but no grant of the scheme is for them, or none any more."""

    code = "nothing_to_grant"


@dataclass(frozen=True, slots=True)
class Instalment:
    """A grant that fills the purse later: its code, its instant and satang.

    :ivar if_spent: only if so much of the right was spent before, satang. Several instalments of one code are chances
        for one payment: the first at which the condition holds pays it.
    """

    code: str
    pays_at: datetime
    amount: Satang
    if_spent: Satang = 0


@dataclass(frozen=True, slots=True)
class Sum:
    """How much one grant is: a sum, a sum for each of something, or a fact about the person.

    :ivar each: the fact of the person by which the amount is multiplied.
    :ivar fact: the fact of the person that is the amount.
    """

    amount: Satang = 0
    each: str | None = None
    fact: str | None = None
    at_most: Satang | None = None

    def of(self, person: Any) -> Satang:
        """Return the sum for a person, in satang; nothing where the fact is not known."""
        if self.fact is None and self.each is None:
            return self.amount
        known = person.get(self.fact or self.each)
        exact = 0 if not isinstance(known, int) else known if self.fact else known * self.amount
        return max(0, exact if self.at_most is None else min(exact, self.at_most))

    @property
    def largest(self) -> Satang:
        """Return the most that it can be, in satang."""
        return self.amount if self.at_most is None else self.at_most


@dataclass(frozen=True, slots=True)
class Runs:
    """The instants of a grant that is paid again and again, and what becomes of the runs that somebody missed.

    :ivar verified_by_day: a run pays those whose identity was proven by this day of the month before it.
    :ivar back_pay: how many missed runs are paid together with the first; None is all of them.
    """

    repeats: Repeats
    verified_by_day: int | None = None
    back_pay: int | None = 0

    def for_one(self, facts: Facts) -> Iterator[tuple[datetime, datetime]]:
        """Yield (the instant of a run, when it is paid) for somebody who enrolled at `facts.at`."""
        missed: list[datetime] = []
        begun = False
        for run in self.repeats.instants():
            begun = begun or (run >= facts.at and self._is_verified(run, facts))
            if not begun:
                missed.append(run)
                continue
            kept = len(missed) if self.back_pay is None else min(self.back_pay, len(missed))
            for earlier in missed[len(missed) - kept :]:
                yield earlier, run
            missed.clear()
            yield run, run

    def _is_verified(self, run: datetime, facts: Facts) -> bool:
        if self.verified_by_day is None:
            return True
        verified_on = facts.person.get("verified_on")
        return bool(verified_on) and as_date(verified_on) <= self._cut_off(run)

    def _cut_off(self, run: datetime) -> date:
        day: date = self.repeats.calendar.local(run).date()
        this = day_of_month(day.year, day.month, self.verified_by_day or 1)
        if this < day:
            return this
        before = day.replace(day=1) - timedelta(days=1)
        return day_of_month(before.year, before.month, self.verified_by_day or 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One `[[grants]]` row."""

    code: str
    amount: Sum
    tiers: frozenset[str]
    applies: Check | None
    joined_from: datetime | None = None
    joined_before: datetime | None = None
    pays_at: datetime | None = None
    runs: Runs | None = None
    if_spent: Satang = 0

    def is_for(self, joined_at: datetime) -> bool:
        """Return whether the row is for somebody who enrols at this instant."""
        return (self.joined_from is None or self.joined_from <= joined_at) and (
            self.joined_before is None or joined_at < self.joined_before
        )

    def instalments(self, facts: Facts) -> Iterator[Instalment]:
        """Yield what this row pays somebody who enrols at `facts.at`; what is due at once has that instant."""
        amount = self.amount.of(facts.person)
        if not amount:
            return
        if self.runs is None:
            yield Instalment(self.code, max(facts.at, self.pays_at or facts.at), amount, self.if_spent)
            return
        days = self.runs.repeats.instants()
        for run, pays_at in self.runs.for_one(facts):
            # With a condition the runs are chances for one payment: they share its name, so that it is paid once.
            code = self.code if self.if_spent else f"{self.code}-{days[run]}"
            yield Instalment(code, pays_at, amount, self.if_spent)

    @property
    def largest(self) -> Satang:
        """Return the most that the row pays one person in all, in satang."""
        if self.runs is None or self.if_spent:
            return self.amount.largest
        return self.amount.largest * sum(1 for _ in self.runs.repeats.instants())


@dataclass(frozen=True, slots=True)
class Grants:
    """Every row that fits a person is granted; a single row whose day is past is paid at once (back pay).

    :ivar may_be_none: the purse is filled otherwise: bought into, or earned.
    """

    rows: Sequence[Row]
    may_be_none: bool = False

    def of(self, facts: Facts) -> tuple[Satang, tuple[Instalment, ...]]:
        """Return what fills the purse now, in satang, and what follows, for somebody who enrols at `facts.at`.

        :raises NothingToGrant: when no row fits, or none pays any more.
        """
        fitting = [row for row in self.rows if row.is_for(facts.at) and (row.applies is None or row.applies(facts))]
        paid = [instalment for row in fitting for instalment in row.instalments(facts)]
        if not paid and not self.may_be_none:
            raise NothingToGrant
        now = sum(one.amount for one in paid if one.pays_at <= facts.at and not one.if_spent)
        later = [one for one in paid if one.pays_at > facts.at or one.if_spent]
        return now, tuple(sorted(later, key=lambda one: (one.pays_at, one.code)))

    @property
    def may_begin_empty(self) -> bool:
        """Whether somebody may enrol whose purse is filled later only."""
        return self.may_be_none or any(row.runs is not None or row.pays_at is not None for row in self.rows)

    def largest(self, tier: str) -> Satang:
        """Return the most that one person of the tier can be granted in all, in satang.

        Conditions other than the tier are taken as met, so this is an upper bound for the budget.
        """
        rows = [row for row in self.rows if tier in row.tiers]
        # The rows that fit change only where one begins, so it is enough to ask there and before all of them.
        joins = {row.joined_from for row in rows if row.joined_from is not None}
        at_each = [sum(row.largest for row in rows if row.is_for(joined_at)) for joined_at in joins]
        return max([sum(row.largest for row in rows if row.joined_from is None), *at_each])
