"""Lists cost as many queries with three rows as with one; and what shops and officers said is never changed."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from merchants import (
    applications,
    approvals,
    bank_accounts,
    charges,
    looks,
    notices,
    onboarding,
    particulars,
    posters,
    presented,
    proposals,
    staff,
    tills,
)
from merchants.applications import Account
from merchants.charges import Bill
from merchants.models import (
    Acceptance,
    ApplicationDecision,
    ApplicationVersion,
    Look,
    Particulars,
    Role,
)
from merchants.particulars import Described
from tests.cast import NOON, PLUS, STAGE_HAND, Citizen, Stage, Stall
from tests.settlement.office import FinanceOfficer, hire
from tests.shopkeepers import keeper
from wallet.ids import uuid7

pytestmark = pytest.mark.django_db

RICE = Described(name="ข้าวแกง", name_en="Rice", city="Bangkok", facts={"class": "food"})
ACCOUNT = Account(bank_code="KRTHTHBK", number="1234567890")


class Row:
    """One more of everything that is listed."""

    def __init__(self, stage: Stage, malee: Stall, ploy: FinanceOfficer, number: int) -> None:
        somchai = stage.citizen(f"somchai {number}")
        poster = posters.make(by=keeper(malee).member, branch_id=None, at=NOON)
        keeper(malee, Role.CASHIER, name=f"cashier {number}")
        tills.add(merchant=malee.merchant, name="till", actor=STAGE_HAND, at=NOON)
        applications.apply(citizen_id=somchai.id, described=RICE, account=ACCOUNT, at=NOON)
        looks.keep(merchant=malee.merchant, what="dossier", reason="a visit", actor=ploy.actor, at=NOON)
        notices.tell_shop(merchant_id=malee.merchant.id, code="particulars_changed", at=NOON)
        proposals.propose(citizen_id=somchai.id, payload=posters.payload(poster), amount=60_00, key="key", at=NOON)
        owner = keeper(stage.stall(f"prasert {number}"))
        bank_accounts.ask(
            staff_id=owner.member.id,
            bank_code="BKKBTHBK",
            bank_account="5556667778",
            second_factor=owner.code(),
            at=NOON,
        )


def asked(malee: Stall, somchai: Citizen, step: int) -> None:
    (*_, code) = presented.codes(device_id=somchai.device.id, ahead=step, at=NOON)
    presented.ask(till=malee.till, payload=code.payload, bill=Bill(amount=10_00), key=f"{step}", at=code.from_at)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_whatever_its_length(
    stage: Stage, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    malee, ploy = stage.stall("malee"), hire("ploy")
    somchai = stage.citizen("somchai")
    for number in range(rows):
        Row(stage, malee, ploy, number)
        asked(malee, somchai, number)
    shop = {"merchant_id": malee.merchant.id}
    lists: list[tuple[int, int, Callable[[], list[Any]]]] = [
        (1, rows + 1, partial(staff.of_shop, **shop)),
        (1, rows + 1, partial(tills.of_shop, **shop)),
        (1, rows, partial(posters.of_shop, **shop)),
        (2, rows, partial(applications.waiting, at_most=10)),
        (1, rows, partial(bank_accounts.waiting, at_most=10)),
        (1, rows, partial(looks.of_shop, **shop, at_most=10)),
        (2, rows, partial(notices.show_shop, **shop, at_most=10, at=NOON)),
        (1, rows, partial(notices.show_shop, **shop, at_most=10, at=NOON)),  # it was shown before
        (1, rows, partial(proposals.waiting, till=malee.till, at=NOON)),
        (3, rows, partial(charges.waiting_for, citizen_id=somchai.id, at=NOON)),
    ]
    for queries, length, listed in lists:
        with django_assert_num_queries(queries):
            found = listed()
        assert len(found) == length, listed


@pytest.mark.parametrize("model", [Acceptance, ApplicationDecision, ApplicationVersion, Look, Particulars])
def test_what_was_said_stays(stage: Stage, model: Any) -> None:
    malee, ploy, prasert = stage.stall("malee"), hire("ploy"), stage.citizen("prasert")
    particulars.accept_terms(merchant=malee.merchant, scheme=PLUS, version=1, actor=STAGE_HAND, at=NOON)
    looks.keep(merchant=malee.merchant, what="dossier", reason="a visit", actor=ploy.actor, at=NOON)
    standing = applications.apply(citizen_id=prasert.id, described=RICE, account=ACCOUNT, at=NOON)
    approvals.approve(
        application_id=standing.application.id,
        seen=standing.version.id,
        actor=ploy.actor,
        second_factor=ploy.code(),
        at=NOON,
    )
    at = "from_at" if model is Particulars else "at"
    assert model.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(**{at: NOON})
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_a_shop_that_nobody_knows_is_said_to_be_unknown() -> None:
    with pytest.raises(onboarding.MerchantUnknown):
        onboarding.merchant(merchant_id=uuid7())
