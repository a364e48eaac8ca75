"""A closed day is sealed: sums start from its totals, and whoever changes it later is found out."""

import hashlib
import struct

import pytest

from settlement import days, seals, slices
from settlement.certificate import balances, carried_forward_total
from settlement.seals import NothingToSeal
from tests.cast import Citizen, Stage, Stall, buy
from tests.races.at_once import at_once
from tests.settlement.market import FRIDAY, MIDNIGHT, TWO, end_of_day, sell
from tests.settlement.office import Office
from wallet import ledger
from wallet.accounts import AccountKind, payable
from wallet.models import DaySeal, DayTotal, Transfer

pytestmark = pytest.mark.django_db


def hash_of(transfer: Transfer) -> bytes:
    """Return what a transfer adds to its day's hash, as an auditor would compute it."""
    days_from_2000 = (transfer.business_date - FRIDAY.replace(2000, 1, 1)).days
    microseconds = int(transfer.occurred_at.timestamp() * 1_000_000) - 946_684_800_000_000
    nil = bytes(16)
    return b"".join(
        (
            transfer.id.bytes,
            transfer.owner_id.bytes,
            struct.pack(">h", transfer.from_kind),
            transfer.from_id.bytes,
            struct.pack(">h", transfer.to_kind),
            transfer.to_id.bytes,
            struct.pack(">q", transfer.amount),
            transfer.cause.bytes,
            transfer.scheme_id.bytes if transfer.scheme_id else nil,
            struct.pack(">hh", transfer.part or 0, transfer.channel or 0),
            struct.pack(">iq", days_from_2000, microseconds),
            transfer.kind.encode() + b"\0",
        )
    )


def test_an_auditor_can_compute_the_seal_from_the_transfers(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 99_01)
    end_of_day()
    assert seals.seal_next(at=TWO) == FRIDAY
    minutes: dict[bytes, bytes] = {}
    transfers = sorted(Transfer.objects.filter(business_date=FRIDAY), key=lambda row: row.id.bytes)
    for transfer in transfers:
        minute = transfer.id.bytes[:4]
        minutes[minute] = minutes.get(minute, b"") + hash_of(transfer)
    body = b"".join(hashlib.sha256(rows).digest() for _, rows in sorted(minutes.items()))
    date = struct.pack(">i", (FRIDAY - FRIDAY.replace(2000, 1, 1)).days)
    seal = DaySeal.objects.get()
    assert bytes(seal.hash) == hashlib.sha256(bytes(32) + date + body).digest()
    assert seal.transfers == len(transfers)


def test_each_seal_stands_on_the_one_before(stage: Stage, nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 10_00)
    end_of_day()
    seals.seal_next(at=TWO)
    sunday = MIDNIGHT.replace(day=2)
    end_of_day(business_date=MIDNIGHT.date(), at=sunday)
    assert seals.seal_next(at=sunday) == MIDNIGHT.date()
    first, second = DaySeal.objects.order_by("business_date")
    empty_day = struct.pack(">i", (second.business_date - FRIDAY.replace(2000, 1, 1)).days)
    assert (second.transfers, bytes(second.hash)) == (0, hashlib.sha256(bytes(first.hash) + empty_day).digest())


def test_days_are_sealed_in_order_and_only_once_their_slices_are_written(stage: Stage) -> None:
    with pytest.raises(NothingToSeal):
        seals.seal_next(at=TWO)
    days.close(at=MIDNIGHT)
    with pytest.raises(NothingToSeal):
        seals.seal_next(at=TWO)
    slices.write(business_date=FRIDAY, at=MIDNIGHT)
    seals.seal_next(at=TWO)
    with pytest.raises(NothingToSeal):
        seals.seal_next(at=TWO)


def test_a_balance_is_the_same_before_and_after_the_seal(
    stage: Stage, office: Office, somchai: Citizen, malee: Stall, prasert: Stall
) -> None:
    buy(somchai, malee, 100_00)
    buy(somchai, prasert, 30_00)
    end_of_day()
    before = balances(), ledger.balance(payable(malee.merchant.id)), carried_forward_total()
    seals.seal_next(at=TWO)
    assert (balances(), ledger.balance(payable(malee.merchant.id)), carried_forward_total()) == before
    assert before[1:] == (100_00, 130_00)
    assert sum(before[0].values()) == 0
    office.pay(at=TWO)
    assert carried_forward_total() == 130_00
    assert balances()[AccountKind.IN_TRANSIT] == 65_00


def test_citizens_accounts_are_totalled_by_kind_and_shared_ones_one_by_one(
    stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 100_00)
    end_of_day()
    seals.seal_next(at=TWO)
    totals = {
        (row.kind, stage.names.get(row.account_id, "")): (row.money_in, row.money_out)
        for row in DayTotal.objects.filter(kind__in=[AccountKind.CASH, AccountKind.PAYABLE])
    }
    assert totals == {(AccountKind.CASH, ""): (1_000_00, 50_00), (AccountKind.PAYABLE, "malee"): (100_00, 0)}


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_seal_a_day_once(stage: Stage) -> None:
    end_of_day()
    answers = at_once([lambda: seals.seal_next(at=TWO)] * 3)
    assert sorted(map(repr, answers)) == [repr(NothingToSeal())] * 2 + [repr(FRIDAY)]
