"""What everybody was told, held against what the books say."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import F

import merchants.faults
import settlement.faults
import subsidies.faults
import wallet.faults
from merchants.models import Hold, HoldSoFar, Payment, Refund
from settlement.models import Decision, Verdict
from wallet.models import Balance, TopUp, Transfer

# What stalls write down, of what they did once somebody had confirmed.
AT_THE_COUNTER: Final = {"ended", "refunded", "not_refunded", "not_captured", "unheard"}

FLOORS: Final = (wallet.faults, subsidies.faults, merchants.faults, settlement.faults)
CASH: Final = 1


@dataclass
class Told:
    """What people were told, from all their notebooks."""

    paid: dict[str, tuple[str, str, int, int]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    refused_only: set[tuple[str, str]] = field(default_factory=set)
    silence: set[tuple[str, str]] = field(default_factory=set)
    top_ups: dict[str, str] = field(default_factory=dict)
    held: dict[str, tuple[str, str, int, int]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    refunded: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    unheard: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    our_faults: list[str] = field(default_factory=list)


def read(notebooks: Iterable[dict[str, Any]]) -> Told:
    """Return what the notebooks say, payments once however often they were told of."""
    told = Told()
    for line in notebooks:
        if line["what"] == "top_up":
            told.top_ups[line["id"]] = line["citizen"]
            continue
        if line["what"] == "our_fault":
            told.our_faults.append(line["request"])
            continue
        if line["what"] in AT_THE_COUNTER:
            _read_counter(told, line)
            continue
        who = (line["citizen"], line["charge"])
        if line["what"] in {"paid", "captured", "held"}:
            receipt = (*who, line["price"], line["own_part"])
            kept = told.held if line["what"] == "held" else told.paid
            if kept.setdefault(line["id"], receipt) != receipt:
                told.contradictions.append(f"payment {line['id']} was told in two ways")
        elif line["what"] == "silence":
            told.silence.add(who)
        else:
            told.refused[line["code"]] += 1
            told.refused_only.add(who)
    for receipts in (told.paid, told.held):
        told.refused_only -= {(citizen, charge) for citizen, charge, _, _ in receipts.values()}
    return told


def _read_counter(told: Told, line: dict[str, Any]) -> None:
    if line["what"] == "ended":
        told.ended.add(line["hold"])
    elif line["what"] == "refunded":
        told.refunded[line["refund"]] = (line["payment"], line["price"], line["own_part"])
    elif line["what"] == "unheard":
        told.unheard.append(line["act"])
    else:
        told.refused[line["code"]] += 1


def lost(told: Told, *, topped_up: set[str], approved: Iterable[str]) -> Iterator[str]:
    """Yield whatever somebody was told, or paid for elsewhere, that the books do not have; and who was told nothing."""
    booked = _payments()
    for payment, receipt in told.paid.items():
        if booked.get(payment) != receipt:
            yield f"payment {payment} was told as {receipt} and is {booked.get(payment)}"
    yield from _lost_at_the_counter(told)
    for citizen, charge in told.silence:
        yield f"citizen {citizen} never heard what became of charge {charge}"
    arrived = {str(one) for one in TopUp.objects.filter(confirmed_at__isnull=False).values_list("id", flat=True)}
    for top_up in topped_up - arrived:
        yield f"top-up {top_up} was paid at Stripe and is not booked"
    decided = Decision.objects.filter(verdict=Verdict.APPROVED).values_list("batch_id", flat=True)
    for batch in set(approved) - {str(one) for one in decided}:
        yield f"batch {batch} was told to be approved and is not"


def _lost_at_the_counter(told: Told) -> Iterator[str]:
    holds, refunds = _holds(), _refunds()
    for hold, receipt in told.held.items():
        if holds.get(hold) != receipt:
            yield f"hold {hold} was told as {receipt} and is {holds.get(hold)}"
    for refund, given in told.refunded.items():
        if refunds.get(refund) != given:
            yield f"refund {refund} was told as {given} and is {refunds.get(refund)}"
    still_open = HoldSoFar.objects.filter(price__gt=F("captured") + F("released")).values_list("hold_id", flat=True)
    for hold in told.ended & {str(one) for one in still_open}:
        yield f"hold {hold} was told to have ended and still holds money"
    for act in told.unheard:
        yield f"a stall never heard what became of the {act}"


def doubled(told: Told) -> Iterator[str]:
    """Yield whatever the books have more often than somebody was told, or although they were told no."""
    yield from told.contradictions
    booked = _payments()
    for payment in booked.keys() - told.paid.keys():
        citizen, charge, _, _ = booked[payment]
        if (citizen, charge) not in told.silence:
            yield f"payment {payment} of charge {charge} is booked and citizen {citizen} was not told so"
    yield from _doubled_at_the_counter(told)
    for charge, times in Counter(
        str(charge) for charge in Payment.objects.filter(hold_id=None).values_list("charge_id", flat=True)
    ).items():
        if times > 1:
            yield f"charge {charge} was paid {times} times"
    for citizen, charge in told.refused_only & {(citizen, charge) for citizen, charge, _, _ in booked.values()}:
        yield f"citizen {citizen} was refused charge {charge} and has paid it"
    moved = Counter(str(cause) for cause in Transfer.objects.filter(kind="top_up").values_list("cause", flat=True))
    for top_up, times in moved.items():
        if times > 1:
            yield f"top-up {top_up} was booked {times} times"


def _doubled_at_the_counter(told: Told) -> Iterator[str]:
    for hold, (citizen, charge, _, _) in _holds().items():
        if hold not in told.held and (citizen, charge) not in told.silence:
            yield f"hold {hold} of charge {charge} is booked and citizen {citizen} was not told so"
    for refund in _refunds().keys() - told.refunded.keys():
        if f"refund {refund}" not in told.unheard:
            yield f"refund {refund} is booked and no stall was told so"


def cash_is_otherwise(told: Told, *, pocket: int, topped_up: set[str], top_up: int) -> Iterator[tuple[int, str]]:
    """Yield by how much a citizen's money is not what they began with, topped up and spent, by what they were told.

    More than that is a payment lost, less is one doubled; the sentence says whose.
    """
    expected: defaultdict[str, int] = defaultdict(lambda: pocket)
    for citizen, _, _, own_part in told.paid.values():
        expected[citizen] -= own_part
    for payment, _, own_part in told.refunded.values():
        expected[told.paid[payment][0]] += own_part
    for id_, citizen in told.top_ups.items():
        expected[citizen] += top_up if id_ in topped_up else 0
    for owner, balance in Balance.objects.filter(kind=CASH).values_list("owner_id", "balance"):
        if balance != expected[str(owner)]:
            more = balance - expected[str(owner)]
            yield more, f"citizen {owner} has {balance} satang and by what they were told {expected[str(owner)]}"


def faults() -> list[str]:
    """Return every fault of the books, all days in full."""
    return [str(fault) for floor in FLOORS for fault in floor.faults(everything=True)]


def _payments() -> dict[str, tuple[str, str, int, int]]:
    return {
        str(one.id): (str(one.owner_id), str(one.charge_id), one.price, one.citizen_share)
        for one in Payment.objects.only("id", "owner_id", "charge_id", "price", "citizen_share")
    }


def _holds() -> dict[str, tuple[str, str, int, int]]:
    return {
        str(one.id): (str(one.owner_id), str(one.charge_id), one.price, one.citizen_share)
        for one in Hold.objects.only("id", "owner_id", "charge_id", "price", "citizen_share")
    }


def _refunds() -> dict[str, tuple[str, int, int]]:
    return {
        str(one.refund_id): (str(one.payment_id), one.amount, one.citizen_share)
        for one in Refund.objects.only("id", "refund_id", "payment_id", "amount", "citizen_share")
    }
