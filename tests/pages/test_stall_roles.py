"""Every page of a shop, and who may see it: a stranger is asked to sign in, and who is somebody else is told so."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from config import visits
from merchants.models import Role
from merchants.staff import role_of
from tests.cast import NOON, PLUS, Stage, buy
from tests.counter import hold
from tests.shopkeepers import keeper
from wallet import clock, tokens
from wallet.tokens import Caller

pytestmark = pytest.mark.django_db

WHO = ("stranger", "citizen", "till", "cashier", "manager", "owner", "other owner")
PAGES = """
    shop/keypad/              302 403 200 403 403 403 403
    shop/customer/            302 403 200 403 403 403 403
    shop/waiting/             302 403 200 403 403 403 403
    shop/holds/new/           302 403 200 403 403 403 403
    shop/holds/               302 403 200 200 200 200 200
    shop/holds/{hold}/        302 403 200 200 200 200 404
    shop/payments/{payment}/  302 403 200 200 200 200 404
    shop/today/               302 403 200 200 200 200 200
    shop/money/               302 403 403 200 200 200 200
    shop/statement/           302 403 403 200 200 200 200
    shop/statement.csv        302 403 403 200 200 200 200
    shop/staff/               302 403 403 200 200 200 200
    shop/branches/            302 403 403 200 200 200 200
    shop/posters/             302 403 403 403 200 200 200
    shop/told/                302 403 403 403 200 200 200
    shop/terms/               302 403 403 200 200 200 200
    shop/bank-account/        302 403 403 403 403 200 200
    shop/particulars/         302 403 403 403 403 200 200
    shop/settings/            302 403 200 200 200 200 200
    shop/apply/               302 200 403 403 403 403 403
    shop/apply/new/           302 200 403 403 403 403 403
    holds/{hold}/             302 200 403 403 403 403 403
"""


def test_a_page_of_a_shop_is_for_whom_it_names(stage: Stage, settings: Settings) -> None:
    settings.DEMO_CLOCK = True
    clock.stand_at(NOON)
    malee, prasert = stage.stall("malee"), stage.stall("prasert")
    somchai = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    ids = {"hold": hold(somchai, malee, 10_00).id, "payment": buy(somchai, malee, 10_00).id}
    callers = {
        "citizen": Caller("citizen", somchai.id, device_id=somchai.device.id),
        "till": Caller("till", malee.till.id, merchant_id=malee.merchant.id),
    }
    for who, stall, role in (
        ("cashier", malee, Role.CASHIER),
        ("manager", malee, Role.MANAGER),
        ("owner", malee, Role.OWNER),
        ("other owner", prasert, Role.OWNER),
    ):
        member = keeper(stall, role).member
        callers[who] = Caller("staff", member.id, merchant_id=stall.merchant.id, staff_role=role_of(member))
    browsers = [Client() for _ in WHO]
    for who, browser in zip(WHO, browsers, strict=True):
        if who in callers:
            browser.cookies[visits.COOKIE] = tokens.issue(caller=callers[who], at=timezone.now()).refresh
    expected = {page: statuses for page, *statuses in map(str.split, PAGES.strip().splitlines())}
    found = {
        page: [str(browser.get(f"/{page.format(**ids)}").status_code) for browser in browsers] for page in expected
    }
    assert found == expected
