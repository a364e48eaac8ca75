"""However often somebody taps, reloads or goes back, and whatever line is cut: paid once, and the truth at the end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from merchants.models import Payment
from tests.cast import PIN, PLUS, Citizen, Stage, Stall, ask
from tests.pages.conftest import at_home
from tests.pages.market import confirm, show_code
from tests.pages.words import in_words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


def say(sentence: str, **facts: str) -> str:
    return in_words("th", sentence, **facts)


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def page(open_browser: Callable[..., Page], somchai: Citizen) -> Page:
    page = open_browser()
    at_home(page, somchai)
    return page


def test_a_double_tap_pays_once(page: Page, malee: Stall) -> None:
    show_code(page, ask(malee, 100_00), say)
    page.get_by_label(say("Your PIN")).fill(PIN)
    page.get_by_role("button", name=say("Pay %(amount)s baht", amount="50.00")).dblclick()
    page.wait_for_url("**/payments/*/")
    assert Payment.objects.count() == 1


def test_the_same_form_sent_again_shows_the_same_receipt(page: Page, malee: Stall) -> None:
    show_code(page, ask(malee, 100_00), say)
    form = page.locator("#confirm").evaluate("(form) => Object.fromEntries(new FormData(form))")
    here = page.url
    first, second = (
        page.request.post(here, form=form | {"pin": PIN}, headers={"Referer": here}, max_redirects=0) for _ in range(2)
    )
    assert (first.status, second.status) == (302, 302)
    assert first.headers["location"] == second.headers["location"]
    assert Payment.objects.count() == 1


def test_going_back_and_reloading_end_on_the_receipt(page: Page, malee: Stall) -> None:
    show_code(page, ask(malee, 100_00), say)
    confirm(page, "50.00", say)
    page.wait_for_url("**/payments/*/")
    receipt = page.url
    page.reload()
    assert page.url == receipt
    page.go_back()
    page.wait_for_url(receipt)
    assert Payment.objects.count() == 1


def test_a_lost_answer_is_found_by_trying_again(page: Page, malee: Stall) -> None:
    show_code(page, ask(malee, 100_00), say)
    here = page.url

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)  # it arrives, and nobody hears the answer
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/pay/**", lose)
    confirm(page, "50.00", say)
    page.wait_for_timeout(500)
    page.unroute("**/pay/**")
    page.goto(here)
    page.wait_for_url("**/payments/*/")
    expect(page.locator(".receipt .amount").first).to_contain_text("100.00")
    assert Payment.objects.count() == 1


def test_a_split_that_changed_is_shown_anew_and_nothing_is_paid(page: Page, somchai: Citizen, malee: Stall) -> None:
    first, second = ask(malee, 380_00), ask(malee, 100_00)
    show_code(page, first, say)
    other = page.context.new_page()
    show_code(other, second, say)
    confirm(page, "190.00", say)
    page.wait_for_url("**/payments/*/")
    confirm(other, "50.00", say)
    expect(other.get_by_role("alert").first).to_have_attribute("data-code", "split_changed")
    expect(other.get_by_role("definition")).to_have_text(["90.00", "10.00"])
    confirm(other, "90.00", say)
    other.wait_for_url("**/payments/*/")
    assert sorted(Payment.objects.values_list("price", "state_share")) == [(100_00, 10_00), (380_00, 190_00)]


def test_a_top_up_that_is_asked_for_twice_is_one(page: Page) -> None:
    page.goto("/top-ups/")
    page.get_by_label(say("How much?")).fill("100")
    form = page.locator("main form").first.evaluate("(form) => Object.fromEntries(new FormData(form))")
    first, second = (
        page.request.post(page.url, form=form, headers={"Referer": page.url}, max_redirects=0) for _ in range(2)
    )
    assert first.headers["location"] == second.headers["location"]
