"""Who listens for hints in this process, and what was told in the last minutes. No database, no thread, no lock.

Everything here runs in one event loop: what stands between two `await`s happens at once.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import ClassVar, Final
from uuid import UUID

from merchants.hints import Hint
from wallet.refusals import Refusal

# A till that comes back within this time is told again what it may have missed, the last ten things at most. It is as
# long as a QR lives; for what is older a till looks at its payments.
KEPT_SECONDS: Final = 300.0
TOLD_AGAIN: Final = 10
# What a nation's busiest minutes say in that time (docs/performance.md), at some 500 bytes each.
MOST_KEPT: Final = 400_000

# A listener who has not taken this many is cut off: it comes back, and is told the last ten.
MOST_UNHEARD: Final = 100
MOST_LISTENERS: Final = 20_000
MOST_OF_ONE_SHOP: Final = 500
RETRY_AFTER_SECONDS: Final = 30


class TooManyListeners(Refusal):
    """This shop, or this process, has as many listeners as it can take."""

    code: ClassVar = "too_many_listeners"
    status: ClassVar = 429


class Told:
    """Said once to many: a hint, the moment it came, and how it looks in a stream of events."""

    __slots__ = ("came", "event", "hint")

    def __init__(self, hint: Hint, *, came: float, event: bytes) -> None:
        """Keep a hint; `came` is of the event loop's clock, in seconds."""
        self.hint, self.came, self.event = hint, came, event


@dataclass(eq=False, slots=True)
class Listener:
    """A till, or somebody of a shop's staff, who hears what all of its tills do.

    :ivar till_id: None for staff.
    :ivar news: what it has not heard yet; None ends it.
    """

    merchant_id: UUID
    till_id: UUID | None
    news: asyncio.Queue[Told | bytes | None] = field(default_factory=lambda: asyncio.Queue(MOST_UNHEARD))

    def hears(self, hint: Hint) -> bool:
        """Say whether a hint of its shop is for it."""
        return self.till_id is None or hint.till_id in {None, self.till_id}

    def put(self, news: Told | bytes | None) -> None:
        """Tell it something; one who does not listen any more is cut off."""
        if self.news.full():
            while not self.news.empty():
                self.news.get_nowait()
            news = None
        self.news.put_nowait(news)


class Hub:
    """Hands every hint on to who may hear it, and keeps it for who comes back."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._shops: dict[UUID, set[Listener]] = {}
        self._kept: dict[UUID, deque[Told]] = {}
        self._in_order: deque[Told] = deque()
        self.listeners = 0

    def join(self, *, merchant_id: UUID, till_id: UUID | None) -> Listener:
        """Return a new listener, who hears from now on what is told.

        :raises TooManyListeners: there is no room.
        """
        if self.listeners >= MOST_LISTENERS or len(self._shops.get(merchant_id, ())) >= MOST_OF_ONE_SHOP:
            raise TooManyListeners(retry_after_seconds=RETRY_AFTER_SECONDS)
        listener = Listener(merchant_id, till_id)
        self._shops.setdefault(merchant_id, set()).add(listener)
        self.listeners += 1
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget a listener. Leaving twice is the same as once."""
        shop = self._shops.get(listener.merchant_id, set())
        if listener in shop:
            shop.remove(listener)
            self.listeners -= 1
        if not shop:
            self._shops.pop(listener.merchant_id, None)

    def hand_on(self, told: Told) -> None:
        """Tell a hint to the listeners of its shop, and keep it for a while."""
        self._keep(told)
        for listener in self._shops.get(told.hint.merchant_id, ()):
            if listener.hears(told.hint):
                listener.put(told)

    def tell_everybody(self, news: bytes | None) -> None:
        """Tell something to every listener; None ends them all."""
        for shop in self._shops.values():
            for listener in shop:
                listener.put(news)

    def lately(self, listener: Listener, *, now: float) -> list[Told]:
        """Return the last that was told to this listener's shop and is for it, oldest first."""
        kept = reversed(self._kept.get(listener.merchant_id, deque()))
        fresh = takewhile(lambda told: told.came > now - KEPT_SECONDS, kept)
        heard = islice((told for told in fresh if listener.hears(told.hint)), TOLD_AGAIN)
        return list(heard)[::-1]

    def _keep(self, told: Told) -> None:
        self._kept.setdefault(told.hint.merchant_id, deque()).append(told)
        self._in_order.append(told)
        for old in self._too_old(told.came):
            shop = self._kept[old.hint.merchant_id]
            shop.popleft()  # kept in the same order, so it is the shop's oldest too
            if not shop:
                del self._kept[old.hint.merchant_id]

    def _too_old(self, now: float) -> Iterator[Told]:
        while self._in_order and (self._in_order[0].came <= now - KEPT_SECONDS or len(self._in_order) > MOST_KEPT):
            yield self._in_order.popleft()
