"""Two phones, two tills, two officers at the same moment: one of them is first, and the other is told."""

from collections import Counter
from functools import partial

import pytest

from merchants import (
    applications,
    approvals,
    bank_accounts,
    invitations,
    onboarding,
    particulars,
    posters,
    presented,
    proposals,
    staff,
)
from merchants.applications import Account, ApplicationDecided
from merchants.bank_accounts import COOLING_OFF, ChangeEnded
from merchants.charges import Bill
from merchants.invitations import InvitationUsed
from merchants.models import Charge, Merchant, Proposal, Till
from merchants.particulars import Described
from merchants.presented import CodeUsed
from merchants.proposals import ProposalEnded, TooManyProposals
from merchants.staff import LastOwner
from tests.cast import NOON, PLUS, STAGE_HAND, Stage
from tests.races.at_once import at_once
from tests.settlement.office import hire
from tests.shopkeepers import keeper

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_phones_scan_one_invitation_and_one_becomes_a_till(stage: Stage) -> None:
    malee = stage.stall("malee")
    code = invitations.invite_till(by=keeper(malee).member, name="phone", branch_id=None, at=NOON).payload
    answers = at_once([partial(invitations.enrol_till, payload=code, at=NOON)] * 8)
    assert sum(isinstance(answer, InvitationUsed) for answer in answers) == 7
    assert Till.objects.count() == 2


def test_two_tills_scan_one_customer_and_one_may_ask(stage: Stage) -> None:
    somchai = stage.citizen("somchai", cash_satang=100_00)
    stalls = [stage.stall("malee"), stage.stall("prasert")]
    (code,) = presented.codes(device_id=somchai.device.id, ahead=0, at=NOON)
    answers = at_once(
        [
            partial(presented.ask, till=stall.till, payload=code.payload, bill=Bill(amount=10_00), key="k", at=NOON)
            for stall in stalls
        ]
        * 3
    )
    assert {type(answer) for answer in answers} == {Charge, CodeUsed}
    assert Charge.objects.count() == 1


def test_of_many_proposals_at_once_three_wait(stage: Stage) -> None:
    malee, somchai = stage.stall("malee"), stage.citizen("somchai", cash_satang=100_00)
    payload = posters.payload(posters.make(by=keeper(malee).member, branch_id=None, at=NOON))
    propose = partial(proposals.propose, citizen_id=somchai.id, payload=payload, amount=10_00, at=NOON)
    answers = at_once([partial(propose, key=f"p {n}") for n in range(8)])
    assert sum(isinstance(answer, TooManyProposals) for answer in answers) == 5
    assert Proposal.objects.count() == proposals.MOST_OPEN


def test_two_tills_say_yes_and_there_is_one_charge(stage: Stage) -> None:
    malee, somchai = stage.stall("malee"), stage.citizen("somchai", cash_satang=100_00)
    poster = posters.make(by=keeper(malee).member, branch_id=None, at=NOON)
    standing = proposals.propose(citizen_id=somchai.id, payload=posters.payload(poster), amount=10_00, key="p", at=NOON)
    yes = [
        partial(proposals.accept, till=malee.till, proposal_id=standing.proposal.id, key=f"yes {n}", at=NOON)
        for n in range(4)
    ]
    no = partial(proposals.decline, till=malee.till, proposal_id=standing.proposal.id, at=NOON)
    answers = at_once([*yes, no])
    assert sum(isinstance(answer, ProposalEnded) for answer in answers) == 4
    proposal = Proposal.objects.get()
    assert Charge.objects.count() == (proposal.declined_at is None)


def test_of_a_withdrawal_and_an_approval_at_once_one_wins(stage: Stage) -> None:
    malee, ploy, anan = stage.stall("malee"), hire("ploy"), hire("anan")
    owner, at = keeper(malee), NOON + COOLING_OFF
    for number in ("1112223334", "1112223335", "1112223336"):
        before = Merchant.objects.get(id=malee.merchant.id).bank_account_sealed
        change = bank_accounts.ask(
            staff_id=owner.member.id, bank_code="BKKBTHBK", bank_account=number, second_factor=owner.code(), at=NOON
        )
        bank_accounts.vouch(change_id=change.id, how="called her", actor=anan.actor, at=NOON)
        approved, withdrawn = at_once(
            [
                partial(bank_accounts.approve, change_id=change.id, actor=ploy.actor, second_factor=ploy.code(), at=at),
                partial(bank_accounts.withdraw, staff_id=owner.member.id, change_id=change.id, at=at),
            ]
        )
        assert isinstance(approved, ChangeEnded) is not isinstance(withdrawn, ChangeEnded)
        after = Merchant.objects.get(id=malee.merchant.id).bank_account_sealed
        assert (bytes(before) == bytes(after)) is isinstance(approved, ChangeEnded)


def test_two_officers_take_in_one_application_once(stage: Stage) -> None:
    prasert, officers = stage.citizen("prasert"), [hire("ploy"), hire("anan")]
    standing = applications.apply(
        citizen_id=prasert.id,
        described=Described(name="ข้าวแกง", name_en="Rice", city="Bangkok", facts={"class": "food"}),
        account=Account(bank_code="KRTHTHBK", number="1234567890"),
        at=NOON,
    )
    approve = partial(approvals.approve, application_id=standing.application.id, seen=standing.version.id, at=NOON)
    answers = at_once([partial(approve, actor=officer.actor, second_factor=officer.code()) for officer in officers])
    assert Counter(type(answer) for answer in answers) == {Merchant: 1, ApplicationDecided: 1}


def test_of_two_owners_who_leave_at_once_one_stays(stage: Stage) -> None:
    malee = stage.stall("malee")
    both = [keeper(malee).member, keeper(malee, name="sister").member]
    answers = at_once([partial(staff.leave, staff_id=one.id, by=one, at=NOON) for one in both])
    assert Counter(type(answer) for answer in answers) == {type(None): 1, LastOwner: 1}


def test_a_change_and_an_acceptance_at_once_lose_neither(stage: Stage) -> None:
    malee = stage.stall("malee")
    shop = malee.merchant
    described = Described(
        name=shop.name, name_en=shop.name_en, city=shop.city, facts={**shop.facts, "is_franchise": False}
    )
    at_once(
        [
            partial(
                particulars.change, merchant=shop, described=described, reason="a visit", actor=STAGE_HAND, at=NOON
            ),
            partial(particulars.accept_terms, merchant=shop, scheme=PLUS, version=1, actor=STAGE_HAND, at=NOON),
        ]
    )
    facts = onboarding.merchant(merchant_id=shop.id).facts
    assert (facts["is_franchise"], facts["accepted_schemes"]) == (False, [PLUS])
