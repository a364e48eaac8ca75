"""Processes are killed in the middle of the market, and nobody is charged twice or told what is not so."""

import os
import signal
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest
from django.db import connection

from config.demo import day, shopping, stage
from config.demo.cast import HARD_UP, MARKET_DAY, at
from config.demo.house import House, standing
from config.demo.market import Market, stand_at
from config.demo.waiting import wait_until
from merchants.models import Payment
from settlement.models import DaySliced, Slice
from subsidies import schemes

# How long a phone goes on asking while the service comes back.
PATIENCE_SECONDS: Final = 60.0


@pytest.fixture
def house(tmp_path: Path, superuser: str, transactional_db: None) -> Generator[House]:
    """Return every part of the service, on the database of this test and the broker of this test run."""
    our = connection.settings_dict
    service = f"postgresql://{our['USER']}:{our['PASSWORD']}@/{our['NAME']}?{superuser.partition('?')[2]}"
    schemes.compiled.cache_clear()
    addresses = {"DATABASE_URL": service, "BROKER_URL": os.environ["BROKER_URL"]}
    with standing(folder=tmp_path, addresses=addresses) as house:
        yield house


@pytest.fixture
def market(house: House) -> Generator[Market]:
    """Return the market at eight: everybody has joined, enrolled and topped up, and the tills are open."""
    line = house.line(patience_seconds=PATIENCE_SECONDS)
    built = stage.build(line)
    market = Market(line, house.provider, built.tills, built.officers)
    day.register(market, print)
    day.top_up(market, house, print)
    for till in market.tills.values():
        till.sign_in()
    stand_at(at(8))
    yield market
    line.close()


@pytest.mark.django_db(transaction=True)
def test_killed_web_processes_charge_nobody_twice(house: House, market: Market) -> None:
    with ThreadPoolExecutor(1) as aside:
        shopping_goes_on = aside.submit(shopping.go, market, shopping.plan()["morning"])
        _until(market, receipts=15)
        os.kill(_youngest_child(house.web.pid), signal.SIGKILL)  # one of the processes that answer
        _until(market, receipts=40)
        house.web.kill()  # all of them
        house.web.start()
        _until(market, receipts=70)
        house.web.kill()
        house.web.start()
        shopping_goes_on.result(PATIENCE_SECONDS)

    told = {receipt["id"]: (receipt["price_satang"], receipt["own_part_satang"]) for receipt in market.receipts}
    booked = {str(payment.id): (payment.price, payment.citizen_share) for payment in Payment.objects.all()}
    assert booked == told
    for citizen in market.citizens.values():
        spent = sum(receipt["own_part_satang"] for receipt in citizen.receipts)
        topped_up = day.TOPPED_UP_BY_THE_HARD_UP if citizen.who is HARD_UP else day.TOPPED_UP
        assert citizen.me()["cash_satang"] == topped_up - spent


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_cuts_the_day_into_slices_once_all_the_same(house: House, market: Market) -> None:
    shopping.go(market, shopping.plan()["morning"])
    stand_at(at(0, 0, 5, days=1))
    for _ in range(3):
        time.sleep(0.3)  # it is at work, on this or on that
        house.worker.kill()
        house.worker.start()
    house.beat.kill()
    house.beat.start()
    wait_until(lambda: DaySliced.objects.filter(business_date=MARKET_DAY).exists(), "the day is cut into slices")
    sold = sum(receipt["price_satang"] for receipt in market.receipts)
    assert sum(Slice.objects.values_list("amount", flat=True)) == sold


def _until(market: Market, *, receipts: int) -> None:
    so_many = f"there are {receipts} receipts"
    wait_until(lambda: len(list(market.receipts)) >= receipts, so_many, seconds=PATIENCE_SECONDS)


def _youngest_child(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max(int(child) for child in children)
