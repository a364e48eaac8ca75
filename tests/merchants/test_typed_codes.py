"""Ten digits below a QR find the charge that it shows."""

import datetime as dt
from uuid import UUID

import pytest

from merchants import charges, typed_codes
from merchants.looking import ChargeUnknown
from tests.cast import NOON, Stage, ask


def test_the_digits_are_the_random_end_of_a_charges_id() -> None:
    assert typed_codes.of(UUID("0199f6a2-0000-7000-8000-0000ffffffff")) == "4294967295"
    assert typed_codes.of(UUID("0199f6a2-0000-7000-8000-00000000000a")) == "0000000010"


@pytest.mark.django_db
def test_typed_digits_are_as_good_as_a_scan(stage: Stage) -> None:
    malee = stage.stall("malee")
    noodles, rice = ask(malee, 50_00), ask(malee, 60_00)
    for charge in (noodles, rice):
        assert typed_codes.payload(code=typed_codes.of(charge.id), at=NOON) == charges.payload(charge)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["0000000000", "4294967296", "9999999999"])
def test_digits_that_no_till_shows_find_nothing(stage: Stage, code: str) -> None:
    ask(stage.stall("malee"), 50_00)
    with pytest.raises(ChargeUnknown):
        typed_codes.payload(code=code, at=NOON)


@pytest.mark.django_db
def test_yesterdays_digits_are_forgotten(stage: Stage) -> None:
    code = typed_codes.of(ask(stage.stall("malee"), 50_00).id)
    with pytest.raises(ChargeUnknown):
        typed_codes.payload(code=code, at=NOON + dt.timedelta(days=2))
