"""Every check of shops fires when the books are broken beneath it."""

import datetime as dt
from collections.abc import Callable

import pytest

import merchants.faults
from merchants import bank_accounts, particulars, posters, presented, proposals
from merchants.charges import Bill
from tests.cast import NOON, PLUS, STAGE_HAND, Stage, confirm
from tests.merchants.test_posters import terms_of
from tests.settlement.office import hire
from tests.shopkeepers import keeper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.breaks_the_books]

NOBODY = "00000000-0000-7000-8000-000000000000"

# What is done to the books, and the check that must say so. Each is one statement of a superuser with triggers off.
BREAKS = [
    ("shop_is_its_particulars", "DELETE FROM merchants_particulars"),
    ("shop_is_its_particulars", "UPDATE merchants_merchant SET name = 'ร้านอื่น'"),
    ("shop_is_its_particulars", """UPDATE merchants_merchant SET facts = facts || '{"class": "hotel"}'"""),
    ("shop_is_its_particulars", "DELETE FROM merchants_acceptance"),
    ("shop_is_its_particulars", "UPDATE merchants_merchant SET facts = facts - 'accepted_schemes'"),
    ("bank_account_is_the_approved_one", r"UPDATE merchants_merchant SET bank_account_sealed = '\x01'"),
    ("bank_account_is_the_approved_one", "UPDATE merchants_merchant SET bank_code = 'SCBLTHBK'"),
    ("charge_is_ended_by_its_citizen", f"UPDATE merchants_charge SET for_citizen_id = '{NOBODY}'"),
    ("proposal_is_its_charge", "UPDATE merchants_proposal SET amount = amount - 1"),
    ("proposal_is_its_charge", f"UPDATE merchants_proposal SET citizen_id = '{NOBODY}'"),
    ("proposal_is_its_charge", f"UPDATE merchants_proposal SET charge_id = '{NOBODY}'"),
    ("proposal_is_its_charge", f"UPDATE merchants_proposal SET till_id = '{NOBODY}'"),
]


@pytest.fixture
def a_shop(stage: Stage) -> None:
    """Let Malee's stall have another bank account, a scheme accepted, a paid proposal, and a charge for Somchai."""
    malee, somchai = stage.stall("malee"), stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    owner, ploy, anan = keeper(malee), hire("ploy"), hire("anan")
    change = bank_accounts.ask(
        staff_id=owner.member.id,
        bank_code="BKKBTHBK",
        bank_account="5556667778",
        second_factor=owner.code(),
        at=NOON,
    )
    day_later = NOON + dt.timedelta(days=1)
    bank_accounts.vouch(change_id=change.id, how="called her", actor=anan.actor, at=NOON)
    bank_accounts.approve(change_id=change.id, actor=ploy.actor, second_factor=ploy.code(), at=day_later)
    particulars.accept_terms(merchant=malee.merchant, scheme=PLUS, version=1, actor=STAGE_HAND, at=NOON)
    poster = posters.make(by=owner.member, branch_id=None, at=NOON)
    standing = proposals.propose(
        citizen_id=somchai.id, payload=posters.payload(poster), amount=60_00, key="propose", at=NOON
    )
    charge = proposals.accept(till=malee.till, proposal_id=standing.proposal.id, key="accept", at=NOON)
    confirm(somchai, terms_of(somchai, charge))
    (code,) = presented.codes(device_id=somchai.device.id, ahead=0, at=NOON)
    presented.ask(till=malee.till, payload=code.payload, bill=Bill(amount=10_00), key="ask", at=NOON)
    assert found() == set()


@pytest.mark.usefixtures("a_shop")
@pytest.mark.parametrize(("check", "statement"), BREAKS)
def test_a_broken_shop_is_found(check: str, statement: str, break_books: Callable[..., None]) -> None:
    break_books(statement)
    assert check in found()


def found() -> set[str]:
    return {fault.check for fault in merchants.faults.faults()}
