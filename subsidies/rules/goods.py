"""Which lines of a bill the scheme covers."""

from collections.abc import Mapping
from dataclasses import dataclass

from subsidies.rules.bill import Bill
from wallet.money import Satang
from wallet.refusals import Refusal

# What a price without lines is: a stall keys a sum and sells what it sells.
GENERAL = "general"


class GoodsNotAllowed(Refusal):
    """Nothing on the bill is covered, or the scheme refuses a bill with anything else on it."""

    code = "goods_not_allowed"


@dataclass(frozen=True, slots=True)
class Goods:
    """Only `allow`, or everything but `deny`; of those, only `allow_skus` (where named) and never `deny_skus`.

    :ivar refuses_rest: turns the whole bill away for one line outside.
    """

    allow: frozenset[str] | None = None
    deny: frozenset[str] = frozenset()
    refuses_rest: bool = False
    allow_skus: frozenset[str] | None = None
    deny_skus: frozenset[str] = frozenset()

    def covered(self, bill: Bill) -> list[Satang]:
        """Return what of each line the scheme covers: all that is unpaid of it, or nothing.

        :raises GoodsNotAllowed: when no line is covered, or one is not and the scheme refuses such bills.
        """
        allow, deny = self.allow, self.deny
        is_in = [category not in deny if allow is None else category in allow for category in bill.categories]
        if self.allow_skus is not None or self.deny_skus:
            is_in = [inside and self._has(sku) for inside, sku in zip(is_in, bill.skus, strict=True)]
        if not any(is_in) or (self.refuses_rest and not all(is_in)):
            outside = {category for category, inside in zip(bill.categories, is_in, strict=True) if not inside}
            raise GoodsNotAllowed(categories=sorted(outside))
        return [amount if inside else 0 for inside, amount in zip(is_in, bill.unpaid, strict=True)]

    def _has(self, sku: str) -> bool:
        return sku not in self.deny_skus and (self.allow_skus is None or sku in self.allow_skus)


@dataclass(frozen=True, slots=True)
class GoodsByChannel:
    """The goods rule of each channel."""

    rules: Mapping[str, Goods]

    def covered(self, *, channel: str, bill: Bill) -> list[Satang]:
        """Return what of each line is covered on this channel, see `Goods.covered`."""
        rule = self.rules.get(channel)
        return list(bill.unpaid) if rule is None else rule.covered(bill)
