"""What stalls do afterwards: hold, capture, let go and give back, here and in the model."""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, multiple, precondition, rule

from merchants import holds
from merchants.models import Hold, Payment
from tests.counter import ask_to_hold, at_till, capture, confirm_to_hold, give_back, let_go
from tests.properties.model import Asked
from tests.properties.sales import Sale
from tests.properties.stalls import CHANNELS, PEOPLE, PRICES, STALLS, Done, Stalls, said
from wallet.ids import uuid7
from wallet.models import Channel

HELD_FOR = st.sampled_from([dt.timedelta(minutes=10), dt.timedelta(hours=12), dt.timedelta(days=2)])
# Of what is left, in thousandths, and more than that; 0 is one satang.
PARTS = st.sampled_from([0, 1, 333, 500, 999, 1_000, 1_001])


@dataclass(frozen=True)
class Held:
    """A hold, here and in the model."""

    row: Hold
    sale: Sale


@dataclass(frozen=True)
class Taken:
    """A payment that may be given back, here and in the model."""

    row: Payment
    sale: Sale


class Counter(Stalls):
    """Orders, captures, releases and refunds."""

    held = Bundle("held")
    taken = Bundle("taken")

    @rule(target=held, stall=STALLS, price=PRICES, who=PEOPLE, channel=CHANNELS, held_for=HELD_FOR, right=st.booleans())
    def somebody_orders(
        self, *, stall: str, price: int, who: str, channel: str, held_for: dt.timedelta, right: bool
    ) -> Any:
        """Ask for a hold, scan, and confirm."""
        named = {"hold_for": held_for, "channel": Channel[channel.upper()], "at": self.at}
        code, charge = said(ask_to_hold, self.stalls[stall], price, **named)
        if stall in self.market.suspended:
            assert code == "merchant_suspended"
            return multiple()
        asked = Asked(stall, price, channel, charge.expires_at, held_for=held_for)
        shown = self.scan((charge, asked), who, with_right=right)
        if shown is None:
            return multiple()
        person = self.market.people[who]
        expected = self.market.guess(person, self.at, right=True)
        expected = expected or self.market.pay(person, asked, shown.split, self.at, with_right=right)
        code, row = said(confirm_to_hold, self.citizens[who], shown.terms, at=self.at)
        assert code == expected
        if code:
            return multiple()
        sale = self.market.sales[-1]
        sale.name = str(row.id)
        return Held(row, sale)

    @rule(target=taken, held=held, part=PARTS)
    def a_stall_captures(self, held: Held, part: int) -> Any:
        satang, capture_id = _part(held.sale, part), uuid7()
        named = {"capture_id": capture_id, "at": self.at}
        stall = self.stalls[held.sale.stall]
        expected, sale = self.market.capture(held.sale, satang, self.at)
        code, row = said(capture, stall, held.row, satang, **named)
        assert code == expected
        if sale is None:
            return multiple()
        assert (row.citizen_share, row.state_share) == (sale.own, sale.state)
        assert capture(stall, held.row, satang, capture_id=capture_id, at=self.at).id == row.id
        assert said(capture, stall, held.row, satang + 1, **named)[0] == "capture_id_reused"
        return Taken(row, sale)

    @rule(held=held)
    def a_stall_lets_go(self, held: Held) -> None:
        stall = self.stalls[held.sale.stall]
        for _ in range(2):
            expected = self.market.release(held.sale, self.at)
            assert said(let_go, stall, held.row, at=self.at)[0] == expected

    @precondition(lambda self: any(sale.expires_at for sale in self.market.sales))
    @rule()
    def the_timetable_releases_what_is_over(self) -> None:
        assert holds.expire(at=self.at, at_most=100) == self.market.expire(self.at)
        assert holds.expire(at=self.at, at_most=100) == 0

    @rule(target=taken, done=Stalls.done)
    def a_payment_is_looked_up(self, done: Done) -> Any:
        """What was paid at once can be given back, too."""
        return Taken(done.payment, done.sale)

    @rule(taken=taken, part=PARTS | st.none(), by_till=st.booleans())
    def a_stall_gives_back(self, *, taken: Taken, part: int | None, by_till: bool) -> None:
        stall, refund_id = self.stalls[taken.sale.stall], uuid7()
        satang = None if part is None else _part(taken.sale, part)
        give = partial(give_back, stall, taken.row, satang, by=at_till(stall) if by_till else None, at=self.at)
        expected = self.market.refund(taken.sale, satang, self.at, by_till=by_till)
        code, refund = said(give, refund_id=refund_id)
        assert code == expected
        if not code:
            assert refund.business_date == self.market.open_date
            self._again(give, refund_id, refund.id)

    def _again(self, give: Any, refund_id: UUID, expected: UUID) -> None:
        assert give(refund_id=refund_id).id == expected


def _part(sale: Sale, thousandths: int) -> int:
    return max(sale.left * thousandths // 1_000, 1)
