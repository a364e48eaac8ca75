"""Round the State's share once, after the caps. The citizen pays whatever is left of the price."""

from dataclasses import dataclass

from wallet.money import WHOLE_BP, Rounding, Satang


@dataclass(frozen=True, slots=True)
class RoundingRule:
    """A unit in satang and a side. Rounding up never passes a cap."""

    unit: Satang = 1
    mode: Rounding = Rounding.DOWN

    def share(self, exact: int, *, at_most: Satang) -> Satang:
        """Return the share in satang, a multiple of the unit and at most `at_most`.

        :param exact: what the rate gives, in satang × 10,000.
        """
        divisor = WHOLE_BP * self.unit
        units, rest = divmod(min(exact, at_most * WHOLE_BP), divisor)
        if rest and (self.mode is Rounding.UP or (self.mode is Rounding.HALF_UP and 2 * rest >= divisor)):
            units += (units + 1) * self.unit <= at_most
        return units * self.unit
