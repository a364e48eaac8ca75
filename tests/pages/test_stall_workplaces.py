"""Malee opens a branch, gives her nephew another role, and a phone becomes a till by its camera."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from merchants import branches, invitations
from merchants.models import Branch, Role, Staff, Till
from tests.cast import NOON, STAGE_HAND, Stage, Stall
from tests.pages.conftest import EACH_ONCE
from tests.pages.eyes import look
from tests.pages.market import film
from tests.pages.stall import as_staff
from tests.shopkeepers import keeper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

Say = Callable[..., str]


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@EACH_ONCE
def test_a_branch_is_opened_gets_a_till_and_is_closed(page: Page, malee: Stall, say: Say) -> None:
    owner = as_staff(page, malee)
    page.goto("/shop/staff/")
    page.get_by_role("link", name=say("Branches")).click()
    look(page, "shop-branches-none")
    page.get_by_label(say("What it is called")).fill("the market")
    page.get_by_label(say("Province")).select_option("เชียงใหม่")
    page.get_by_label(say("District")).fill("เมืองเชียงใหม่")
    page.get_by_role("button", name=say("Open this branch")).click()
    branch = Branch.objects.get()
    assert (branch.merchant_id, branch.facts["province"]) == (owner.merchant_id, "เชียงใหม่")
    page.goto("/shop/staff/")
    page.get_by_text(say("Invite a till")).click()
    page.get_by_label(say("What the till is called")).fill("till 2")
    page.get_by_label(say("Where it stands")).select_option("the market")
    page.get_by_role("button", name=say("Show the till's code")).click()
    till, _ = invitations.enrol_till(payload=page.locator("#invitation").inner_text(), at=NOON)
    assert till.branch_id == branch.id
    page.goto("/shop/branches/")
    page.get_by_text(say("Close %(name)s", name="the market")).click()
    look(page, "shop-branches")
    page.get_by_role("button", name=say("Close it for good")).click()
    expect(page.get_by_text("the market")).to_have_count(0)
    assert Till.objects.get(id=till.id).revoked_at == NOON


def test_an_owner_makes_a_cashier_a_manager_and_back(
    open_browser: Callable[..., Page], malee: Stall, language: str, say: Say
) -> None:
    nephew = keeper(malee, Role.CASHIER, name="nephew").member
    page = open_browser(language=language)
    as_staff(page, malee)
    page.goto("/shop/staff/")
    page.get_by_text(say("Another role for %(name)s", name="malee nephew")).click()
    look(page, "shop-staff-role")
    page.get_by_role("button", name=say("Make them a manager")).click()
    page.wait_for_url("**/shop/staff/")
    assert Staff.objects.get(id=nephew.id).role == Role.MANAGER
    page.get_by_text(say("Another role for %(name)s", name="malee nephew")).click()
    page.get_by_role("button", name=say("Make them a cashier")).click()
    page.wait_for_url("**/shop/staff/")
    assert Staff.objects.get(id=nephew.id).role == Role.CASHIER


def test_nobody_but_an_owner_opens_closes_or_promotes(open_browser: Callable[..., Page], malee: Stall) -> None:
    branches.add(merchant=malee.merchant, name="the market", facts={}, actor=STAGE_HAND, at=NOON)
    page = open_browser(language="en")
    nephew = as_staff(page, malee, Role.MANAGER)
    page.goto("/shop/branches/")
    expect(page.get_by_role("button", name="Open this branch")).to_have_count(0)
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    acts: dict[str, dict[str, str | float | bool]] = {
        "/shop/branches/open/": {"name": "x", "province": "เชียงใหม่", "district": "x"},
        "/shop/branches/close/": {"branch_id": str(Branch.objects.get().id)},
        "/shop/staff/role/": {"staff_id": str(nephew.id), "role": "manager"},
    }
    for address, form in acts.items():
        answer = page.request.post(
            address, form=form | {"csrfmiddlewaretoken": token}, headers={"Referer": page.url}, max_redirects=0
        )
        assert answer.status == 403, address
    assert Branch.objects.get().closed_at is None


@pytest.fixture
def camera(start_browser: Callable[..., Browser], malee: Stall, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera looks at an invitation on Malee's screen."""
    invited = invitations.invite_till(by=keeper(malee).member, name="her old phone", branch_id=None, at=NOON)
    filmed = tmp_path / "invitation.y4m"
    filmed.write_bytes(film(invited.payload))
    seen = f"--use-file-for-fake-video-capture={filmed}"
    chromium = start_browser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", seen)
    yield chromium
    chromium.close()


def test_a_phone_becomes_a_till_by_its_camera(camera: Browser, open_browser: Callable[..., Page]) -> None:
    page = open_browser(within=camera, permissions=["camera"])
    visited: list[str] = []
    page.on("request", lambda asked: visited.append(asked.url))
    page.goto("/shop/till/")
    page.wait_for_url("**/shop/keypad/", timeout=30_000)
    assert sorted(Till.objects.values_list("name", flat=True)) == ["her old phone", "till 1"]
    assert not [url for url in visited if "GWALLET" in url], "the secret stands in no address"
