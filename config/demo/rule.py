"""The printed rule of คนละครึ่ง พลัส, once more, in a few lines: so that the service is held to the rule, not to itself.

Half of the price, rounded down; at most 200 baht a day; never more than is left of 2,000 baht in all.
https://www.khaosod.co.th/special-stories/news_9996679
"""

from dataclasses import dataclass
from typing import Final

from wallet.money import Satang

GRANTED: Final[Satang] = 2_000_00
DAY_CAP: Final[Satang] = 200_00


@dataclass
class Right:
    """What one citizen still has to expect of the scheme, in satang."""

    in_all: Satang = GRANTED
    today: Satang = DAY_CAP

    def share_of(self, satang: Satang) -> Satang:
        """Return what the State has to pay of a price that it shares."""
        return min(satang // 2, self.today, self.in_all)

    def use(self, satang: Satang) -> None:
        """Note what the State paid."""
        self.in_all -= satang
        self.today -= satang
