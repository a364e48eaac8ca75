"""Round the State's share once, after the caps. The citizen pays whatever is left of the price."""

from dataclasses import dataclass

from wallet.money import WHOLE_BP, Rounding, Satang, share_of


@dataclass(frozen=True, slots=True)
class RoundingRule:
    """A unit in satang and a side. Rounding up never passes a cap."""

    unit: Satang = 1
    mode: Rounding = Rounding.DOWN

    def share(self, exact: int, *, at_most: Satang) -> Satang:
        """Return the share in satang, a multiple of the unit and at most `at_most`.

        :param exact: what the rate gives, in satang × 10,000.
        """
        # Exact is satang x 10,000, so its part of one basis point is satang.
        share = share_of(amount=min(exact, at_most * WHOLE_BP), rate_bp=1, unit=self.unit, rounding=self.mode)
        return share if share <= at_most else share - self.unit
