"""Examples of what happens apart from sales: enrolling, filling and emptying, earning, changing, paying shops."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from subsidies import earning, entitlements
from subsidies.compiled import Scheme
from subsidies.documents.examples import (
    BuyInExample,
    CalendarExample,
    ChangeExample,
    DueExample,
    EarnedExample,
    GrantExample,
)
from subsidies.example_answers import Compared, compare, utc
from wallet.money import Satang
from wallet.refusals import Refusal

# Who looks at an instant sees what was filled at that instant.
A_MOMENT: Final = timedelta(microseconds=1)


def enrol(scheme: Scheme, example: GrantExample) -> Iterator[Compared]:
    """Yield what somebody who asks to enrol, or whom a list enrols, is granted."""
    person = {**scheme.document.examples_assume.person, **example.person}
    ask = entitlements.grant_by_list if example.by_list else entitlements.grant

    def found() -> Mapping[str, Any]:
        granted = ask(scheme=scheme, person=person, at=example.at)
        later = {instalment.code: instalment.amount for instalment in granted.later}
        return {"tier": granted.tier, "amount": granted.amount, "later": later, "pool": granted.pool}

    expected = {
        "refused": example.refused,
        "rule": example.rule,
        "opens_at": utc(example.opens_at),
        "tier": example.tier,
        "amount": example.amount_satang,
        "later": example.later_satang or None,
        "pool": example.pool,
    }
    yield compare(f"{example.at:%d %b %H:%M:%S} enrol", expected, _or_refusal(found))


def fill_and_empty(scheme: Scheme, example: CalendarExample) -> Iterator[Compared]:
    """Yield what is in the purse at each moment, as the timetable fills and empties it."""
    person = {**scheme.document.examples_assume.person, **example.person}
    tier = example.tier or scheme.document.tiers[-1].code
    now, spent = example.enrolled_at, 0
    paid: set[str] = set()
    left = entitlements.grant_by_list(scheme=scheme, person=person, at=now).amount
    for moment in example.moments:
        filled = entitlements.instalments(
            scheme=scheme,
            tier=tier,
            person=person,
            enrolled_at=example.enrolled_at,
            since=now,
            until=moment.at + A_MOMENT,
        )
        for instalment in filled:
            left = 0 if _is_emptied(scheme, now, instalment.pays_at) else left
            now = instalment.pays_at
            if spent >= instalment.if_spent and instalment.code not in paid:
                paid.add(instalment.code)
                left += instalment.amount
        left = 0 if _is_emptied(scheme, now, moment.at) else left
        now = moment.at + A_MOMENT
        yield compare(f"{moment.at:%d %b %Y %H:%M} look", {"left": moment.left_satang}, {"left": left})
        left -= moment.spends_satang
        spent += moment.spends_satang


def _is_emptied(scheme: Scheme, since: datetime, at: datetime) -> bool:
    emptied_at = entitlements.emptied_at(scheme=scheme, at=since)
    return emptied_at is not None and emptied_at <= at


def earn(scheme: Scheme, example: EarnedExample) -> Iterator[Compared]:
    """Yield what so much counted spend has earned, and when it is paid."""
    person = {**scheme.document.examples_assume.person, **example.person}
    found: Satang = earning.earned(scheme=scheme, counted=example.counted_satang, person=person)
    section = scheme.document.earning
    counted_at = example.counted_at or (section.starts_at if section else scheme.windows.starts_at)
    paid_at = earning.paid_at(scheme=scheme, counted_at=counted_at)
    expected = {"earned": example.earned_satang, "paid at": utc(example.paid_at)}
    yield compare(f"counted {example.counted_satang}", expected, {"earned": found, "paid at": utc(paid_at)})


def change(scheme: Scheme, example: ChangeExample) -> Iterator[Compared]:
    """Yield whether somebody may change something after enrolling."""

    def found() -> Mapping[str, Any]:
        entitlements.change(
            scheme=scheme,
            code=example.change,
            times_before=example.times_before,
            was_used=example.was_used,
            at=example.at,
        )
        return {"refused": "no"}

    expected = {"refused": example.refused or "no"}
    yield compare(f"{example.at:%d %b %H:%M:%S} change {example.change}", expected, _or_refusal(found))


def buy_in(scheme: Scheme, example: BuyInExample) -> Iterator[Compared]:
    """Yield what goes into the purse when somebody buys in."""

    def found() -> Mapping[str, Any]:
        own, state = entitlements.buy_in(scheme=scheme, times_before=example.times_before, at=example.at)
        return {"own": own, "state": state}

    expected = {"refused": example.refused, "own": example.own_satang, "state": example.state_satang}
    yield compare(f"{example.at:%d %b %H:%M:%S} buy in", expected, _or_refusal(found))


def settle(scheme: Scheme, example: DueExample) -> Iterator[Compared]:
    """Yield when a shop gets its money."""
    due_at = scheme.due_at(part=example.part, channel=example.channel, business_date=example.business_date)
    question = f"{example.business_date:%d %b} {example.part} {example.channel}"
    yield compare(question, {"due": utc(example.due_at)}, {"due": utc(due_at)})


def _or_refusal(ask: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    try:
        return ask()
    except Refusal as refusal:
        return {
            "refused": refusal.code,
            "rule": refusal.facts.get("rule"),
            "opens_at": utc(refusal.facts.get("opens_at")),
        }
