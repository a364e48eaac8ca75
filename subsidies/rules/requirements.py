"""A condition with a name and words of its own: what a person or a shop must be."""

from collections.abc import Mapping
from dataclasses import dataclass

from subsidies.rules.conditions import Check


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement, and the facts that tell somebody that they do not meet it (rule, says_th, says_en, …)."""

    code: str
    check: Check
    facts: Mapping[str, str]
