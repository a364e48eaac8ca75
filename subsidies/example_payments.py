"""Examples that pay, or look at what could be paid: one citizen, one purse."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from subsidies.compiled import Scheme
from subsidies.decision import decide
from subsidies.documents.examples import DaysExample, ExamplePayment, LeftExample, PaymentExample
from subsidies.entitlements import left_today
from subsidies.example_answers import Compared, compare, utc
from subsidies.rules.conditions import Facts
from subsidies.splits import Line, Purse, Sale, Share
from wallet.money import Satang
from wallet.refusals import Refusal

NOBODY: Final = UUID(int=0)


def after(purse: Purse, share: Share, *, at: datetime) -> Purse:
    """Return the purse as it is after a payment at `at` in which it paid `share`."""
    used = dict(purse.used)
    for use in share.uses:
        used[use.cap, use.ends_at] = used.get((use.cap, use.ends_at), 0) + use.amount
    return replace(purse, left=purse.left - share.taken, used=used, first_used_at=purse.first_used_at or at)


def pay(scheme: Scheme, example: PaymentExample) -> Iterator[Compared]:
    """Yield what comes of each payment, one after another."""
    purse = _purse(scheme, example, at=example.payments[0].at, used=example.used, never_used=example.never_used)
    purse = replace(
        purse,
        person={**purse.person, **example.person},
        enrolled_at=example.enrolled_at or purse.enrolled_at,
        left=purse.left if example.left_satang is None else example.left_satang,
    )
    for payment in example.payments:
        compared, purse = _try(scheme, purse, payment)
        yield compared


def _try(scheme: Scheme, purse: Purse, payment: ExamplePayment) -> tuple[Compared, Purse]:
    sale = Sale(
        price=payment.price_satang,
        channel=payment.channel,
        lines=tuple(Line(line.category, line.amount_satang, line.quantity, line.sku) for line in payment.lines),
        merchant={**scheme.document.examples_assume.merchant, **payment.merchant},
        facts={**scheme.document.examples_assume.sale, **payment.facts},
    )
    asked = replace(purse, notes=payment.notes)
    found: dict[str, Any]
    try:
        split = decide(purses=() if payment.own_money_only else (asked,), sale=sale, at=payment.at)
    except Refusal as refusal:
        found = {
            "refused": refusal.code,
            "rule": refusal.facts.get("rule") or refusal.facts.get("cap"),
            "opens_at": utc(refusal.facts.get("opens_at")),
        }
    else:
        found = {
            "state": split.state,
            "citizen": split.citizen,
            "reasons": [reason.code for reason in split.reasons],
            "lost": 0,
            "counted": 0,
            "later": 0,
        }
        for share in split.shares:
            purse = after(purse, share, at=payment.at)
            found |= {"lost": share.lost, "counted": share.counted, "later": share.later}
            found["later at"] = utc(share.later_at)
    found["left"] = purse.left
    expected = {
        "refused": payment.refused,
        "rule": payment.rule,
        "opens_at": utc(payment.opens_at),
        "state": payment.state_satang,
        "citizen": payment.citizen_satang,
        "reasons": payment.reasons,
        "lost": payment.lost_satang,
        "counted": payment.counted_satang,
        "later": payment.later_satang,
        "later at": utc(payment.later_at),
        "left": payment.left_satang,
    }
    question = f"{payment.at:%d %b %H:%M:%S} {payment.channel} {payment.price_satang}"
    return compare(question, expected, found), purse


def pay_daily(scheme: Scheme, example: DaysExample) -> Iterator[Compared]:
    """Yield what the State pays on each day until it pays no more."""
    day = example.starts_on
    purse = _purse(scheme, example, at=scheme.calendar.instant(day, example.at), used={}, never_used=True)
    if example.left_satang is not None:
        purse = replace(purse, left=example.left_satang)
    assumed = scheme.document.examples_assume
    sale = Sale(price=example.price_satang, merchant=assumed.merchant, facts=assumed.sale)
    days: list[Satang] = []
    ended = ""
    # One day more than expected: the refusal that must follow.
    while not ended and len(days) <= len(example.state_each_day_satang):
        at = scheme.calendar.instant(day, example.at)
        try:
            split = decide(purses=(purse,), sale=sale, at=at)
        except Refusal as refusal:
            ended = refusal.code
        else:
            days.append(split.state)
            purse = after(purse, split.shares[0], at=at)
            day += timedelta(days=1)
    expected = {"days": example.state_each_day_satang, "then": example.then_refused}
    yield compare(f"{example.price_satang} every day", expected, {"days": days, "then": ended})


def look(scheme: Scheme, example: LeftExample) -> Iterator[Compared]:
    """Yield what the home screen shows."""
    purse = _purse(scheme, example, at=example.at, used=example.used, never_used=example.never_used)
    left = left_today(purse=replace(purse, left=example.left_satang), at=example.at)
    expected = {"today": example.today_satang, "in all": example.in_all_satang}
    yield compare(f"{example.at:%d %b %H:%M:%S} look", expected, {"today": left.today, "in all": left.in_all})


def _purse(
    scheme: Scheme,
    example: PaymentExample | DaysExample | LeftExample,
    *,
    at: datetime,
    used: Mapping[str, int],
    never_used: bool,
) -> Purse:
    document = scheme.document
    assumed = document.examples_assume
    opened = document.registration or document.spend
    enrolled_at = assumed.enrolled_at or opened.starts_at
    tier = example.tier or document.tiers[-1].code
    left = example.left_satang
    if left is None:
        left, _ = scheme.grants.of(Facts(at=enrolled_at, person=assumed.person, tier=tier))
    ends = dict(scheme.periods_at(at))
    return Purse(
        enrolment_id=NOBODY,
        scheme_id=NOBODY,
        version_id=NOBODY,
        scheme=scheme,
        left=left,
        tier=tier,
        person=assumed.person,
        enrolled_at=enrolled_at,
        first_used_at=None if never_used else assumed.first_used_at,
        used={(cap, ends[cap]): amount for cap, amount in used.items()},
    )
