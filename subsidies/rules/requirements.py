"""A condition with a name and words of its own: what a person or a shop must be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from subsidies.rules.conditions import Check


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement, and the facts that tell somebody that they do not meet it (rule, says_th, says_en, …).

    :ivar appeals: whether an officer may lift it for somebody who asks for another look.
    :ivar appeals_until: when asking is too late; None as long as the scheme lives.
    """

    code: str
    check: Check
    facts: Mapping[str, str]
    appeals: bool = False
    appeals_until: datetime | None = None

    def appeal_at(self, at: datetime) -> dict[str, Any]:
        """Return the facts that say whether, and until when, somebody may ask for another look."""
        until = self.appeals_until
        return {
            "appeal": self.appeals and (until is None or at < until),
            "appeal_until_at": until and until.isoformat(),
        }
