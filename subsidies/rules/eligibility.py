"""Who may enrol."""

from dataclasses import dataclass

from subsidies.rules.conditions import Check, Facts
from subsidies.rules.requirements import Requirement
from wallet.refusals import Refusal


class NotEligible(Refusal):
    """A requirement is not met: `rule` names it, `says_th` and `says_en` word it, `appeal_…` tells what to do."""

    code = "not_eligible"
    status = 403


class NoTier(Refusal):
    """All requirements are met, but none of the scheme's tiers takes this person."""

    code = "no_tier"
    status = 403


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Every requirement must be met; then the first tier whose conditions hold is the person's."""

    requires: tuple[Requirement, ...]
    tiers: tuple[tuple[str, Check | None], ...]

    def tier(self, facts: Facts) -> str:
        """Return the code of the tier.

        :raises NotEligible: naming every requirement that is not met, the first with its words.
        :raises NoTier: when no tier takes the person.
        """
        unmet = [requirement for requirement in self.requires if not requirement.check(facts)]
        if unmet:
            raise NotEligible(rules=[requirement.code for requirement in unmet], **unmet[0].facts)
        for code, applies in self.tiers:
            if applies is None or applies(facts):
                return code
        raise NoTier
