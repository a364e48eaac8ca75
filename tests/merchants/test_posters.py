"""A poster on Malee's wall: Somchai keys an amount, her till says yes, and only then is there something to pay."""

import datetime as dt
from typing import Any

import pytest

from merchants import branches, charges, emvco, posters, proposals, scans, suspensions, tills
from merchants.charges import ChargeTooLarge
from merchants.looking import ChargeUnknown, MerchantSuspended
from merchants.models import Charge, Poster, Proposal
from merchants.posters import PosterRevoked, PosterUnknown
from merchants.proposals import (
    ProposalEnded,
    ProposalExpired,
    ProposalUnknown,
    Standing,
    TooManyProposals,
)
from merchants.qr import AmountNeeded, NotAPoster, WrongSignature
from merchants.terms import Terms
from tests.cast import NOON, PLUS, STAGE_HAND, Citizen, Stage, Stall, ask, confirm
from tests.counter import confirm_to_hold
from tests.shopkeepers import keeper
from wallet.ids import uuid7
from wallet.keys import KeyReused
from wallet.models import RefusalRecord

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
PLACE = {"province": "เชียงใหม่", "district": "เมืองเชียงใหม่"}


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def nok(stage: Stage) -> Citizen:
    return stage.citizen("nok", cash_satang=500_00)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def prasert(stage: Stage) -> Stall:
    return stage.stall("prasert")


@pytest.fixture
def poster(malee: Stall) -> Poster:
    return posters.make(by=keeper(malee).member, branch_id=None, at=NOON)


def propose(
    someone: Citizen, poster: Poster, satang: int, *, key: str | None = None, at: dt.datetime = NOON
) -> Standing:
    return proposals.propose(
        citizen_id=someone.id, payload=posters.payload(poster), amount=satang, key=key or str(uuid7()), at=at
    )


def accept(stall: Stall, standing: Standing, *, key: str | None = None, at: dt.datetime = NOON) -> Charge:
    return proposals.accept(till=stall.till, proposal_id=standing.proposal.id, key=key or str(uuid7()), at=at)


def terms_of(someone: Citizen, charge: Charge) -> Terms:
    offer = scans.show(citizen_id=someone.id, charge_id=charge.id, schemes=None, at=NOON)
    assert offer.split is not None
    return Terms(
        charge_id=charge.id,
        price=offer.price,
        own_part=offer.split.citizen,
        schemes=offer.schemes,
        nonce="0123456789abcdef",
    )


def test_somchai_keys_the_till_says_yes_and_he_confirms(
    somchai: Citizen, malee: Stall, poster: Poster, stage: Stage
) -> None:
    standing = propose(somchai, poster, 60_00)
    assert (standing.state, standing.merchant_name) == ("open", "ร้าน malee")
    (seen,) = proposals.waiting(till=malee.till, at=NOON)
    assert (seen.proposal.amount, seen.number) == (60_00, standing.number)
    charge = accept(malee, standing)
    told = proposals.of(citizen_id=somchai.id, proposal_id=standing.proposal.id, at=NOON)
    assert (told.state, told.proposal.charge_id) == ("accepted", charge.id)
    (waiting,) = charges.waiting_for(citizen_id=somchai.id, at=NOON)
    assert (waiting.charge, waiting.merchant_name) == (charge, "ร้าน malee")
    confirm(somchai, terms_of(somchai, charge))
    assert stage.books() == {"cash:somchai": 470_00, "purse:somchai": 1970_00, "payable:malee": 60_00}
    assert charges.waiting_for(citizen_id=somchai.id, at=NOON) == []


def test_a_yes_can_be_for_later_and_is_then_held(somchai: Citizen, malee: Stall, poster: Poster, stage: Stage) -> None:
    standing = propose(somchai, poster, 60_00)
    named: dict[str, Any] = {"till": malee.till, "proposal_id": standing.proposal.id, "key": "yes", "at": NOON}
    charge = proposals.accept(**named, hold_seconds=3_600)
    assert proposals.accept(**named, hold_seconds=3_600) == charge
    with pytest.raises(KeyReused):
        proposals.accept(**named)
    held = confirm_to_hold(somchai, terms_of(somchai, charge))
    assert (held.price, held.expires_at) == (60_00, NOON + dt.timedelta(hours=1))
    assert stage.books() == {"cash:somchai": 470_00, "purse:somchai": 1970_00}


