"""Proposals and invitations of a month ago are gone; what became of them is still there."""

import datetime as dt

import pytest

from merchants import forgetting, invitations, posters, proposals, tasks
from merchants.models import Charge, Invitation, Proposal, Till
from tests.cast import NOON, Stage
from tests.shopkeepers import keeper
from wallet import clock

pytestmark = pytest.mark.django_db

MONTH_LATER = NOON + proposals.LIFE + forgetting.KEPT
A_SECOND = dt.timedelta(seconds=1)


def test_a_month_after_it_ran_out_a_proposal_is_forgotten_and_its_charge_is_not(stage: Stage) -> None:
    malee, somchai = stage.stall("malee"), stage.citizen("somchai")
    poster = posters.payload(posters.make(by=keeper(malee).member, branch_id=None, at=NOON))
    said_yes, waits, newer = (
        proposals.propose(citizen_id=somchai.id, payload=poster, amount=60_00, key=key, at=at)
        for key, at in (("first", NOON), ("second", NOON), ("third", NOON + A_SECOND))
    )
    proposals.accept(till=malee.till, proposal_id=said_yes.proposal.id, key="yes", at=NOON)
    assert forgetting.forget(at=MONTH_LATER - A_SECOND, at_most=10) == 0
    assert forgetting.forget(at=MONTH_LATER, at_most=1) == 1
    assert forgetting.forget(at=MONTH_LATER, at_most=10) == 1
    assert waits.proposal.id not in set(Proposal.objects.values_list("id", flat=True))
    assert list(Proposal.objects.values_list("id", flat=True)) == [newer.proposal.id]
    assert Charge.objects.count() == 1


def test_the_timetable_forgets_invitations_and_keeps_the_tills(stage: Stage, settings: object) -> None:
    settings.DEMO_CLOCK = True  # type: ignore[attr-defined]
    owner = keeper(stage.stall("malee")).member
    used = invitations.invite_till(by=owner, name="phone", branch_id=None, at=NOON)
    invitations.enrol_till(payload=used.payload, at=NOON)
    invitations.invite_till(by=owner, name="another", branch_id=None, at=NOON)
    clock.stand_at(NOON + forgetting.KEPT)
    tasks.forget_what_ran_out()
    assert Invitation.objects.count() == 2
    clock.stand_at(NOON + invitations.LIFE + forgetting.KEPT)
    for _ in range(2):
        tasks.forget_what_ran_out()
    assert (Invitation.objects.count(), Till.objects.filter(name="phone").count()) == (0, 1)
