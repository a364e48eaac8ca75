"""A second factor, asked for again whenever money follows what is approved: a TOTP code from one's own device.

django-otp keeps the device, refuses a code that was used before, and makes whoever guesses wait longer each time.
"""

import datetime as dt
from typing import ClassVar

from django_otp.plugins.otp_totp.models import TOTPDevice

from wallet.models import Officer
from wallet.refusals import Refusal


class SecondFactorWrong(Refusal):
    """The code is wrong, was used before, or came too soon after wrong ones."""

    code: ClassVar = "second_factor_wrong"
    status: ClassVar = 403


def judge(*, officer: Officer, code: str) -> SecondFactorWrong | None:
    """Return why this code does not prove that the officer is there, or None if it does. See `judge_user`."""
    return judge_user(user_id=officer.user_id, code=code)


def judge_user(*, user_id: int, code: str) -> SecondFactorWrong | None:
    """Return why this code does not prove that the holder of a sign-in is there, or None if it does.

    The answer is counted in their devices, so the caller commits before it raises: guesses at once queue for
    the device's row, and cannot race past its throttle. TOTP reads the real clock, whatever a demonstration's says.
    """
    locked_until: dt.datetime | None = None
    devices = TOTPDevice.objects.select_for_update().filter(user_id=user_id, confirmed=True)
    for device in devices.order_by("id"):
        allowed, why = device.verify_is_allowed()
        if not allowed:
            locked_until = why.get("locked_until")
        elif device.verify_token(code):
            return None
    return SecondFactorWrong(again_at=locked_until and locked_until.isoformat())
