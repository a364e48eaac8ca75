"""The soup was cold: a cashier undoes within minutes, manager and owner give back, and Somchai sees it."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from merchants import tills
from merchants.models import Payment, Refund, Role
from tests.cast import NOON, PLUS, STAGE_HAND, Citizen, Stage, Stall, buy
from tests.pages.conftest import EACH_ONCE, at_home
from tests.pages.eyes import look, walk
from tests.pages.stall import as_staff, as_till, sent_twice
from tests.pages.words import in_words
from wallet import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

Say = Callable[..., str]


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def paid(somchai: Citizen, malee: Stall) -> Payment:
    return buy(somchai, malee, 100_00)


@pytest.fixture
def counter(open_browser: Callable[..., Page], language: str) -> Page:
    """A tablet at the counter."""
    return open_browser(size="tablet", language=language)


@pytest.fixture
def phone(open_browser: Callable[..., Page], somchai: Citizen, language: str) -> Page:
    """Somchai's phone, on which he is signed in."""
    page = open_browser(language=language)
    at_home(page, somchai)
    return page


@EACH_ONCE
def test_a_till_undoes_what_it_just_took_and_the_customer_sees_it(
    page: Page, phone: Page, malee: Stall, paid: Payment, say: Say
) -> None:
    as_till(page, malee)
    page.goto("/shop/keypad/")
    page.locator("#lately a").click()
    look(page, "shop-payment")
    page.get_by_text(say("Undo this payment")).click()
    look(page, "shop-payment-undo")
    page.get_by_role("button", name=say("Undo it")).click()
    expect(page.locator("#refunded")).to_contain_text("100.00")
    look(page, "shop-payment-undone")
    phone.goto(f"/payments/{paid.id}/")
    expect(phone.get_by_role("heading", level=1)).to_have_text(say("Given back"))
    look(phone, "receipt-given-back")
    assert Refund.objects.get().amount == 100_00


def test_a_manager_gives_a_part_back_and_then_the_rest(
    counter: Page, phone: Page, malee: Stall, paid: Payment, say: Say
) -> None:
    as_staff(counter, malee, Role.MANAGER)
    clock.stand_at(NOON + dt.timedelta(minutes=10))
    counter.goto("/shop/today/")
    counter.locator(".rows a").click()
    counter.get_by_text(say("Give money back"), exact=True).click()
    counter.get_by_label(say("How much goes back, in baht")).fill("33.33")
    counter.get_by_role("button", name=say("The goods came back")).click()
    look(counter, "shop-payment-giving-back")
    counter.get_by_role("button", name=say("Give it back"), exact=True).click()
    expect(counter.locator("#refunded")).to_contain_text("33.33")
    look(counter, "shop-payment-given-in-part")
    phone.goto(f"/payments/{paid.id}/")
    expect(phone.get_by_text(say("%(refunded)s baht of it was given back.", refunded="33.33"))).to_be_visible()
    look(phone, "receipt-given-in-part")
    phone.goto("/payments/")
    expect(phone.get_by_text(say("given back %(refunded)s", refunded="33.33"))).to_be_visible()
    counter.get_by_text(say("Give money back"), exact=True).click()
    expect(counter.get_by_label(say("How much goes back, in baht"))).to_have_value("66.67")
    counter.get_by_label(say("Why?")).fill("closed early")
    counter.get_by_role("button", name=say("Give it back"), exact=True).click()
    expect(counter.get_by_text(say("All of it was given back."))).to_be_visible()
    assert [(one.amount, one.reason) for one in Refund.objects.order_by("id")] == [
        (33_33, say("The goods came back")),
        (66_67, "closed early"),
    ]


