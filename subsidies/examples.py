"""Ask a scheme the examples that its own document carries, and compare every answer. Pure: no database, no clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from subsidies.compiled import Scheme, compile_scheme
from subsidies.decision import Line, Purse, Sale, Share, decide
from subsidies.documents import Document
from subsidies.documents.examples import (
    DaysExample,
    DueExample,
    Example,
    ExamplePayment,
    GrantExample,
    LeftExample,
    PaymentExample,
)
from subsidies.entitlements import grant, left_today
from subsidies.rules.conditions import Facts
from wallet.money import Satang
from wallet.refusals import Refusal

NOBODY: Final = UUID(int=0)

# A question, what the example expects of the answer, and the same of what was found.
Compared: TypeAlias = tuple[str, Mapping[str, Any], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of one example: what the document expects, and what the rules answer.

    :ivar number: of the example in the document, from 0.
    """

    number: int
    example: str
    question: str
    expected: str
    found: str

    @property
    def is_right(self) -> bool:
        """Return whether the rules answer what the document expects."""
        return self.expected == self.found


def run(document: Document) -> list[Answer]:
    """Return the answers to all examples of a document, in its order."""
    scheme = compile_scheme(document)
    return [
        Answer(number, example.name, question, _told(expected), _told(found))
        for number, example in enumerate(document.examples)
        for question, expected, found in _answers(scheme, example)
    ]


def after(purse: Purse, share: Share, *, at: datetime) -> Purse:
    """Return the purse as it is after a payment at `at` in which it paid `share`."""
    used = dict(purse.used)
    for use in share.uses:
        used[use.cap, use.ends_at] = used.get((use.cap, use.ends_at), 0) + use.amount
    return replace(purse, left=purse.left - share.amount, used=used, first_used_at=purse.first_used_at or at)


def _answers(scheme: Scheme, example: Example) -> Iterator[Compared]:
    match example:
        case PaymentExample():
            return _pay(scheme, example)
        case DaysExample():
            return _pay_daily(scheme, example)
        case GrantExample():
            return _enrol(scheme, example)
        case LeftExample():
            return _look(scheme, example)
        case DueExample():
            return _settle(scheme, example)


def _pay(scheme: Scheme, example: PaymentExample) -> Iterator[Compared]:
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
        facts=payment.facts,
    )
    found: dict[str, Any]
    try:
        split = decide(purses=() if payment.own_money_only else (purse,), sale=sale, at=payment.at)
    except Refusal as refusal:
        found = {"refused": refusal.code, "opens_at": _utc(refusal.facts.get("opens_at"))}
    else:
        for share in split.shares:
            purse = after(purse, share, at=payment.at)
        found = {
            "state": split.state,
            "citizen": split.citizen,
            "reasons": [reason.code for reason in split.reasons],
        }
    found["left"] = purse.left
    expected = {
        "refused": payment.refused,
        "opens_at": payment.opens_at and _utc(payment.opens_at.isoformat()),
        "state": payment.state_satang,
        "citizen": payment.citizen_satang,
        "reasons": payment.reasons,
        "left": payment.left_satang,
    }
    question = f"{payment.at:%d %b %H:%M:%S} {payment.channel} {payment.price_satang}"
    return _compare(question, expected, found), purse


def _pay_daily(scheme: Scheme, example: DaysExample) -> Iterator[Compared]:
    day = example.starts_on
    purse = _purse(scheme, example, at=scheme.calendar.instant(day, example.at), used={}, never_used=True)
    if example.left_satang is not None:
        purse = replace(purse, left=example.left_satang)
    sale = Sale(price=example.price_satang, merchant=scheme.document.examples_assume.merchant)
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
    yield _compare(f"{example.price_satang} every day", expected, {"days": days, "then": ended})


def _enrol(scheme: Scheme, example: GrantExample) -> Iterator[Compared]:
    person = {**scheme.document.examples_assume.person, **example.person}
    found: dict[str, Any]
    try:
        granted = grant(scheme=scheme, person=person, at=example.at)
    except Refusal as refusal:
        found = {"refused": refusal.code, "rule": refusal.facts.get("rule")}
    else:
        later = {instalment.code: instalment.amount for instalment in granted.later}
        found = {"tier": granted.tier, "amount": granted.amount, "later": later}
    expected = {
        "refused": example.refused,
        "rule": example.rule,
        "tier": example.tier,
        "amount": example.amount_satang,
        "later": example.later_satang or None,
    }
    yield _compare(f"{example.at:%d %b %H:%M:%S} enrol", expected, found)


def _look(scheme: Scheme, example: LeftExample) -> Iterator[Compared]:
    purse = _purse(scheme, example, at=example.at, used=example.used, never_used=example.never_used)
    left = left_today(purse=replace(purse, left=example.left_satang), at=example.at)
    expected = {"today": example.today_satang, "in all": example.in_all_satang}
    yield _compare(f"{example.at:%d %b %H:%M:%S} look", expected, {"today": left.today, "in all": left.in_all})


def _settle(scheme: Scheme, example: DueExample) -> Iterator[Compared]:
    due_at = scheme.due_at(part=example.part, channel=example.channel, business_date=example.business_date)
    question = f"{example.business_date:%d %b} {example.part} {example.channel}"
    expected = {"due": _utc(example.due_at.isoformat())}
    yield _compare(question, expected, {"due": _utc(due_at.isoformat())})


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


def _compare(question: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Compared:
    """Return the question with only what the example says anything about."""
    asked = {key: value for key, value in expected.items() if value is not None}
    if "refused" in found:
        asked.setdefault("refused", "no")
    return question, asked, {key: found.get(key) for key in asked}


def _told(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())


def _utc(text: str | None) -> str | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC).isoformat()
