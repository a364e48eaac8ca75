"""Everybody's limits are summed anew from what was paid; a breach freezes rights, and never somebody's own money."""

import datetime as dt
from collections.abc import Callable
from io import StringIO
from itertools import islice

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from structlog.testing import capture_logs

from merchants import limit_audits, tasks
from subsidies import freezing
from subsidies.freezing import AlreadyFrozen, NotFrozen, RightFrozen
from subsidies.models import Freeze, LimitAudit, LimitBreach
from tests.cast import NOON, PLUS, STAGE_HAND, Citizen, Stage, Stall, ask, buy, confirm, terms_for
from tests.subsidies.programmes import half_each, join, thai
from wallet import clock

SIX = thai(2025, 11, 1, 6)
NIGHT = thai(2025, 11, 1, 3)

# Each range is read in a snapshot of its own, so these tests commit.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=5_000_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def breaches() -> list[tuple[str, dt.datetime, int, int | None, int]]:
    """Return what was found: the cap, its period's end, what was used, the limit, and what the counter says."""
    return list(LimitBreach.objects.order_by("ends_at").values_list("cap", "ends_at", "used", "most", "stored"))


EVERY_KIND = """
[[grants]]
code = "all"
amount_satang = 2_000_00

[[caps]]
code = "day"
per = "day"
resets = 06:00:00
limit_satang = 100_00

[[caps]]
code = "week"
per = "week"
limit_satang = 150_00

[[caps]]
code = "times"
counts = "payments"
per = "day"
limit = 3

[[caps]]
code = "carried"
per = "day"
limit_satang = 200_00
unused = "carried"
"""


def test_nobody_has_passed_a_limit_and_the_audit_says_whom_it_saw(stage: Stage, malee: Stall) -> None:
    half_each(stage, EVERY_KIND)
    for name in ("somchai", "nok", "ploy"):
        someone = stage.citizen(name, cash_satang=5_000_00)
        join(stage, someone, "half-each", at=thai(2025, 10, 20))
        for day in (1, 2, 3):
            buy(someone, malee, 90_00, at=thai(2025, 11, day))
            buy(someone, malee, 50_00, at=thai(2025, 11, day, 23) - dt.timedelta(hours=1))
    found = list(limit_audits.audit(at=NIGHT, people_at_once=2))
    assert [(one.people, one.payments) for one in found] == [(2, 12), (1, 6)]
    (audit,) = LimitAudit.objects.values_list("people", "payments", "breaches", "ended_at")
    assert audit == (3, 18, 0, NIGHT)
    assert Freeze.objects.count() == 0


def test_an_audit_that_stopped_goes_on_where_it_was(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 100_00)
    buy(stage.citizen("nok", cash_satang=100_00, enrolled=PLUS), malee, 100_00)
    (first,) = islice(limit_audits.audit(at=NIGHT, people_at_once=1), 1)
    assert first.payments == 1
    rest = list(limit_audits.audit(at=NIGHT, people_at_once=1))
    assert [one.payments for one in rest] == [1]
    assert LimitAudit.objects.get().people == 2


def test_the_timetable_audits_once_a_night(stage: Stage, somchai: Citizen, malee: Stall, settings: object) -> None:
    settings.DEMO_CLOCK = True  # type: ignore[attr-defined]
    buy(somchai, malee, 100_00)
    for at in (NIGHT, NIGHT + dt.timedelta(hours=20), NIGHT + dt.timedelta(hours=21)):
        clock.stand_at(at)
        tasks.audit_limits()
    assert [audit.begun_at for audit in LimitAudit.objects.order_by("begun_at")] == [NIGHT, thai(2025, 11, 2, 0)]


@pytest.mark.breaks_the_books
def test_a_counter_that_is_wrong_is_found_and_the_rights_are_frozen_but_not_the_money(
    stage: Stage, somchai: Citizen, malee: Stall, break_books: Callable[..., None]
) -> None:
    buy(somchai, malee, 200_00)
    break_books("UPDATE subsidies_capuse SET used = 1_00")
    with capture_logs() as logs:
        settled = list(limit_audits.audit(at=NIGHT))
    assert logs == []
    assert [len(one.breaches) for one in settled] == [1]
    assert breaches() == [("day", SIX, 100_00, None, 1_00)]
    with pytest.raises(RightFrozen):
        buy(somchai, malee, 100_00)
    charge = ask(malee, 100_00)
    assert confirm(somchai, terms_for(somchai, charge, schemes_chosen=())).citizen_share == 100_00
    freezing.lift(citizen_id=somchai.id, actor=STAGE_HAND, at=NIGHT)
    # It is still wrong, but an officer has seen it.
    assert [len(one.breaches) for one in limit_audits.audit(at=NIGHT)] == [1]
    assert LimitBreach.objects.count() == 1
    assert buy(somchai, malee, 100_00).state_share == 50_00


# A payment of 600 baht of which the State pays 300, whatever the rule and the day's cap of 200 say; nothing gives it
# away but what was paid: the counter was put back, and the payment says that it used nothing.
PAST_THE_CAP = (
    "UPDATE wallet_transfer SET amount = 300_00 WHERE kind = 'payment'",
    """UPDATE merchants_payment SET citizen_share = 300_00, state_share = 300_00,
              shares = jsonb_set(jsonb_set(shares, '{0,amount}', '30000'), '{0,uses}', '[]')""",
    "UPDATE wallet_balance SET balance = balance + CASE kind WHEN 1 THEN 100_00 ELSE -100_00 END",
    "DELETE FROM subsidies_capuse",
)


@pytest.mark.breaks_the_books
def test_a_payment_past_the_cap_that_was_booked_beneath_the_application_is_found(
    stage: Stage, somchai: Citizen, malee: Stall, break_books: Callable[..., None]
) -> None:
    buy(somchai, malee, 600_00)
    break_books(*PAST_THE_CAP)
    out = StringIO()
    with pytest.raises(CommandError, match="1 limits are breached"):
        call_command("audit_limits", stdout=out)
    assert breaches() == [("day", SIX, 300_00, 200_00, 0)]
    assert f"citizen {somchai.id}: day until" in out.getvalue()
    assert "used 30000, counted 0, the limit is 20000" in out.getvalue()
    ((_, frozen),) = freezing.breaches(at_most=10)
    assert frozen


def test_the_command_says_so_when_nobody_has_passed_a_limit(somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 600_00)
    out = StringIO()
    call_command("audit_limits", stdout=out)
    assert out.getvalue() == "1 people, 1 payments\nNobody has passed a limit.\n"


def test_an_officer_freezes_once_and_lifts_once(somchai: Citizen, malee: Stall) -> None:
    with pytest.raises(NotFrozen):
        freezing.lift(citizen_id=somchai.id, actor=STAGE_HAND, at=NOON)
    freezing.freeze(citizen_id=somchai.id, reason="sold his right for cash", actor=STAGE_HAND, at=NOON)
    with pytest.raises(AlreadyFrozen):
        freezing.freeze(citizen_id=somchai.id, reason="again", actor=STAGE_HAND, at=NOON)
    with pytest.raises(RightFrozen):
        buy(somchai, malee, 100_00)
    freezing.lift(citizen_id=somchai.id, actor=STAGE_HAND, at=NOON)
    assert buy(somchai, malee, 100_00).state_share == 50_00
