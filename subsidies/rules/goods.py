"""Which lines of a bill the scheme covers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wallet.money import Satang
from wallet.refusals import Refusal

# What a price without lines is: a stall keys a sum and sells what it sells.
GENERAL = "general"


class GoodsNotAllowed(Refusal):
    """Nothing on the bill is covered, or the scheme refuses a bill with anything else on it."""

    code = "goods_not_allowed"


@dataclass(frozen=True, slots=True)
class Goods:
    """Only `allow`, or everything but `deny`; `refuses_rest` turns the whole bill away for one line outside."""

    allow: frozenset[str] | None = None
    deny: frozenset[str] = frozenset()
    refuses_rest: bool = False

    def covered(self, *, categories: Sequence[str], unpaid: Sequence[Satang]) -> list[Satang]:
        """Return what of each line the scheme covers: all that is unpaid of it, or nothing.

        :raises GoodsNotAllowed: when no line is covered, or one is not and the scheme refuses such bills.
        """
        allow, deny = self.allow, self.deny
        covered = [
            amount if (category not in deny if allow is None else category in allow) else 0
            for category, amount in zip(categories, unpaid, strict=True)
        ]
        if not any(covered) or (self.refuses_rest and 0 in covered):
            outside = {name for name, amount in zip(categories, covered, strict=True) if not amount}
            raise GoodsNotAllowed(categories=sorted(outside))
        return covered


@dataclass(frozen=True, slots=True)
class GoodsByChannel:
    """The goods rule of each channel."""

    rules: Mapping[str, Goods]

    def covered(self, *, channel: str, categories: Sequence[str], unpaid: Sequence[Satang]) -> list[Satang]:
        """Return what of each line is covered on this channel, see `Goods.covered`."""
        rule = self.rules.get(channel)
        return list(unpaid) if rule is None else rule.covered(categories=categories, unpaid=unpaid)
