"""Which shops a right can be used at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from subsidies.rules.conditions import Check, Facts
from subsidies.rules.requirements import Requirement
from wallet.refusals import Refusal


class MerchantNotEligible(Refusal):
    """The scheme does not let this shop in."""

    code = "merchant_not_eligible"


@dataclass(frozen=True, slots=True)
class Merchants:
    """Every requirement must hold, and at least one kind of shop, where kinds are named.

    :ivar kinds_say: says_th and says_en, for a shop of no such kind.
    """

    requires: tuple[Requirement, ...] = ()
    kinds: tuple[Check | None, ...] = ()
    kinds_say: Mapping[str, str] = field(default_factory=dict)

    def must_accept(self, facts: Facts) -> None:
        """Return if the shop is let in.

        :raises MerchantNotEligible: naming the requirement that is not met, in the document's own words.
        """
        for requirement in self.requires:
            if not requirement.check(facts):
                raise MerchantNotEligible(**requirement.facts)
        if self.kinds and not any(check is None or check(facts) for check in self.kinds):
            raise MerchantNotEligible(rule="kinds", **self.kinds_say)
