"""What is there before the day begins: open books, a funded scheme, shops with their tills, two officers.

These are acts of the back office. They call the same operations that its doors call.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.contrib.auth import get_user_model
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.demo.cast import ANAN, PLOY, PLUS, REGISTRATION, SHOPS
from config.demo.line import Line
from config.demo.market import stand_at
from config.demo.people import Officer, Till
from config.environment import ROOT
from merchants import onboarding, tills
from settlement import days
from subsidies import funding, publishing
from wallet.audit import Actor
from wallet.models import Officer as OfficerRow

DIRECTOR: Final = Actor("operator", "director of the demonstration")
LIBRARY: Final = ROOT / "subsidies" / "library"

# Places times the largest grant: the scheme is only published with enough money behind it.
PUBLISHED_BEFORE: Final = dt.timedelta(days=5)
FUNDED: Final = 20_000_000 * 2_400_00  # satang: 48 thousand million baht, as the cabinet decided


@dataclass(frozen=True)
class Stage:
    """What the market needs to know of the back office."""

    tills: dict[str, Till]
    officers: dict[str, Officer]


def build(line: Line) -> Stage:
    """Set the stage, five days before registration begins."""
    at = stand_at(REGISTRATION - PUBLISHED_BEFORE)  # before any day is open that the timetable could close
    days.open_first(business_date=REGISTRATION.date(), at=at)
    version = publishing.publish(document=_document(LIBRARY / f"{PLUS}.toml"), actor=DIRECTOR, at=at)
    funding.remit(amount=FUNDED, cause=uuid4(), actor=DIRECTOR, at=at)
    funding.allot(scheme=version.scheme, amount=FUNDED, cause=uuid4(), actor=DIRECTOR, at=at)
    return Stage(_open_shops(line, at), _let_officers_in(line))


def _open_shops(line: Line, at: dt.datetime) -> dict[str, Till]:
    opened = {}
    for shop in SHOPS:
        merchant = onboarding.open_shop(
            name=shop.name_th,
            name_en=shop.name,
            city="Bangkok",
            facts=shop.facts,
            bank_code=shop.bank_code,
            bank_account=shop.bank_account,
            actor=DIRECTOR,
            at=at,
        )
        till, secret = tills.add(merchant=merchant, name="till 1", actor=DIRECTOR, at=at)
        opened[shop.code] = Till(shop.name, line, str(till.id), secret, str(merchant.id))
    return opened


def _let_officers_in(line: Line) -> dict[str, Officer]:
    officers = {}
    for employee in (PLOY, ANAN):
        officer = Officer(employee, line)
        user = get_user_model().objects.create_user(employee.username, password=employee.password, is_staff=True)
        TOTPDevice.objects.create(user=user, name="authenticator app", key=officer.seed)
        OfficerRow.objects.create(user=user)
        officers[employee.username] = officer
    return officers


def _document(file: Path) -> str:
    return file.read_text(encoding="utf-8")
