"""What happened: a table for people, and one line of JSON for machines. Every figure is the service's own word.

What citizens hold in their hands (receipts, refusals) is only compared with it: two ways to count, and one answer.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from config.demo.cast import MARKET_DAY, PLOY, SHOPS
from config.demo.house import House
from config.demo.market import Market
from config.demo.parts import memory_by_process
from config.demo.scenes import expect
from merchants import faults as merchant_faults
from settlement import faults as settlement_faults
from subsidies import faults as scheme_faults
from wallet import faults as wallet_faults
from wallet import ledger
from wallet.accounts import payable
from wallet.faults import Fault
from wallet.models import RefusalRecord
from wallet.money import Satang, baht

MOST_MEMORY: Final = 800  # megabytes, all processes together


@dataclass(frozen=True)
class Takings:
    """One shop's day, in satang."""

    name: str
    payments: int
    citizen: Satang
    state: Satang
    paid_out: Satang
    carried: Satang


def close(market: Market, house: House, bank_files: list[Path], *, began: float) -> None:
    """Prove the books, print the table, and the totals as the last line.

    :raises Surprise: two ways to count give two answers, or there is a fault.
    """
    summary = market.officers[PLOY.username].get("summary/").must(200)
    takings = list(_takings(market))
    found = list(_faults())
    _compare(market, summary, takings)
    totals = {
        **{name: summary[name] for name in ("payments", "price_satang", "state_satang", "citizen_satang")},
        "refused": summary["refusals"],
        **{name: summary[name] for name in ("refunded_satang", "payouts", "paid_out_satang", "carried_forward_satang")},
        "bank_file": str(bank_files[-1]),
        "bank_files": [str(file) for file in bank_files],
        "discrepancies": summary["discrepancies"],
        "faults": len(found),
    }
    memory = memory_by_process()
    totals["memory_mb"] = sum(memory.values())
    _print(market, house, takings, memory, found)
    totals["seconds"] = round(time.monotonic() - began, 1)
    print(f"\nThe whole day took {totals['seconds']} s.\n")
    print(json.dumps(totals), flush=True)
    expect(len(found), 0, "faults in the books")


def _takings(market: Market) -> Iterator[Takings]:
    paid: Counter[str] = Counter()
    ploy = market.officers[PLOY.username]
    for batch in ploy.get("batches/").must(200)["results"]:
        for payout in ploy.get(f"batches/{batch['id']}/payouts/?limit=100").must(200)["results"]:
            if payout["state"] == "confirmed":
                paid[payout["merchant_id"]] += payout["amount_satang"]
    for shop in SHOPS:
        till = market.till(shop)
        tally = till.tally(MARKET_DAY)
        yield Takings(
            name=shop.name,
            payments=tally["payments"],
            citizen=tally["citizen_satang"],
            state=tally["state_satang"],
            paid_out=paid[till.merchant_id],
            carried=ledger.balance(payable(UUID(till.merchant_id))),
        )


def _compare(market: Market, summary: dict[str, Any], takings: list[Takings]) -> None:
    """Hold the summary against what citizens were told, against the tills, and against itself."""
    receipts = list(market.receipts)
    told = {
        "payments": len(receipts),
        "price_satang": sum(receipt["price_satang"] for receipt in receipts),
        "citizen_satang": sum(receipt["own_part_satang"] for receipt in receipts),
        "state_satang": sum(receipt["state_satang"] for receipt in receipts),
    }
    expect({name: summary[name] for name in told}, told, "the sum of all receipts")
    at_the_tills = {
        "payments": sum(each.payments for each in takings),
        "price_satang": sum(each.citizen + each.state for each in takings),
        "citizen_satang": sum(each.citizen for each in takings),
        "state_satang": sum(each.state for each in takings),
    }
    expect(at_the_tills, told, "the sum of all tills")
    expect(summary["state_satang"] + summary["citizen_satang"], summary["price_satang"], "both shares together")
    where_it_is = summary["paid_out_satang"] + summary["carried_forward_satang"] + summary["refunded_satang"]
    expect(where_it_is, summary["price_satang"], "paid out, carried forward and refunded together")
    for each in takings:
        expect(each.paid_out + each.carried, each.citizen + each.state, f"what {each.name} was paid and is still owed")
    expect(summary["refusals"], len(list(market.refusals)), "the number of refusals")
    kept = Counter(RefusalRecord.objects.values_list("code", flat=True))
    expect(kept, Counter(market.refusals), "the refusals that the service kept")


def _faults() -> Iterator[Fault]:
    for floor in (wallet_faults, scheme_faults, merchant_faults, settlement_faults):
        yield from floor.faults(everything=True)


def _print(market: Market, house: House, takings: list[Takings], memory: dict[str, int], found: list[Fault]) -> None:
    print(f"\n{'':20}{'payments':>10}{'citizens':>13}{'State':>13}{'paid out':>13}{'carried fwd':>13}   (baht)")
    for each in takings:
        print(f"{each.name:20}{each.payments:>10}{_columns(each.citizen, each.state, each.paid_out, each.carried)}")
    whole = [
        sum(column) for column in zip(*((t.citizen, t.state, t.paid_out, t.carried) for t in takings), strict=True)
    ]
    print(f"{'together':20}{sum(each.payments for each in takings):>10}{_columns(*whole)}")

    print("\nRefused, moving nothing:")
    for code, times in sorted(Counter(market.refusals).items()):
        print(f"  {times:>4}  {code}")

    print("\nMemory (PSS, MB): " + ", ".join(f"{name} {megabytes}" for name, megabytes in memory.items()))
    print(f"  {sum(memory.values())} together, of at most {MOST_MEMORY}")

    print("\ncheck_books: " + ("no faults" if not found else "\n".join(map(str, found))))
    print(f"Logs and bank files: {house.folder}")


def _columns(*amounts: Satang) -> str:
    return "".join(f"{baht(amount):>13}" for amount in amounts)
