"""A citizen's own PIN, and the phones that they are signed in on."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN
from config.doors import Door
from config.shapes import Instant, Pin, Shape
from wallet import clock, people


class PinChange(Shape):
    """The PIN that it was, and the one that it will be."""

    old_pin: Pin
    new_pin: Pin


class Phone(Shape):
    """A phone that is signed in."""

    id: UUID
    name: str
    added_at: Instant
    signs: bool = Field(description="it holds a key that signs payments in place of the PIN")


class Phones(Shape):
    """All phones that are signed in, newest first."""

    results: list[Phone]


class PinDoor(Door):
    """A citizen's PIN."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(request=PinChange, responses={204: None})
    def post(self, request: Request) -> Response:
        """Change the PIN. A wrong old one is counted, like a wrong one at the till."""
        asked = self.body(PinChange)
        people.change_pin(
            citizen_id=self.caller.id,
            device_id=self.device_id,
            old_pin=asked.old_pin,
            new_pin=asked.new_pin,
            at=clock.now(),
        )
        return Response(status=204)


class PhonesDoor(Door):
    """A citizen's phones."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(responses={200: Phones})
    def get(self, request: Request) -> Response:
        """List the phones that are signed in."""
        found = people.devices(citizen_id=self.caller.id)
        phones = [
            Phone(id=phone.id, name=phone.name, added_at=phone.added_at, signs=phone.public_key is not None)
            for phone in found
        ]
        return Response(Phones(results=phones))


class PhoneDoor(Door):
    """One phone."""

    open_to: ClassVar = {"DELETE": CITIZEN}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, device_id: UUID) -> Response:
        """Sign a lost phone out: nothing can be paid with it from now on."""
        people.revoke_device(
            citizen_id=self.caller.id, device_id=device_id, by_device_id=self.device_id, at=clock.now()
        )
        return Response(status=204)
