"""Close the open day and pay it out, from the flip to the written bank files, as the timetable and two officers do.

A process of its own, `python -m bench.closing`, so that what it needs of memory is its own. It prints how many seconds
each step took as one line of JSON. Approvals are scripted: two officers who look, and say yes at once.
"""

import datetime as dt
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  after Django is set up
from django_otp.oath import TOTP  # noqa: E402
from django_otp.plugins.otp_totp.models import TOTPDevice  # noqa: E402

from settlement import bankfiles, batches, days, payouts, seals, slices  # noqa: E402
from wallet.audit import Actor  # noqa: E402
from wallet.ids import uuid7  # noqa: E402
from wallet.models import BusinessDay, Officer  # noqa: E402


@dataclass
class Watch:
    """Seconds by step."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        begun = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begun


def close() -> dict[str, object]:
    """Close the open day, whatever the clock says, and pay what is due by the next morning; return what it took."""
    ploy, anan = _officer(), _officer()
    watch = Watch()
    midnight = days.due_to_close_at(BusinessDay.objects.get(closed_at=None))
    morning = midnight + dt.timedelta(hours=8)
    with watch.step("flip"):
        day = days.close(at=midnight)
    with watch.step("slices"):
        count = slices.write(business_date=day.business_date, at=midnight)
    with watch.step("batch"):
        batch = batches.build(at=morning)
    with watch.step("approval"):
        seen = payouts.totals(batch_id=batch.id)
        batches.submit(batch=batch, actor=_actor(ploy), seen=seen, at=morning)
        batches.approve(batch=batch, actor=_actor(anan), second_factor=_code(anan.user_id), seen=seen, at=morning)
    with watch.step("bank_files"):
        files = bankfiles.write_all(batch=batch, at=morning)
    with watch.step("seal"):
        seals.seal_next(at=morning)
    return {"seconds": watch.seconds, "slices": count, "payouts": batch.payouts, "files": len(files)}


def _officer() -> Officer:
    # New ones each time: a second factor takes no code twice, and this does not wait for the next.
    officer_id = uuid7()
    user = get_user_model().objects.create(username=f"officer {officer_id}")
    TOTPDevice.objects.create(user=user, name="phone", confirmed=True)
    return Officer.objects.create(id=officer_id, user=user)


def _actor(officer: Officer) -> Actor:
    return Actor("officer", str(officer.id))


def _code(user_id: int | UUID) -> str:
    totp = TOTP(TOTPDevice.objects.get(user_id=user_id).bin_key)
    totp.time = time.time()
    return f"{totp.token():06d}"


if __name__ == "__main__":
    print(json.dumps(close()))
