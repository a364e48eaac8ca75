"""The lines of one sale, and what is still unpaid of each while purses pay one after another."""

from collections.abc import Sequence

from wallet.money import Satang


class Bill:
    """Lines of a sale, as rows of the same length: categories of goods, articles, quantities, unpaid satang."""

    __slots__ = ("categories", "quantities", "skus", "unpaid")

    def __init__(
        self,
        *,
        categories: Sequence[str],
        quantities: Sequence[int],
        unpaid: list[Satang],
        skus: Sequence[str] | None = None,
    ) -> None:
        """Take over the rows; `unpaid` changes as shares are paid. Without `skus` no article is known."""
        self.categories = categories
        self.skus = skus or [""] * len(categories)
        self.quantities = quantities
        self.unpaid = unpaid

    def pay(self, share: Satang, covered: Sequence[Satang]) -> None:
        """Take a share off the lines that it is for, in proportion; the odd satang off the first lines.

        :param covered: what of each line the share is for; the share is at most their sum.
        """
        if len(covered) == 1:
            self.unpaid[0] -= share
            return
        amount = sum(covered)
        taken = [share * part // amount for part in covered]
        odd = share - sum(taken)
        for line, part in enumerate(covered):
            more = min(odd, part - taken[line])
            odd -= more
            self.unpaid[line] -= taken[line] + more
