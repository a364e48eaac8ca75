"""What the bench fills in below the application is what the application would have written."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from bench import filling, limit, mixed, postings, schemes
from bench.load import Call, paying
from bench.names import Named, id_of
from bench.nation import Nation
from merchants.models import Hold, Payment, Refund
from subsidies import dues
from subsidies.models import Filling
from wallet import proofs, tokens
from wallet.clock import now
from wallet.models import Pin

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nation(superuser: str) -> Iterator[Nation]:
    """Return a nation of 20 citizens in one scheme, 10 in ten, and 5 stalls; its books are checked by `conftest.py`."""
    with filling.superuser(superuser) as cursor:
        small = Nation(cursor, merchants=5)
        assert list(small.grow(to=20)) == [20]
        assert list(small.grow_ten(by=10)) == [30]
        limit.install(cursor)
        yield small
        cursor.execute("DROP SCHEMA bench CASCADE")


def test_a_filled_citizen_pays_like_any_other(nation: Nation) -> None:
    orders = nation.order(40)
    assert len({order.citizen for order in orders[:30]}) == 30, "everybody comes once before anybody comes again"
    postings.pay_all(orders)
    assert Payment.objects.count() == 40
    assert nation.faults() == []


def test_every_call_of_the_mixed_load_is_done(nation: Nation, client: Client) -> None:
    calls = mixed.calls(nation, 100)
    assert Counter(call.path.split("/")[-2] for call in calls if isinstance(call, Call)) == {
        "refunds": 3,
        "captures": 3,
    }
    for call in calls:
        one = call if isinstance(call, Call) else paying(call)
        access = tokens.access_for(one.caller, at=now())
        answer = client.post(
            one.path,
            data=json.dumps(one.body),
            content_type="application/json",
            headers={"authorization": f"Bearer {access}", "idempotency-key": one.key},
        )
        assert answer.status_code == 201, answer.content
    assert (Payment.objects.count(), Hold.objects.count(), Refund.objects.count()) == (91 + 3 + 3, 6, 3)
    assert nation.faults() == []


def test_ids_are_the_same_in_python_and_in_sql(nation: Nation) -> None:
    nation.cursor.execute("SELECT bench.id_of(8, 123456789)")
    assert nation.cursor.fetchone() == (id_of(Named.CHARGE, 123_456_789),)
    assert id_of(Named.CHARGE, 1).version == 7


def test_a_pin_made_by_the_database_is_the_one_that_we_judge(nation: Nation) -> None:
    pin = Pin.objects.get(citizen_id=id_of(Named.CITIZEN, 7))
    assert bytes(pin.mac) == proofs.mac_of(citizen_id=pin.citizen_id, pin=filling.PIN, key_version=pin.key_version)


def test_a_filled_day_balances_whoever_paid_how_often(nation: Nation) -> None:
    made = filling.payments(
        nation.cursor,
        first=nation.orders.reserve(70)[0],
        count=70,
        citizens=30,
        merchants=5,
        date=nation.business_date,
        at=now(),
    )
    assert list(made) == [70]
    assert nation.faults() == []
    assert Payment.objects.count() == 70


def test_purses_that_are_filled_later_are_filled_by_the_timetable(nation: Nation) -> None:
    at = now()
    version = schemes.publish(code=schemes.FILLED_LATER, text=schemes.filled_later(), at=at)
    filling.also_in(nation.cursor, version=version, first=1, last=30, at=at, due_at=schemes.FIRST_FILLING)
    assert sum(dues.do(at=at)) == 0, "those whom the bench fills in have been looked at"
    assert sum(dues.do(at=schemes.FIRST_FILLING)) == 30
    assert sum(dues.do(at=schemes.SECOND_FILLING)) == 30
    assert Filling.objects.count() == 60
    assert nation.faults() == []


# Everything that a payment changes, but for ids, instants and whose it is.
WRITTEN = """
    SELECT 'payment', price, citizen_share, state_share, channel, jsonb_array_length(shares),
           (shares->0->'uses')::text, reasons::text, length(terms_digest), business_date::text
      FROM merchants_payment WHERE owner_id = %(owner)s
    UNION ALL SELECT 'end', 0, 0, 0, 0, 0, "end", NULL, 0, NULL FROM merchants_chargeend WHERE owner_id = %(owner)s
    UNION ALL SELECT 'key', 0, 0, 0, 0, 0, NULL, NULL, length(fingerprint), NULL
      FROM wallet_requestkey WHERE caller_id = %(owner)s
    UNION ALL SELECT 'transfer', amount, from_kind, to_kind, channel, part, kind, (scheme_id IS NULL)::text, 0,
           business_date::text
      FROM wallet_transfer WHERE owner_id = %(owner)s AND kind = 'payment'
    UNION ALL SELECT 'balance', balance, kind, 0, 0, 0, NULL, NULL, 0, NULL
      FROM wallet_balance WHERE owner_id = %(owner)s
    UNION ALL SELECT 'use', used, 0, 0, 0, 0, cap, ends_at::text, 0, NULL
      FROM subsidies_capuse WHERE citizen_id = %(owner)s
    UNION ALL SELECT 'first use', 0, 0, 0, 0, 0, (first_used_at IS NULL)::text, NULL, 0, NULL
      FROM subsidies_enrolment WHERE citizen_id = %(owner)s
    ORDER BY 1, 2, 3
"""


def test_the_limit_writes_what_a_payment_writes(nation: Nation) -> None:
    def written(citizen: int) -> list[tuple[Any, ...]]:
        nation.cursor.execute(WRITTEN, {"owner": str(id_of(Named.CITIZEN, citizen))})
        return list(nation.cursor.fetchall())

    paid, limited = nation.order(2, citizens=range(1, 3))
    # The same price, so that the rows can be compared as they are.
    nation.cursor.execute("UPDATE merchants_charge SET amount = 1_50 WHERE id = %s", [str(paid.terms.charge_id)])
    postings.pay_all([replace(paid, price=1_50)])
    of_150 = nation.orders.reserve(1_000)[0] // 200 * 200 + 200 + 50
    nation.cursor.execute(
        "SELECT bench.pay(%s, %s, 1, %s, %s, %s)",
        [of_150, limited.citizen, str(nation.one.scheme_id), str(nation.one.id), nation.business_date],
    )
    nation.cursor.execute(limit.CHARGES, [str(id_of(Named.CHARGE, of_150))] * 2)
    assert written(paid.citizen) == written(limited.citizen)
    assert len(written(paid.citizen)) == 9
