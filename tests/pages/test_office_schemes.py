"""Schemes on the office's pages: Ploy writes and submits, Anan approves, everybody reads it; both may hold it back."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from subsidies import schemes, stops
from subsidies.models import Draft, Scheme, SchemeVersion, Submission, Suspension
from tests.cast import NOON, OPENING, PLUS, Stage
from tests.pages.conftest import at_home
from tests.pages.eyes import look, walk
from tests.pages.test_finance_office import Say, at_desk
from tests.properties.stalls import SMALL_HALF
from tests.settlement.office import Office
from tests.subsidies.small_half import ALL_SAINTS, CODE, MORE_GENEROUS, next_version
from wallet import clock, ledger
from wallet.accounts import fund

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

SECOND = next_version(from_=ALL_SAINTS, saying=MORE_GENEROUS)
# What authors do: a name without its unit, and a sum in quotes.
BROKEN = SECOND.replace("rate_bp = 6_000", "rate = 6_000").replace("limit_satang = 300_00", 'limit_satang = "300"')
# The rate was raised, and the examples still tell of the old one.
FORGETFUL = next_version(from_=ALL_SAINTS, saying={"rate_bp = 5_000": "rate_bp = 6_000"})
WHY = "cash for rights in three provinces"
BOTH = pytest.mark.parametrize(("size", "language"), [("desk", "th"), ("tablet", "en")])


@pytest.fixture
def office(stage: Stage) -> Office:
    """The office, with the small scheme in force."""
    stage.scheme(document=SMALL_HALF, funded=1_000_00)
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


@pytest.fixture
def nobodys_phone(open_browser: Callable[..., Page], language: str) -> Page:
    return open_browser(language=language)


@BOTH
def test_ploy_sees_every_mistake_at_once_and_then_what_the_rules_answer(ploys_desk: Page, say: Say) -> None:
    ploy = ploys_desk
    ploy.goto("/office/schemes/")
    look(ploy, "office-schemes")
    ploy.get_by_role("link", name=say("Write a draft")).click()
    look(ploy, "office-draft-new")
    keep(ploy, BROKEN, say)
    mistakes = ploy.get_by_role("region", name=say("What is to be put right")).locator("tbody tr")
    expect(mistakes).to_have_count(3)  # the name that is unknown, the one that is missing, the sum
    expect(mistakes.filter(has_text="did you mean rate_bp?")).to_have_count(1)
    look(ploy, "office-draft-mistakes")
    keep(ploy, FORGETFUL, say)
    expect(ploy.locator("[data-why=examples_fail]")).to_be_visible()
    expect(ploy.locator("tr.wrong")).to_have_count(2)
    expect(ploy.locator("tr.wrong").first).to_contain_text("state 15000")
    look(ploy, "office-draft-examples-fail")


@BOTH
def test_what_ploy_submitted_anan_approves_and_everybody_reads(
    ploys_desk: Page, anans_desk: Page, office: Office, nobodys_phone: Page, say: Say
) -> None:
    ploy_submits(ploys_desk, office, say)
    anan_approves(anans_desk, office, say)
    anan_compares(anans_desk, say)
    phone = nobodys_phone
    phone.goto(f"/schemes/{CODE}/")
    expect(phone.get_by_text("50%")).to_be_visible()
    clock.stand_at(ALL_SAINTS)
    phone.reload()
    expect(phone.get_by_text("60%")).to_be_visible()


def ploy_submits(ploy: Page, office: Office, say: Say) -> None:
    ploy.goto("/office/drafts/")
    ploy.get_by_label(say("Or a file in its place")).set_input_files(
        {"name": "small-half.toml", "mimeType": "application/toml", "buffer": SECOND.encode()}
    )
    press(ploy, say("Keep it and check it"))
    expect(ploy.get_by_role("heading", name=say("May this be published?"))).to_be_visible()
    assert Draft.objects.get().document == SECOND
    expect(ploy.locator("ins").filter(has_text="60%")).to_have_count(1)
    look(ploy, "office-draft")
    walk(ploy)
    press(ploy, say("Submit it"))
    expect(ploy.get_by_text(say("If you change it, it has to be submitted again."))).to_be_visible()
    look(ploy, "office-draft-submitted")
    type_code(ploy, office.ploy.code(), say)
    press(ploy, say("Approve and publish"))
    expect(ploy.get_by_role("alert")).to_have_attribute("data-code", "approver_drafted")
    assert SchemeVersion.objects.filter(scheme__code=CODE).count() == 1


def anan_approves(anan: Page, office: Office, say: Say) -> None:
    anan.goto("/office/")
    look(anan, "office-today-draft")
    anan.get_by_role("link", name=say("Approve %(title)s with your second factor", title=f"{CODE} 2")).click()
    look(anan, "office-draft-to-approve")
    type_code(anan, "000000", say)
    press(anan, say("Approve and publish"))
    expect(anan.get_by_role("alert")).to_have_attribute("data-code", "second_factor_wrong")
    type_code(anan, office.anan.code(), say)
    press(anan, say("Approve and publish"))
    anan.get_by_role("link", name=say("Look at it")).click()
    assert schemes.version(code=CODE, number=2).document == SECOND
    anan.get_by_text(say("Every example, with what is expected and what is found")).click()
    expect(anan.get_by_role("region", name=say("Examples")).locator("tbody tr")).to_have_count(2)
    anan.get_by_text(say("Its text, as it was published")).click()
    look(anan, "office-version")


def anan_compares(anan: Page, say: Say) -> None:
    anan.goto(f"/office/schemes/{CODE}/")
    look(anan, "office-scheme")
    anan.get_by_role("link", name=say("Compare with version %(before)s", before=1)).click()
    expect(anan.locator("del").filter(has_text="50%")).to_have_count(1)
    expect(anan.locator("ins").filter(has_text="60%")).to_have_count(1)
    anan.locator("summary").click()
    look(anan, "office-differences")


@pytest.mark.parametrize(("size", "language"), [("phone", "en")])
def test_what_anan_rejected_is_not_published_and_ploy_reads_why(
    ploys_desk: Page, anans_desk: Page, office: Office, say: Say
) -> None:
    ploy, anan = ploys_desk, anans_desk
    ploy.goto(f"/office/schemes/{CODE}/")
    look(ploy, "office-scheme-narrow")
    ploy.get_by_role("link", name=say("Write the next version")).click()
    expect(ploy.get_by_label(say("The document"))).to_have_value(SMALL_HALF)
    keep(ploy, SECOND, say)
    look(ploy, "office-draft-narrow")
    press(ploy, say("Submit it"))
    expect(ploy.get_by_role("button", name=say("Approve and publish"))).to_be_visible()
    anan.goto(f"/office/drafts/{Draft.objects.get().id}/")
    anan.get_by_text(say("Reject it"), exact=True).click()
    anan.get_by_label(say("Why not?")).fill("the Cabinet has not decided")
    press(anan, say("Reject this draft"))
    expect(anan.get_by_text("the Cabinet has not decided")).to_be_visible()
    look(anan, "office-draft-rejected")
    ploy.reload()
    expect(ploy.get_by_text("the Cabinet has not decided")).to_be_visible()
    expect(ploy.get_by_role("button", name=say("Submit it"))).to_be_visible()
    assert SchemeVersion.objects.filter(scheme__code=CODE).count() == 1


@pytest.mark.parametrize(("size", "language"), [("desk", "en")])
def test_a_draft_that_changed_since_ploy_looked_is_not_submitted(ploys_desk: Page, office: Office, say: Say) -> None:
    ploy = ploys_desk
    ploy.goto("/office/drafts/")
    keep(ploy, SECOND, say)
    expect(ploy.get_by_role("button", name=say("Submit it"))).to_be_visible()
    Draft.objects.update(document=SECOND + "\n# in another window")
    press(ploy, say("Submit it"))
    expect(ploy.get_by_role("alert")).to_have_attribute("data-code", "draft_changed")
    assert not Submission.objects.exists()


@pytest.mark.parametrize(("size", "language"), [("desk", "en")])
def test_a_file_that_is_no_text_and_a_form_without_any_are_marked(ploys_desk: Page, office: Office, say: Say) -> None:
    ploy = ploys_desk
    ploy.goto("/office/drafts/")
    press(ploy, say("Keep it and check it"))
    expect(ploy.get_by_label(say("The document"))).to_have_attribute("aria-invalid", "true")
    look(ploy, "office-draft-empty")
    ploy.get_by_label(say("Or a file in its place")).set_input_files(
        {"name": "scheme.toml", "mimeType": "application/toml", "buffer": "โครงการ".encode("cp874")}
    )
    press(ploy, say("Keep it and check it"))
    expect(ploy.get_by_label(say("Or a file in its place"))).to_have_attribute("aria-invalid", "true")
    assert not Draft.objects.exists()


@BOTH
def test_ploy_suspends_anan_restores_ploy_asks_and_anan_stops_it(
    ploys_desk: Page, anans_desk: Page, office: Office, say: Say
) -> None:
    ploy, anan = ploys_desk, anans_desk
    ploy.goto(f"/office/schemes/{PLUS}/")
    ploy.get_by_role("link", name=say("Suspend it at once")).click()
    look(ploy, "office-scheme-suspend")
    ploy.get_by_label(say("Why is it suspended?")).fill(WHY)
    press(ploy, say("Suspend it"))
    expect(ploy.get_by_text(WHY)).to_be_visible()
    look(ploy, "office-scheme-suspended")
    ploy.get_by_role("link", name=say("Let it go on")).click()
    restore(ploy, office.ploy.code(), say)
    expect(ploy.get_by_role("alert")).to_have_attribute("data-code", "second_officer_needed")
    look(ploy, "office-scheme-restore-refused")

    anan.goto("/office/")
    anan.get_by_role("link", name=say("%(scheme)s is suspended: may it go on?", scheme=PLUS)).click()
    look(anan, "office-scheme-restore")
    restore(anan, office.anan.code(), say)
    expect(anan.get_by_role("link", name=say("Suspend it at once"))).to_be_visible()
    assert Suspension.objects.get().lifted_by == office.anan.officer

    ploy.goto(f"/office/schemes/{PLUS}/")
    ploy.get_by_role("link", name=say("Ask to stop it for good")).click()
    look(ploy, "office-scheme-stop-ask")
    ploy.get_by_label(say("Why is it to be stopped?")).fill(WHY)
    press(ploy, say("Ask for it"))
    ploy.get_by_role("link", name=say("Agree to stop it, or say no")).click()
    type_code(ploy, office.ploy.code(), say)
    press(ploy, say("Stop it for good"))
    expect(ploy.get_by_role("alert")).to_have_attribute("data-code", "second_officer_needed")
    look(ploy, "office-scheme-stop-mine")

    anan.goto("/office/")
    look(anan, "office-today-stop")
    anan.get_by_role("link", name=say("Agree to stop %(scheme)s for good, or say no", scheme=PLUS)).click()
    look(anan, "office-scheme-stop")
    type_code(anan, office.anan.code(), say)
    press(anan, say("Stop it for good"))
    expect(anan.get_by_text(WHY)).to_be_visible()
    expect(anan.get_by_role("link", name=say("Suspend it at once"))).to_have_count(0)
    look(anan, "office-scheme-stopped")
    scheme_id = schemes.in_force(code=PLUS, at=NOON).scheme_id
    assert stops.standstills(scheme_ids=[scheme_id], at=NOON + dt.timedelta(hours=1))[scheme_id].stopped_at


@pytest.mark.parametrize(("size", "language"), [("desk", "th"), ("tablet", "en")])
def test_ploy_asks_for_what_is_left_and_anan_gives_it_back(
    ploys_desk: Page, anans_desk: Page, office: Office, say: Say
) -> None:
    ploy, anan, scheme = ploys_desk, anans_desk, Scheme.objects.get(code=CODE)
    ploy.goto(f"/office/schemes/{CODE}/")
    expect(ploy.get_by_role("link", name=say("Give back what is left"))).to_have_count(0)
    stops.ask_to_stop(code=CODE, reason=WHY, actor=office.ploy.actor, at=NOON)
    stops.stop(code=CODE, second_factor=office.anan.code(), actor=office.anan.actor, at=NOON)
    ploy.reload()
    ploy.get_by_role("link", name=say("Give back what is left")).click()
    look(ploy, "office-hand-back-ask")
    ploy.get_by_label(say("Why is it given back?")).fill("the scheme is over")
    press(ploy, say("Ask for it"))
    ploy.get_by_role("link", name=say("Agree to give back what is left, or say no")).click()
    look(ploy, "office-hand-back-mine")

    anan.goto("/office/")
    look(anan, "office-today-hand-back")
    waits = say("Give what is left of %(scheme)s back to the Treasury, or say no", scheme=CODE)
    anan.get_by_role("link", name=waits).click()
    look(anan, "office-hand-back")
    type_code(anan, office.anan.code(), say)
    press(anan, say("Give it back to the Treasury"))
    expect(anan.get_by_role("link", name=say("Agree to give back what is left, or say no"))).to_have_count(0)
    look(anan, "office-handed-back")
    assert ledger.balance(fund(scheme.id)) == 0


@pytest.mark.parametrize("language", ["en"])
def test_nok_cannot_join_a_scheme_that_was_suspended(nobodys_phone: Page, office: Office, stage: Stage) -> None:
    stops.suspend(code=PLUS, reason=WHY, actor=office.ploy.actor, at=OPENING)
    clock.stand_at(OPENING)
    at_home(nobodys_phone, stage.citizen("nok"))
    nobodys_phone.goto(f"/schemes/{PLUS}/")
    expect(nobodys_phone.locator("main .told")).to_contain_text("suspended")
    expect(nobodys_phone.get_by_role("checkbox")).to_have_count(0)


@pytest.mark.parametrize(("size", "language"), [("desk", "en")])
def test_ploy_takes_back_what_she_asked_for(ploys_desk: Page, office: Office, say: Say) -> None:
    stops.ask_to_stop(code=PLUS, reason=WHY, actor=office.ploy.actor, at=NOON)
    ploys_desk.goto(f"/office/schemes/{PLUS}/stop/")
    ploys_desk.get_by_label(say("Why is it not stopped?")).fill("it was another scheme")
    press(ploys_desk, say("Do not stop it"))
    expect(ploys_desk.get_by_role("link", name=say("Ask to stop it for good"))).to_be_visible()


def keep(page: Page, document: str, say: Say) -> None:
    page.get_by_label(say("The document")).fill(document)
    press(page, say("Keep it and check it"))


def restore(page: Page, code: str, say: Say) -> None:
    page.get_by_label(say("Why may the scheme go on?")).fill("it was found out who did it")
    type_code(page, code, say)
    press(page, say("Let people use it again"))


def type_code(page: Page, code: str, say: Say) -> None:
    page.get_by_label(say("Code from your authenticator")).fill(code)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()
