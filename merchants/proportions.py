"""How one part of a price is made up: exact to the satang, however many parts there are and in whatever order.

For each purse, what is gone so far = floor(its share × what is gone of the price ÷ the price), and the rest is the
citizen's own. Refunds and captures both count like this, and never look at how they came to where they are.

With several purses their satang can fall due at the same moment, and then the own part would have to give one back.
Nothing that moved is taken back: such a satang waits with the purse, or goes ahead, until a later part evens it out.
The last part always does.
"""

from collections.abc import Sequence
from typing import NamedTuple

from wallet.money import Satang
from wallet.refusals import InvariantBroken


class Parts(NamedTuple):
    """Satang of the citizen's own money, and of each purse in the order of the shares."""

    own: Satang
    purses: tuple[Satang, ...]

    @property
    def state(self) -> Satang:
        """All purses together."""
        return sum(self.purses)

    @property
    def all(self) -> Satang:
        """The whole."""
        return self.own + self.state


def next_part(*, price: Satang, shares: Sequence[Satang], gone: Parts, amount: Satang) -> Parts:
    """Return what the next `amount` satang of a price are made of.

    :param shares: what each purse has in the whole price; the rest of it is the citizen's own.
    :param gone: all earlier parts together.
    :raises InvariantBroken: the parts would be more than the price, or nothing.
    """
    so_far = gone.all + amount
    if amount <= 0 or so_far > price:
        raise InvariantBroken(f"{amount} satang after {gone.all} of {price}")
    room = [share - was for share, was in zip(shares, gone.purses, strict=True)]
    purses = [max(share * so_far // price - was, 0) for share, was in zip(shares, gone.purses, strict=True)]
    own = min(max(amount - sum(purses), 0), price - sum(shares) - gone.own)
    uneven = amount - own - sum(purses)
    for place, has in enumerate(purses):
        moved = min(max(uneven, -has), room[place] - has)
        purses[place] += moved
        uneven -= moved
    return Parts(own, tuple(purses))


def together(parts: Sequence[Parts], *, purses: int) -> Parts:
    """Return all parts as one; nothing of each of so many purses, if there are none."""
    sums = [sum(part.purses[place] for part in parts) for place in range(purses)]
    return Parts(sum(part.own for part in parts), tuple(sums))