def test_a_photo_of_the_poster_cashes_nothing(somchai: Citizen, malee: Stall, poster: Poster, stage: Stage) -> None:
    standing = propose(somchai, poster, 60_00)
    assert charges.waiting_for(citizen_id=somchai.id, at=NOON) == []
    assert Charge.objects.count() == 0
    proposals.decline(till=malee.till, proposal_id=standing.proposal.id, at=NOON)
    assert proposals.of(citizen_id=somchai.id, proposal_id=standing.proposal.id, at=NOON).state == "declined"
    with pytest.raises(ProposalEnded):
        accept(malee, standing)
    assert stage.books()["cash:somchai"] == 500_00


def test_nobody_but_the_proposer_can_pay_or_see_it(
    somchai: Citizen, nok: Citizen, malee: Stall, poster: Poster
) -> None:
    standing = propose(somchai, poster, 60_00)
    charge = accept(malee, standing)
    terms = Terms(charge_id=charge.id, price=60_00, own_part=60_00, schemes=(), nonce="0123456789abcdef")
    with pytest.raises(ChargeUnknown):
        confirm(nok, terms)
    with pytest.raises(ChargeUnknown):
        scans.scan(citizen_id=nok.id, payload=charges.payload(charge), schemes=(), at=NOON)
    with pytest.raises(ProposalUnknown):
        proposals.of(citizen_id=nok.id, proposal_id=standing.proposal.id, at=NOON)
    assert charges.waiting_for(citizen_id=nok.id, at=NOON) == []


def test_another_shops_till_neither_sees_nor_answers_it(somchai: Citizen, prasert: Stall, poster: Poster) -> None:
    standing = propose(somchai, poster, 60_00)
    assert proposals.waiting(till=prasert.till, at=NOON) == []
    with pytest.raises(ProposalUnknown):
        accept(prasert, standing)
    with pytest.raises(ProposalUnknown):
        proposals.decline(till=prasert.till, proposal_id=standing.proposal.id, at=NOON)


def test_the_tills_of_a_branch_answer_for_their_own_wall(somchai: Citizen, malee: Stall, poster: Poster) -> None:
    near, far = (
        branches.add(merchant=malee.merchant, name=name, facts=PLACE, actor=STAGE_HAND, at=NOON)
        for name in ("near", "far")
    )
    till, secret = tills.add(merchant=malee.merchant, name="near", branch=near, actor=STAGE_HAND, at=NOON)
    there = Stall("malee", malee.merchant, till, secret)
    elsewhere = posters.make(by=keeper(malee).member, branch_id=far.id, at=NOON)
    here = posters.make(by=keeper(malee).member, branch_id=near.id, at=NOON)
    not_ours = propose(somchai, elsewhere, 10_00)
    ours, anybodys = propose(somchai, here, 20_00), propose(somchai, poster, 30_00)
    assert [each.proposal for each in proposals.waiting(till=till, at=NOON)] == [ours.proposal, anybodys.proposal]
    with pytest.raises(ProposalUnknown):
        accept(there, not_ours)
    assert accept(there, ours).merchant_facts["province"] == "เชียงใหม่"


def test_an_answer_that_was_lost_is_given_again_and_another_tills_is_not(
    somchai: Citizen, malee: Stall, poster: Poster
) -> None:
    standing = propose(somchai, poster, 60_00, key="mine")
    assert propose(somchai, poster, 60_00, key="mine").proposal == standing.proposal
    with pytest.raises(KeyReused):
        propose(somchai, poster, 70_00, key="mine")
    charge = accept(malee, standing, key="yes")
    assert accept(malee, standing, key="yes", at=NOON + 10 * MINUTE) == charge
    with pytest.raises(ProposalEnded):
        accept(malee, standing, key="yes again")
    assert Charge.objects.count() == 1


def test_a_proposal_waits_five_minutes(somchai: Citizen, malee: Stall, poster: Poster) -> None:
    standing = propose(somchai, poster, 60_00)
    late = NOON + 5 * MINUTE
    assert proposals.waiting(till=malee.till, at=late) == []
    with pytest.raises(ProposalExpired):
        accept(malee, standing, at=late)
    with pytest.raises(ProposalExpired):
        proposals.decline(till=malee.till, proposal_id=standing.proposal.id, at=late)
    assert proposals.of(citizen_id=somchai.id, proposal_id=standing.proposal.id, at=late).state == "expired"


def test_three_wait_at_most_so_that_nobody_floods_a_till(somchai: Citizen, poster: Poster) -> None:
    for _ in range(3):
        propose(somchai, poster, 60_00)
    with pytest.raises(TooManyProposals):
        propose(somchai, poster, 60_00)
    assert Proposal.objects.count() == 3
    propose(somchai, poster, 60_00, at=NOON + 5 * MINUTE)


