"""What must be true of the sale itself: booked in time, face to face, near enough, by the right token."""

from dataclasses import dataclass

from subsidies.rules.conditions import Facts
from subsidies.rules.requirements import Requirement
from wallet.refusals import Refusal


class SaleNotEligible(Refusal):
    """The scheme does not take part in a sale like this one."""

    code = "sale_not_eligible"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Every requirement must hold."""

    requires: tuple[Requirement, ...] = ()

    def must_allow(self, facts: Facts) -> None:
        """Return if the sale is one that the scheme takes part in.

        :raises SaleNotEligible: naming the requirement that is not met, in the document's own words.
        """
        for requirement in self.requires:
            if not requirement.check(facts):
                raise SaleNotEligible(**requirement.facts)
