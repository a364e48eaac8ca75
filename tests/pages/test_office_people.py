"""An officer looks for a person: masked until they say why, and every look is a row."""

import pytest
from playwright.sync_api import Page, expect

from subsidies import freezing
from tests.cast import PLUS, Citizen, Stage, Stall, buy, thai_id
from tests.pages.conftest import EACH_ONCE, at_home
from tests.pages.eyes import look, walk
from tests.pages.test_finance_office import Say, at_desk
from tests.settlement.office import Office
from wallet import people
from wallet.models import AuditEntry, RefusalRecord

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

SHORT = {"own_part_satang": 100_00, "cash_satang": 1_00, "short_satang": 99_00}
REASON = "ticket 4711: says that a payment is missing"


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=900_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def kept() -> list[tuple[str, dict[str, str]]]:
    return list(AuditEntry.objects.filter(act__startswith="person.").order_by("id").values_list("act", "facts"))


@EACH_ONCE
def test_somchai_is_found_by_phone_and_shown_for_a_reason(
    page: Page, office: Office, somchai: Citizen, malee: Stall, say: Say
) -> None:
    buy(somchai, malee, 100_00)
    RefusalRecord.objects.create(citizen_id=somchai.id, code="cash_short", facts=SHORT, at=somchai.device.added_at)
    phone = people.profile(somchai.id).phone
    at_desk(page, office.ploy)
    page.goto("/office/people/")
    look(page, "office-people")
    search(page, f"{phone[:3]}-{phone[3:6]}-{phone[6:]}", say)
    expect(page.get_by_text("somchai จ***")).to_be_visible()
    expect(page.get_by_text(phone)).to_have_count(0)
    look(page, "office-people-found")
    assert phone not in page.url
    assert kept() == [("person.search", {"by": "phone"})]

    show(page, REASON, say)
    expect(page.get_by_role("heading", name="somchai ใจดี")).to_be_visible()
    for known in (phone, "850.00", "ร้าน malee", "100.00", "ploy: " + REASON):
        expect(page.get_by_text(known).first).to_be_visible()
    look(page, "office-person")
    assert kept()[1:] == [("person.look", {"reason": REASON})]

    page.goto(f"/office/people/{somchai.id}/")
    expect(page.get_by_text("somchai ใจดี")).to_have_count(0)
    look(page, "office-person-why")


@pytest.mark.parametrize(("size", "language"), [("desk", "th")])
def test_a_national_id_finds_too_and_who_is_not_there_is_kept_as_asked_for(
    page: Page, office: Office, somchai: Citizen, say: Say
) -> None:
    at_desk(page, office.ploy)
    page.goto("/office/people/")
    search(page, thai_id(0), say)
    expect(page.get_by_text("somchai จ***")).to_be_visible()
    search(page, thai_id(999), say)
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "citizen_unknown")
    look(page, "office-people-nobody")
    search(page, "12345", say)
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "fields_wrong")
    assert kept() == [("person.search", {"by": "national_id"})] * 2


@pytest.mark.parametrize(("size", "language"), [("tablet", "en")])
def test_because_is_no_reason(page: Page, office: Office, somchai: Citizen, say: Say) -> None:
    at_desk(page, office.ploy)
    page.goto(f"/office/people/{somchai.id}/")
    page.locator("form").evaluate_all("(forms) => forms.forEach((form) => { form.noValidate = true; })")
    show(page, "because", say)
    expect(page.get_by_role("alert")).to_have_attribute("data-code", "reason_too_short")
    expect(page.get_by_text("somchai ใจดี")).to_have_count(0)
    look(page, "office-person-no-reason")
    assert kept() == []


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "th")])
def test_rights_are_put_on_hold_and_let_go(page: Page, office: Office, somchai: Citizen, say: Say) -> None:
    at_desk(page, office.ploy)
    page.goto(f"/office/people/{somchai.id}/")
    page.get_by_text(say("Put the rights on hold"), exact=True).click()
    page.get_by_label(say("Why are they put on hold?")).fill("two phones, two towns, one minute")
    page.get_by_role("button", name=say("Put them on hold")).click()
    expect(page.get_by_text("two phones, two towns, one minute")).to_be_visible()
    look(page, "office-person-on-hold")
    walk(page)
    page.get_by_role("button", name=say("Let the rights be used again")).click()
    expect(page.get_by_text("two phones, two towns, one minute")).to_have_count(0)
    assert freezing.now(citizen_id=somchai.id) is None


@pytest.mark.parametrize(("size", "language"), [("phone", "th")])
def test_a_citizen_looks_for_nobody(page: Page, stage: Stage, somchai: Citizen) -> None:
    at_home(page, stage.citizen("nok"))
    for address in ("/office/people/", f"/office/people/{somchai.id}/"):
        page.goto(address)
        expect(page.get_by_role("alert")).to_have_attribute("data-code", "not_your_role")


def search(page: Page, number: str, say: Say) -> None:
    page.get_by_label(say("Phone number or national ID")).fill(number)
    page.get_by_role("button", name=say("Search")).click()


def show(page: Page, reason: str, say: Say) -> None:
    page.get_by_label(say("Why do you look at this person?")).fill(reason)
    page.get_by_role("button", name=say("Show the person")).click()
