"""Who works at a stall: an owner with a second factor, managers and cashiers."""

import time
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from merchants.models import Role, Staff
from tests.cast import Stall


@dataclass
class Keeper:
    """One of a stall's staff; owners have a TOTP device."""

    member: Staff
    device: TOTPDevice | None

    def code(self) -> str:
        """Return the code that the device shows; forget that it was used, as if half a minute had passed."""
        assert self.device is not None
        TOTPDevice.objects.filter(id=self.device.id).update(last_t=-1, throttling_failure_count=0)
        totp = TOTP(self.device.bin_key)
        totp.time = time.time()
        return f"{totp.token():06d}"


def keeper(stall: Stall, role: Role = Role.OWNER, *, name: str = "") -> Keeper:
    """Let somebody work at a stall, once for each name; without one, they are called by their role."""
    username = f"{stall.name} {name or role}"
    user, is_new = get_user_model().objects.get_or_create(username=username)
    if is_new and role == Role.OWNER:
        TOTPDevice.objects.create(user=user, name="phone", confirmed=True)
    member, _ = Staff.objects.get_or_create(user=user, defaults={"merchant": stall.merchant, "role": role})
    return Keeper(member, TOTPDevice.objects.filter(user=user).first())
