"""Not only the stall's QR is scanned: Somchai shows a code of his own, keys an amount at a poster, proves a receipt."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from merchants import posters, presented, proposals, signatures
from merchants.charges import Bill
from merchants.models import Charge, Payment, Proposal
from merchants.receipts import Receipt
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, buy
from tests.counter import give_back
from tests.pages.conftest import at_home
from tests.pages.eyes import look
from tests.pages.market import confirm, pay_address
from tests.shopkeepers import keeper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

Say = Callable[..., str]


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def phone(open_browser: Callable[..., Page], somchai: Citizen, language: str) -> Page:
    """Somchai's phone, on which he is signed in."""
    page = open_browser(language=language)
    at_home(page, somchai)
    return page


def test_the_till_scans_somchais_code_and_he_confirms_what_it_asks(
    phone: Page, somchai: Citizen, malee: Stall, say: Say
) -> None:
    phone.goto("/my-code/")
    look(phone, "my-code")
    (code,) = presented.codes(device_id=somchai.device.id, ahead=0, at=NOON)
    presented.ask(till=malee.till, payload=code.payload, bill=Bill(amount=100_00), key=str(uuid4()), at=NOON)
    phone.get_by_text(say("See who pays what")).click()
    expect(phone.get_by_role("definition")).to_have_text(["50.00", "50.00"])
    confirm(phone, "50.00", say)
    phone.wait_for_url("**/payments/*/")
    assert Payment.objects.get().price == 100_00


def test_somchai_keys_an_amount_at_a_poster_and_pays_once_the_till_says_yes(
    phone: Page, malee: Stall, say: Say
) -> None:
    poster = posters.make(by=keeper(malee).member, branch_id=None, at=NOON)
    phone.goto(pay_address(posters.payload(poster)))
    look(phone, "poster")
    phone.get_by_label(say("How much is it?")).fill("80")
    phone.get_by_role("button", name=say("Ask the shop")).click()
    phone.wait_for_url("**/proposals/*/")
    look(phone, "proposal")
    proposals.accept(till=malee.till, proposal_id=Proposal.objects.get().id, key=str(uuid4()), at=NOON)
    phone.wait_for_url(f"**/charges/{Charge.objects.get().id}/")
    expect(phone.get_by_role("definition")).to_have_text(["40.00", "40.00"])
    confirm(phone, "40.00", say)
    phone.wait_for_url("**/payments/*/")


def test_a_till_that_says_no_is_heard(phone: Page, malee: Stall, say: Say) -> None:
    poster = posters.make(by=keeper(malee).member, branch_id=None, at=NOON)
    phone.goto(pay_address(posters.payload(poster)))
    phone.get_by_label(say("How much is it?")).fill("80")
    phone.get_by_role("button", name=say("Ask the shop")).click()
    phone.wait_for_url("**/proposals/*/")
    proposals.decline(till=malee.till, proposal_id=Proposal.objects.get().id, at=NOON)
    expect(phone.locator("#proposal")).to_have_attribute("data-state", "declined")
    look(phone, "proposal-declined")


def test_whoever_is_shown_the_receipt_checks_it_without_an_account(
    phone: Page, open_browser: Callable[..., Page], somchai: Citizen, malee: Stall, say: Say
) -> None:
    payment = buy(somchai, malee, 100_00)
    phone.goto(f"/payments/{payment.id}/")
    language = str(phone.locator("html").get_attribute("lang"))
    phone.get_by_text(say("Let somebody check this receipt")).click()
    look(phone, "receipt-to-check")
    address = phone.get_by_role("link", name=say("To the page that checks it")).get_attribute("href")
    malees = open_browser(language=language, size="tablet")
    malees.goto(str(address))
    expect(malees.get_by_text(say("This receipt is genuine."))).to_be_visible()
    assert "somchai" not in malees.content()
    look(malees, "verified")
    for said in (str(address), signatures.sign(Receipt(payment, malee.merchant.name))):
        malees.goto("/verify/")
        malees.get_by_label(say("Or paste what the QR says")).fill(said)
        malees.get_by_role("button", name=say("Check")).click()
        expect(malees.get_by_text(say("This receipt is genuine."))).to_be_visible()
    malees.goto(str(address)[:-2] + "AA")
    expect(malees.get_by_role("alert")).to_have_attribute("data-code", "payment_unknown")
    give_back(malee, payment, 40_00)
    malees.goto(str(address))
    expect(
        malees.get_by_text(say("Since then %(refunded)s baht of it was given back.", refunded="40.00"))
    ).to_be_visible()