@pytest.mark.parametrize("who", [Role.CASHIER, None])
def test_a_cashier_and_a_till_cannot_refund_once_the_minutes_are_over(
    counter: Page, malee: Stall, paid: Payment, say: Say, who: Role | None
) -> None:
    if who is None:
        as_till(counter, malee)
    else:
        as_staff(counter, malee, who)
    counter.goto(f"/shop/payments/{paid.id}/")
    expect(counter.get_by_text(say("Give money back"), exact=True)).to_have_count(0)
    counter.get_by_text(say("Undo this payment")).click()
    clock.stand_at(NOON + dt.timedelta(minutes=10))
    counter.get_by_role("button", name=say("Undo it")).click()
    expect(counter.get_by_role("alert")).to_have_attribute("data-code", "cashier_cannot_refund")
    look(counter, "shop-payment-too-late")
    form: dict[str, str | float | bool] = {
        "amount": "10",
        "reason": "cold soup",
        "key": "0199f6a200007000800000000000aaaa",
    }
    form["csrfmiddlewaretoken"] = counter.locator("[name=csrfmiddlewaretoken]").first.input_value()
    answer = counter.request.post(
        f"/shop/payments/{paid.id}/refund/", form=form, headers={"Referer": counter.url}, max_redirects=0
    )
    assert answer.status == 403
    assert not Refund.objects.exists()


def test_a_till_cannot_undo_what_another_till_took(
    counter: Page, stage: Stage, malee: Stall, paid: Payment, say: Say
) -> None:
    second, secret = tills.add(merchant=malee.merchant, name="till 2", actor=STAGE_HAND, at=NOON)
    as_till(counter, Stall("malee", malee.merchant, second, secret))
    counter.goto(f"/shop/payments/{paid.id}/")
    expect(counter.get_by_text(say("Undo this payment"))).to_have_count(0)
    as_till(counter, stage.stall("prasert"))
    assert counter.goto(f"/shop/payments/{paid.id}/").status == 404  # type: ignore[union-attr]  # an answer came


def test_amounts_that_cannot_go_back_are_told_so(counter: Page, malee: Stall, paid: Payment, say: Say) -> None:
    as_staff(counter, malee)
    counter.goto(f"/shop/payments/{paid.id}/")
    counter.get_by_text(say("Give money back"), exact=True).click()
    for typed, code in (("100.01", "refund_over_rest"), ("0", "fields_wrong"), ("1.005", "fields_wrong")):
        counter.get_by_label(say("How much goes back, in baht")).fill(typed)
        counter.get_by_label(say("Why?")).fill("cold soup")
        counter.get_by_role("button", name=say("Give it back"), exact=True).click()
        expect(counter.get_by_role("alert").first).to_have_attribute("data-code", code)
    look(counter, "shop-payment-amount-wrong")
    assert not Refund.objects.exists()


def test_a_double_tap_gives_back_once_and_going_back_shows_the_truth(
    open_browser: Callable[..., Page], malee: Stall, paid: Payment
) -> None:
    page = open_browser(language="en")
    as_staff(page, malee)
    page.goto(f"/shop/payments/{paid.id}/")
    page.get_by_text("Give money back", exact=True).click()
    page.get_by_label(in_words("en", "How much goes back, in baht")).fill("40")
    page.get_by_label("Why?").fill("cold soup")
    assert sent_twice(page, "form[action$='/refund/']") == (302, 302)
    assert [one.amount for one in Refund.objects.all()] == [40_00]
    page.goto(f"/shop/payments/{paid.id}/refund/")
    page.wait_for_url(f"**/shop/payments/{paid.id}/")
    expect(page.locator("#refunded")).to_contain_text("40.00")
    page.go_back()
    page.go_forward()
    expect(page.locator("#refunded")).to_contain_text("40.00")
    walk(page)


def test_a_slow_second_tap_of_undo_undoes_once(open_browser: Callable[..., Page], malee: Stall, paid: Payment) -> None:
    page = open_browser()
    as_till(page, malee)
    page.goto(f"/shop/payments/{paid.id}/")
    assert sent_twice(page, "form[action$='/undo/']") == (302, 302)
    assert [one.amount for one in Refund.objects.all()] == [100_00]
