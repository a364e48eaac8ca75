"""How much of each scheme's money is spent, held against its plan: the same every day, from its first to its last.

Days that are summed are read as sums, the others by their tallies, so that looking at it costs next to nothing.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from settlement import tallies
from subsidies import budgets, funding, schemes
from subsidies.documents.section import Words
from wallet.money import Satang

SECOND: Final = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """One scheme's money, in satang.

    :ivar spent: what shops got, less refunds.
    :ivar planned: what would be spent by now, were every day of the scheme the same.
    """

    code: str
    name: Words
    funded: Satang
    spent: Satang
    planned: Satang

    @property
    def percent(self) -> int:
        """How much of it is spent, rounded down."""
        return self.spent * 100 // self.funded if self.funded else 0

    @property
    def is_ahead(self) -> bool:
        """Whether more is spent than planned."""
        return self.spent > self.planned


def all_schemes(*, at: dt.datetime) -> list[Burn]:
    """Return how much of the money of every scheme in force is spent, by code."""
    versions = schemes.all_in_force(at=at)
    funded = funding.funded_each(scheme_ids=[version.scheme_id for version in versions])
    closed = budgets.spent_on_closed_days()
    lately = tallies.spent_by_schemes(business_dates=budgets.days_not_summed())
    burns = []
    for version in versions:
        rules, scheme_id = schemes.compiled(version.id), version.scheme_id
        begins, ends = rules.windows.starts_at, rules.windows.ends_at
        elapsed = min(max(at - begins, dt.timedelta()), ends - begins)
        burns.append(
            Burn(
                code=rules.code,
                name=rules.document.scheme.name,
                funded=funded[scheme_id],
                spent=closed.get(scheme_id, 0) + lately.get(scheme_id, 0),
                planned=funded[scheme_id] * (elapsed // SECOND) // ((ends - begins) // SECOND),
            )
        )
    return burns
