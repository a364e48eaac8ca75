"""A citizen's own: their phones, their PIN, and why something was refused."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from config.authentication import CITIZEN
from config.screens import Screen
from config.shapes import Pin, Shape
from wallet import people, refused
from wallet.tokens import TokenRefused

SHOWN: Final = 50


class PhoneGone(Shape):
    """Which phone is signed out."""

    device_id: UUID


class PinTyped(Shape):
    """The PIN that it was, and the one that it will be."""

    old_pin: Pin
    new_pin: Pin


class MeScreen(Screen):
    """Who one is here, and on which phones."""

    open_to: ClassVar = CITIZEN
    template = "wallet/me.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it."""
        phones = people.devices(citizen_id=self.caller.id)
        return {"profile": people.profile(self.caller.id), "phones": phones, "this": self.caller.device_id}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign a lost phone out."""
        typed = self.form(PhoneGone)
        if self.caller.device_id is None:
            raise TokenRefused
        people.revoke_device(
            citizen_id=self.caller.id, device_id=typed.device_id, by_device_id=self.caller.device_id, at=self.at
        )
        return self.to("me")


class PinScreen(Screen):
    """Where the PIN is changed."""

    open_to: ClassVar = CITIZEN
    template = "wallet/pin.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change it."""
        typed = self.form(PinTyped)
        if self.caller.device_id is None:
            raise TokenRefused
        people.change_pin(
            citizen_id=self.caller.id,
            device_id=self.caller.device_id,
            old_pin=typed.old_pin,
            new_pin=typed.new_pin,
            at=self.at,
        )
        return self.to("pin-changed")


class PinChangedScreen(Screen):
    """What is said after that."""

    open_to: ClassVar = CITIZEN
    template = "wallet/pin_changed.html"


class RefusalsScreen(Screen):
    """Why something was refused at 12:03."""

    open_to: ClassVar = CITIZEN
    template = "wallet/refusals.html"

    def seen(self) -> Mapping[str, Any]:
        """Return what was refused, newest first."""
        return {"refusals": refused.newest(citizen_id=self.caller.id, at_most=SHOWN)}
