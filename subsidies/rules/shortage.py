"""What happens when the purse has less left than the State's share."""

from dataclasses import dataclass

from subsidies.rules.caps import RightUsedUp
from wallet.money import Satang
from wallet.refusals import Refusal


class RightShort(Refusal):
    """The purse has something left, but not enough, and the scheme does not pay in part."""

    code = "right_short"


@dataclass(frozen=True, slots=True)
class Shortage:
    """`refuses`: the sale is refused; else the State pays what is left and the citizen the rest."""

    refuses: bool = False

    def share(self, wanted: Satang, *, left: Satang) -> Satang:
        """Return `wanted`, or what is left, in satang.

        :raises RightUsedUp: when nothing is left.
        :raises RightShort: when too little is left and the scheme does not pay in part.
        """
        if left <= 0:
            raise RightUsedUp(left_satang=0)
        if wanted <= left:
            return wanted
        if self.refuses:
            raise RightShort(left_satang=left, wanted_satang=wanted)
        return left
