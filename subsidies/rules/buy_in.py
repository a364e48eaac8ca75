"""People pay their own money into the purse, and the State adds to it: pay 1,000, get 3,000."""

from dataclasses import dataclass
from datetime import datetime

from wallet.money import Satang
from wallet.refusals import Refusal


class NoBuyIn(Refusal):
    """Nobody can buy into this scheme."""

    code = "no_buy_in"


class BuyInOver(Refusal):
    """It was possible until some time ago."""

    code = "buy_in_over"


class BuyInUsedUp(Refusal):
    """The person has bought as often as one may."""

    code = "buy_in_used_up"


@dataclass(frozen=True, slots=True)
class BuyIn:
    """What one pays, what the purse gets, and how often."""

    pays: Satang
    gets: Satang
    times: int
    until: datetime

    def parts(self, *, times_before: int, at: datetime) -> tuple[Satang, Satang]:
        """Return (from the citizen's cash, from the State), satang, that go into the purse together.

        :raises BuyInOver, BuyInUsedUp: when the person may not buy in.
        """
        if at >= self.until:
            raise BuyInOver(ended_at=self.until.isoformat())
        if times_before >= self.times:
            raise BuyInUsedUp(times=self.times)
        return self.pays, self.gets - self.pays
