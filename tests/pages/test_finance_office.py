"""The finance office's night on the pages: the day is closed, Ploy submits, Anan approves, and the bank answers."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from config import visits
from settlement import bankfiles, batches
from settlement.models import BankFileDownload, Batch, Decision, Discrepancy, Payout, Resolution
from tests.cast import PLUS, Stage, Stall, buy
from tests.pages.conftest import at_home
from tests.pages.eyes import look, walk
from tests.settlement.market import TWO, end_of_day, sell
from tests.settlement.office import Bank, FinanceOfficer, Office
from wallet import clock, tokens
from wallet.tokens import Caller

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

Say = Callable[..., str]
PASSWORD = "mango-sticky-rice-2568"


@pytest.fixture
def office() -> Office:
    office = Office()
    for each in (office.ploy, office.anan):
        each.officer.user.set_password(PASSWORD)
        each.officer.user.save()
    return office


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def batch(stage: Stage, malee: Stall) -> Batch:
    """A batch that waits: 100 baht of Nok's own to Malee, and the 50 that Somchai paid of 100."""
    sell(stage.citizen("nok", cash_satang=500_00), malee, 100_00)
    buy(stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), malee, 100_00)
    end_of_day()
    clock.stand_at(TWO)
    return batches.build(at=TWO)


@pytest.fixture
def anans_desk(open_browser: Callable[..., Page], office: Office, language: str) -> Page:
    """Anan's browser, at which he is signed in."""
    page = open_browser(size="desk", language=language)
    at_desk(page, office.anan)
    return page


def at_desk(page: Page, someone: FinanceOfficer) -> None:
    """Let an officer be signed in at a browser, as if they had just typed password and code."""
    pair = tokens.issue(caller=Caller("officer", someone.officer.id), at=timezone.now())
    cookie = {"name": visits.COOKIE, "value": pair.refresh, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # the library's own name for such a dictionary


def test_ploy_submits_anan_approves_and_the_bank_answers(
    page: Page, anans_desk: Page, office: Office, batch: Batch, say: Say
) -> None:
    ploy, anan = page, anans_desk
    sign_in(ploy, office.ploy, say)
    total = f"{batch.amount // 100}.00"
    look(ploy, "office-today")
    ploy.get_by_role("link", name=say("Look through a batch and submit it")).click()
    look(ploy, "office-batch")
    ploy.get_by_role("button", name=say("Submit %(total)s baht", total=total)).click()
    look(ploy, "office-batch-submitted")
    approve(ploy, office.ploy, say)
    expect(ploy.get_by_role("alert")).to_have_attribute("data-code", "approver_submitted")
    look(ploy, "office-batch-same-officer")
    assert not Decision.objects.exists()

    anan.goto("/office/")
    anan.get_by_role("link", name=say("Approve a batch with your second factor")).click()
    approve(anan, office.anan, say, code="000000")
    expect(anan.get_by_role("alert")).to_have_attribute("data-code", "second_factor_wrong")
    approve(anan, office.anan, say)
    expect(anan.get_by_text(say("The timetable is writing them; this takes a minute."))).to_be_visible()
    assert Decision.objects.get().officer_id == office.anan.officer.id

    bankfiles.write_all(batch=batch, at=TWO)
    anan.reload()
    look(anan, "office-batch-approved")
    with anan.expect_download() as taken:
        anan.get_by_role("button", name=say("Download file %(number)s for the bank", number=1)).click()
    assert taken.value.path().read_bytes().startswith(b"<?xml")
    assert [download.officer_id for download in BankFileDownload.objects.all()] == [office.anan.officer.id]

    bank = Bank()
    bank.pay(Payout.objects.get(batch=batch))
    bring(anan, bank.statement(), say)
    expect(anan.get_by_text(say("Everything in it matches."))).to_be_visible()
    look(anan, "office-statement")
    assert not Discrepancy.objects.exists()
    bank.book(7_00, None)
    bring(anan, bank.statement(), say)
    anan.get_by_role("link", name=say("Look at what is open")).click()
    look(anan, "office-bank")
    anan.get_by_role("link", name=say("The bank moved money that our books do not know")).click()
    look(anan, "office-discrepancy")
    anan.get_by_label(say("Why is it settled?")).fill("interest of October")
    anan.get_by_role("button", name=say("It is settled")).click()
    expect(anan.get_by_text("interest of October")).to_be_visible()
    assert Resolution.objects.get().reason == "interest of October"
    anan.goto("/office/")
    expect(anan.get_by_text(say("Nothing waits for you."))).to_be_visible()
    look(anan, "office-today-done")
    walk(anan)


def sign_in(page: Page, someone: FinanceOfficer, say: Say) -> None:
    page.goto("/office/settlement/")
    page.get_by_label(say("Your name here")).fill(someone.name)
    page.get_by_label(say("Password")).fill("papaya-salad")
    page.get_by_label(say("Code from your authenticator")).fill(someone.code())
    page.get_by_role("button", name=say("Sign in")).click()
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "sign_in_refused")
    look(page, "office-sign-in-refused")
    page.get_by_label(say("Password")).fill(PASSWORD)
    page.get_by_label(say("Code from your authenticator")).fill(someone.code())
    page.get_by_role("button", name=say("Sign in")).click()
    page.wait_for_url("**/office/settlement/")
    look(page, "office-settlement")
    page.get_by_role("link", name=say("Today"), exact=True).click()


def approve(page: Page, someone: FinanceOfficer, say: Say, *, code: str = "") -> None:
    page.get_by_label(say("Code from your authenticator")).fill(code or someone.code())
    page.get_by_role("button", name=say("Approve %(total)s baht", total="").split()[0]).click()


def bring(page: Page, statement: bytes, say: Say) -> None:
    page.goto("/office/bank/")
    page.get_by_label(say("The file with the bank's answer")).set_input_files(
        {"name": "answer.xml", "mimeType": "application/xml", "buffer": statement}
    )
    page.get_by_role("button", name=say("Take it in")).click()
    page.wait_for_url("**/statements/*/")


@pytest.mark.parametrize("language", ["th"])
def test_a_rejected_batch_says_why_and_a_citizen_sees_none(
    open_browser: Callable[..., Page], anans_desk: Page, stage: Stage, batch: Batch, say: Say
) -> None:
    page = anans_desk
    page.goto(f"/office/settlement/{batch.id}/")
    page.get_by_text(say("Reject it"), exact=True).click()
    page.get_by_label(say("Why not?")).fill("a stall is under suspicion")
    page.get_by_role("button", name=say("Reject this batch")).click()
    expect(page.get_by_text("a stall is under suspicion")).to_be_visible()
    look(page, "office-batch-rejected")
    phone = open_browser()
    at_home(phone, stage.citizen("prasert"))
    phone.goto(f"/office/settlement/{batch.id}/")
    expect(phone.get_by_role("alert")).to_have_attribute("data-code", "not_your_role")
