"""Lists of people on the office's pages: Ploy uploads a file and sees what was not taken in, Anan puts it in force."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from config import visits
from subsidies import lists
from subsidies.list_files import LINES_AT_ONCE
from subsidies.lists import UploadCutOff
from subsidies.models import ListApproval, ListMember, PeopleList
from tests.cast import NOON, thai_id
from tests.pages.eyes import look
from tests.pages.test_finance_office import Say, at_desk
from tests.settlement.office import FinanceOfficer, Office
from tests.subsidies.test_lists import FILERS, JUNE, csv_of
from wallet import tokens
from wallet.tokens import Caller

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

SOURCE = "Revenue Department, letter 7"
# Two people, one of them twice, and a line that is no ID.
FEW = csv_of(50, 51, 50) + b"12345\n"
LONG = csv_of(*range(100, 100 + 2 * LINES_AT_ONCE))


@pytest.fixture
def office(stage: object) -> Office:
    return Office()


@pytest.fixture
def ploys_desk(page: Page, office: Office) -> Page:
    at_desk(page, office.ploy)
    return page


@pytest.fixture
def anans_desk(open_browser: Callable[..., Page], office: Office, language: str) -> Page:
    page = open_browser(size="desk", language=language)
    at_desk(page, office.anan)
    return page


@pytest.mark.parametrize(("size", "language"), [("desk", "th"), ("phone", "en")])
def test_what_ploy_uploads_anan_puts_in_force(ploys_desk: Page, anans_desk: Page, office: Office, say: Say) -> None:
    ploy, anan = ploys_desk, anans_desk
    ploy.goto("/office/people/lists/")
    look(ploy, "office-lists-none")
    fill(ploy, FEW, say, as_of="2026-01-01")
    expect(ploy.get_by_role("alert")).to_have_attribute("data-code", "list_ahead_of_its_day")
    expect(ploy.get_by_label(say("Who gave it, and by which letter"))).to_have_value(SOURCE)
    look(ploy, "office-lists-refused")
    fill(ploy, FEW, say)
    ploy.wait_for_url("**/lists/*-*/")
    expect(ploy.get_by_role("region", name=say("Lines not taken in")).locator("tbody tr")).to_have_count(2)
    look(ploy, "office-list-waiting")
    ploy.get_by_label(say("Code from your authenticator")).fill(office.ploy.code())
    press(ploy, say("Put this list in force"))
    expect(ploy.get_by_role("alert")).to_have_attribute("data-code", "list_maker_approves")
    with ploy.expect_download() as taken:
        ploy.get_by_role("link", name=say("All of them as a file")).click()
    assert [line.split(",")[:2] for line in taken.value.path().read_text().splitlines()] == [
        ["line", "why"],
        ["3", "duplicate"],
        ["4", "not_13_digits"],
    ]

    anan.goto("/office/")
    anan.get_by_role("link", name=say("A list of people waits for a second officer")).click()
    anan.get_by_label(say("Code from your authenticator")).fill(office.anan.code())
    press(anan, say("Put this list in force"))
    expect(anan.get_by_role("button", name=say("Put this list in force"))).to_have_count(0)
    look(anan, "office-list-in-force")
    approval = ListApproval.objects.get()
    assert (approval.officer, approval.people, ListMember.objects.count()) == (office.anan.officer, 2, 2)
    anan.goto("/office/people/lists/")
    look(anan, "office-lists")


@pytest.mark.parametrize(("size", "language"), [("desk", "en")])
def test_an_upload_that_was_cut_off_goes_on_with_the_same_file(ploys_desk: Page, office: Office, say: Say) -> None:
    with pytest.raises(UploadCutOff):
        begin(office, LONG, came=len(LONG) - 100)
    found = PeopleList.objects.get()
    ploys_desk.goto("/office/people/lists/")
    half = ploys_desk.locator("#lists .bar .part")
    expect(half).to_have_attribute("width", "500")
    look(ploys_desk, "office-lists-reading")
    PeopleList.objects.update(bytes_read=found.size * 3 // 4)
    expect(half).to_have_attribute("width", "750")  # the page asks for news
    PeopleList.objects.update(bytes_read=found.bytes_read)
    ploys_desk.goto(f"/office/people/lists/{found.id}/")
    look(ploys_desk, "office-list-cut-off")
    choose(ploys_desk, LONG.replace(thai_id(100).encode(), thai_id(99).encode()), say)
    press(ploys_desk, say("Go on with this file"))
    expect(ploys_desk.get_by_role("alert")).to_have_attribute("data-code", "list_file_differs")
    choose(ploys_desk, LONG, say)
    press(ploys_desk, say("Go on with this file"))
    expect(ploys_desk.get_by_label(say("Code from your authenticator"))).to_be_visible()
    found.refresh_from_db()
    assert (found.people, found.rejected, found.stopped_why) == (2 * LINES_AT_ONCE, 0, "")


@pytest.mark.parametrize(("size", "language"), [("desk", "en")])
def test_a_file_with_nobody_on_it_is_given_up(ploys_desk: Page, say: Say) -> None:
    ploys_desk.goto("/office/people/lists/")
    fill(ploys_desk, b"12345\n", say)
    expect(ploys_desk.get_by_role("alert")).to_have_attribute("data-code", "list_stopped")
    ploys_desk.get_by_role("link", name=FILERS).click()
    expect(ploys_desk.get_by_text(say("given up"), exact=True)).to_be_visible()
    look(ploys_desk, "office-list-given-up")


def test_a_list_that_another_site_sends_is_not_read(office: Office) -> None:
    client = at_browser(office.ploy, enforce_csrf_checks=True)
    said = {"code": FILERS, "as_of": str(JUNE), "source": SOURCE, "key": "12345678"}
    answer = client.post("/office/people/lists/", {**said, "file": file_of(FEW)})
    assert (answer.status_code, PeopleList.objects.count()) == (403, 0)


def test_anan_cannot_go_on_with_what_ploy_began(office: Office) -> None:
    with pytest.raises(UploadCutOff):
        begin(office, LONG, came=1_000)
    answer = at_browser(office.anan).post(
        f"/office/people/lists/{PeopleList.objects.get().id}/rest/", {"file": file_of(LONG)}
    )
    assert answer.status_code == 403
    assert 'data-code="list_not_yours"' in answer.content.decode()


def begin(office: Office, content: bytes, *, came: int) -> None:
    lists.upload(
        file=io.BytesIO(content[:came]),
        size=len(content),
        code=FILERS,
        as_of=JUNE,
        source=SOURCE,
        actor=office.ploy.actor,
        key="cut off",
        at=NOON,
    )


def at_browser(someone: FinanceOfficer, *, enforce_csrf_checks: bool = False) -> Client:
    client = Client(enforce_csrf_checks=enforce_csrf_checks)
    client.cookies[visits.COOKIE] = tokens.issue(
        caller=Caller("officer", someone.officer.id), at=timezone.now()
    ).refresh
    return client


def file_of(content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = "list.csv"
    return file


def fill(page: Page, content: bytes, say: Say, *, as_of: str = str(JUNE)) -> None:
    page.get_by_label(say("Its code, as schemes name it")).fill(FILERS)
    page.get_by_label(say("As of the end of which day")).fill(as_of)
    page.get_by_label(say("Who gave it, and by which letter")).fill(SOURCE)
    choose(page, content, say)
    press(page, say("Upload and read it"))


def choose(page: Page, content: bytes, say: Say) -> None:
    page.get_by_label(say("The file")).set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": content})


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()