def test_a_suspended_shops_poster_takes_nothing_and_the_refusal_is_kept(
    somchai: Citizen, malee: Stall, poster: Poster
) -> None:
    standing = propose(somchai, poster, 60_00)
    suspensions.suspend(merchant=malee.merchant, reason="cash for rights", actor=STAGE_HAND, at=NOON)
    with pytest.raises(MerchantSuspended):
        propose(somchai, poster, 60_00)
    with pytest.raises(MerchantSuspended):
        accept(malee, standing)
    assert RefusalRecord.objects.get().code == "merchant_suspended"


def test_a_poster_that_was_taken_down_says_so(somchai: Citizen, malee: Stall, prasert: Stall, poster: Poster) -> None:
    with pytest.raises(PosterUnknown):
        posters.revoke(by=keeper(prasert).member, poster_id=poster.id, at=NOON)
    posters.revoke(by=keeper(malee).member, poster_id=poster.id, at=NOON)
    with pytest.raises(PosterRevoked) as refused:
        propose(somchai, poster, 60_00)
    assert refused.value.facts == {"version": 1}
    with pytest.raises(PosterRevoked):
        posters.revoke(by=keeper(malee).member, poster_id=poster.id, at=NOON)
    with pytest.raises(PosterRevoked):
        posters.to_print(merchant_id=malee.merchant.id, poster_id=poster.id)


def test_a_branch_that_closes_takes_its_posters_with_it(somchai: Citizen, malee: Stall) -> None:
    branch = branches.add(merchant=malee.merchant, name="สาขา 2", facts=PLACE, actor=STAGE_HAND, at=NOON)
    there = posters.make(by=keeper(malee).member, branch_id=branch.id, at=NOON)
    branches.close(branch=branch, actor=STAGE_HAND, at=NOON)
    with pytest.raises(PosterRevoked):
        propose(somchai, there, 60_00)


def test_each_new_poster_has_the_next_version(malee: Stall, prasert: Stall, poster: Poster) -> None:
    second = posters.make(by=keeper(malee).member, branch_id=None, at=NOON)
    assert (poster.version, second.version) == (1, 2)
    assert posters.make(by=keeper(prasert).member, branch_id=None, at=NOON).version == 1
    assert posters.of_shop(merchant_id=malee.merchant.id) == [second, poster]


def test_the_camera_is_told_which_of_the_two_kinds_of_code_it_saw(
    somchai: Citizen, malee: Stall, poster: Poster
) -> None:
    with pytest.raises(AmountNeeded):
        scans.scan(citizen_id=somchai.id, payload=posters.payload(poster), schemes=None, at=NOON)
    with pytest.raises(NotAPoster):
        proposals.propose(
            citizen_id=somchai.id, payload=charges.payload(ask(malee, 50_00)), amount=50_00, key="k", at=NOON
        )


def test_a_poster_names_the_shop_in_thai_and_no_amount(malee: Stall, poster: Poster) -> None:
    fields = emvco.parse(posters.payload(poster))
    assert (fields["01"], fields["59"], "54" in fields) == ("11", "malee food", False)
    assert emvco.parse_template(fields["64"])["01"] == "ร้าน malee"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"54": "60.00"}, id="with an amount"),
        pytest.param({"29": "0016A00000067701011103150069900" + "99999999"}, id="of another wallet"),
        pytest.param({"80": None}, id="of another poster"),
    ],
)
def test_a_poster_that_was_pasted_over_is_not_ours(
    somchai: Citizen, poster: Poster, changes: dict[str, str | None]
) -> None:
    fields = emvco.parse(posters.payload(poster))
    for tag, value in changes.items():
        fields[tag] = value or fields[tag].replace(poster.id.hex.upper(), uuid7().hex.upper())
    payload = emvco.build(dict(sorted(fields.items())))
    with pytest.raises(WrongSignature):
        proposals.propose(citizen_id=somchai.id, payload=payload, amount=60_00, key="k", at=NOON)


def test_a_poster_that_we_signed_and_do_not_know_is_said_to_be_unknown(
    somchai: Citizen, malee: Stall, poster: Poster
) -> None:
    stranger = Poster(id=uuid7(), merchant=malee.merchant, version=9)
    with pytest.raises(PosterUnknown):
        propose(somchai, stranger, 60_00)


def test_no_proposal_is_larger_than_a_till_may_ask_for(somchai: Citizen, poster: Poster) -> None:
    with pytest.raises(ChargeTooLarge):
        propose(somchai, poster, 200_000_01)
    assert propose(somchai, poster, 200_000_00).proposal.amount == 200_000_00
