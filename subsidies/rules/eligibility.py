"""Who may enrol."""

from collections.abc import Collection
from dataclasses import dataclass

from subsidies.rules.conditions import Check, Facts
from subsidies.rules.requirements import Requirement
from wallet.refusals import Refusal


class NotEligible(Refusal):
    """A requirement is not met: `rule` names it, `says_…` word it; `appeal…` tell if, how and until when to appeal."""

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

    def tier(self, facts: Facts, *, waived: Collection[str] = ()) -> str:
        """Return the code of the tier.

        :param waived: the codes of requirements that were lifted for this person.
        :raises NotEligible: naming every requirement that is not met, the first with its words.
        :raises NoTier: when no tier takes the person.
        """
        asked = [requirement for requirement in self.requires if requirement.code not in waived]
        unmet = [requirement for requirement in asked if not requirement.check(facts)]
        if unmet:
            first, rules = unmet[0], [requirement.code for requirement in unmet]
            raise NotEligible(rules=rules, **first.facts, **first.appeal_at(facts.at))
        for code, applies in self.tiers:
            if applies is None or applies(facts):
                return code
        raise NoTier
