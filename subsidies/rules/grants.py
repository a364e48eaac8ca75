"""What a purse is filled with, at enrolment and later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from subsidies.rules.conditions import Check, Facts
from wallet.money import Satang
from wallet.refusals import Refusal


class NothingToGrant(Refusal):
    """The person may enrol, but no grant of the scheme is for them, or none any more."""

    code = "nothing_to_grant"


@dataclass(frozen=True, slots=True)
class Instalment:
    """A grant that fills the purse later: its code, its instant and satang."""

    code: str
    pays_at: datetime
    amount: Satang


@dataclass(frozen=True, slots=True)
class Row:
    """One `[[grants]]` row."""

    code: str
    amount: Satang
    tiers: frozenset[str]
    applies: Check | None
    joined_from: datetime | None
    joined_before: datetime | None
    pays_at: datetime | None

    def is_for(self, joined_at: datetime) -> bool:
        """Return whether the row is for somebody who enrols at this instant."""
        return (self.joined_from is None or self.joined_from <= joined_at) and (
            self.joined_before is None or joined_at < self.joined_before
        )


@dataclass(frozen=True, slots=True)
class Grants:
    """Every row that fits a person is granted; rows whose day is past are paid at once (back pay)."""

    rows: Sequence[Row]

    def of(self, facts: Facts) -> tuple[Satang, tuple[Instalment, ...]]:
        """Return what fills the purse now, in satang, and what follows, for somebody who enrols at `facts.at`.

        :raises NothingToGrant: when no row fits.
        """
        fitting = [row for row in self.rows if row.is_for(facts.at) and (row.applies is None or row.applies(facts))]
        if not fitting:
            raise NothingToGrant
        now = sum(row.amount for row in fitting if row.pays_at is None or row.pays_at <= facts.at)
        later = [
            Instalment(row.code, row.pays_at, row.amount)
            for row in fitting
            if row.pays_at is not None and row.pays_at > facts.at
        ]
        return now, tuple(sorted(later, key=lambda instalment: instalment.pays_at))

    def largest(self, tier: str) -> Satang:
        """Return the most that one person of the tier can be granted in all, in satang.

        Conditions other than the tier are taken as met, so this is an upper bound for the budget.
        """
        rows = [row for row in self.rows if tier in row.tiers]
        # The rows that fit change only where one begins, so it is enough to ask there and before all of them.
        joins = {row.joined_from for row in rows if row.joined_from is not None}
        at_each = [sum(row.amount for row in rows if row.is_for(joined_at)) for joined_at in joins]
        return max([sum(row.amount for row in rows if row.joined_from is None), *at_each])
