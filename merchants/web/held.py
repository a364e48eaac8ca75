"""What a citizen has confirmed and the shop has not delivered yet: their money is set aside."""

from collections.abc import Mapping
from typing import Any, ClassVar

from config.authentication import CITIZEN
from config.screens import Screen
from merchants import deliveries


class HeldScreen(Screen):
    """One hold: how much, until when, and what became of it."""

    open_to: ClassVar = CITIZEN
    template = "merchants/held.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it."""
        delivery = deliveries.one_of_citizen(citizen_id=self.caller.id, hold_id=self.kwargs["hold_id"], at=self.at)
        return {
            "delivery": delivery,
            "standing": delivery.standing,
            "hold": delivery.standing.hold,
            "so_far": delivery.standing.so_far,
            "now": self.at,
        }
