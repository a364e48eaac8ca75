"""A scheme document, compiled once per published version into the rules that decide payments and grants."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from subsidies.documents.conditions import Condition
from subsidies.documents.conditions import Requirement as RequirementSection
from subsidies.documents.document import Document
from subsidies.documents.section import Words
from subsidies.documents.sections import Cap as CapSection
from subsidies.documents.sections import Grant as GrantSection
from subsidies.rules.calendar import LIFETIME, Calendar
from subsidies.rules.caps import Cap, Caps
from subsidies.rules.conditions import Check, Facts, all_of, compile_condition
from subsidies.rules.eligibility import Eligibility
from subsidies.rules.first_use import FirstUse
from subsidies.rules.funding import Bounds, Rates, Steps
from subsidies.rules.goods import Goods, GoodsByChannel
from subsidies.rules.grants import Grants, Row
from subsidies.rules.merchants import Merchants
from subsidies.rules.periods import Period
from subsidies.rules.registration import ENROL, Registration
from subsidies.rules.requirements import Requirement
from subsidies.rules.rounding import RoundingRule
from subsidies.rules.settlement import Delay, Settlement
from subsidies.rules.shortage import Shortage
from subsidies.rules.windows import Hours, Windows
from wallet.money import Satang


@dataclass(frozen=True, slots=True)
class Pool:
    """Places kept for some people."""

    code: str
    places: int
    applies: Check | None


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of one scheme, ready to decide. Keep it for as long as the version is in use: compiling is slow.

    :ivar places: how many people; None without a quota.
    :ivar largest_grant: the most that one person can be granted in all, satang; places x this is a safe budget.
    :ivar facts_when_spending: which of a person's facts a sale is judged by; an enrolment keeps these and no others.
    """

    document: Document
    code: str
    version: int
    calendar: Calendar
    registration: Registration
    eligibility: Eligibility
    grants: Grants
    first_use: FirstUse | None
    windows: Windows
    goods: GoodsByChannel
    merchants: Merchants
    bounds: Bounds
    funding: Rates | Steps
    combines: bool
    caps: Caps
    rounding: RoundingRule
    shortage: Shortage
    settlement: Settlement
    places: int | None
    pools: tuple[Pool, ...]
    largest_grant: Satang
    facts_when_spending: frozenset[str]

    @property
    def effective_at(self) -> datetime:
        """Return the instant from which payments are made under this version."""
        return self.document.scheme.effective_at

    def due_at(self, *, part: str, channel: str, business_date: date) -> datetime:
        """Return when a part (citizen, state) of a channel's sales of a business date is paid out, in UTC."""
        return self.settlement.due_at(part=part, channel=channel, business_date=business_date)

    def periods_at(self, at: datetime) -> tuple[tuple[str, datetime], ...]:
        """Return the keys of `Purse.used` that a decision at this instant reads: (cap code, end of its period)."""
        caps = (*self.caps.counted, *self.caps.state)
        return tuple((cap.code, ends_at) for cap in caps if (ends_at := cap.ends_at(at)) is not None)


def compile_scheme(document: Document) -> Scheme:
    """Return the compiled form of a validated document."""
    compiler = _Compiler(document)
    tiers = [tier.code for tier in document.tiers]
    grants = Grants(tuple(compiler.grant(row) for row in document.grants))
    quota = document.quota
    return Scheme(
        document=document,
        code=document.scheme.code,
        version=document.scheme.version,
        calendar=compiler.calendar,
        registration=compiler.registration(),
        eligibility=compiler.eligibility(),
        grants=grants,
        first_use=compiler.first_use(),
        windows=compiler.windows(),
        goods=compiler.goods(),
        merchants=compiler.merchants(),
        bounds=Bounds(document.funding.at_least_satang or 0, document.funding.at_most_satang),
        funding=compiler.funding(),
        combines=document.funding.combines,
        caps=compiler.caps(),
        rounding=RoundingRule(document.rounding.unit_satang, document.rounding.mode),
        shortage=Shortage(refuses=document.shortage.right == "refuse"),
        settlement=compiler.settlement(),
        places=None if quota is None else quota.places,
        pools=tuple(Pool(row.code, row.places, compiler.all_of(row.when)) for row in (quota.pools if quota else ())),
        largest_grant=max(grants.largest(tier) for tier in tiers),
        facts_when_spending=frozenset(compiler.facts_when_spending()),
    )


class _Compiler:
    """One section of the document at a time."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.calendar = Calendar(zone=document.scheme.zone, holidays=document.calendar.holidays)

    def check(self, condition: Condition) -> Check:
        test, value = condition.test
        return compile_condition(fact=condition.fact, test=test, value=value, calendar=self.calendar, on=condition.on)

    def all_of(self, conditions: Iterable[Condition]) -> Check | None:
        return all_of(self.check(condition) for condition in conditions)

    def facts_when_spending(self) -> Iterator[str]:
        document = self.document
        cases = [*document.merchants.kinds, *(document.funding.rates or ()), *document.caps]
        conditions = [*document.merchants.requires, *(condition for case in cases for condition in case.when)]
        for condition in conditions:
            for fact in (condition.fact, condition.same_as, condition.differs_from):
                if fact is not None and fact.startswith("person."):
                    name = fact.removeprefix("person.")
                    yield "born_on" if name in ("age", "birth_year_digit") else name

    def requirements(self, sections: Iterable[RequirementSection]) -> tuple[Requirement, ...]:
        return tuple(
            Requirement(
                section.code,
                self.check(section),
                {"rule": section.code, **_says("says", section.says), **_says("appeal", section.appeal)},
            )
            for section in sections
        )

    def registration(self) -> Registration:
        section = self.document.registration
        if section is None:
            return Registration()
        hours = Hours(section.opens or time.min, section.closes or time.min)
        return Registration(Windows(self.calendar, section.starts_at, section.ends_at, {ENROL: (hours,)}))

    def eligibility(self) -> Eligibility:
        return Eligibility(
            self.requirements(self.document.eligibility),
            tuple((tier.code, self.all_of(tier.when)) for tier in self.document.tiers),
        )

    def grant(self, section: GrantSection) -> Row:
        of_tier = [self.check(condition) for condition in section.when if condition.fact == "tier"]
        codes = [tier.code for tier in self.document.tiers]
        tiers = frozenset(code for code in codes if all(check(Facts(at=LIFETIME, tier=code)) for check in of_tier))
        return Row(
            section.code,
            section.amount_satang,
            tiers,
            self.all_of(section.when),
            section.joined_from,
            section.joined_before,
            section.pays_at,
        )

    def first_use(self) -> FirstUse | None:
        section = self.document.first_use
        if section is None:
            return None
        return FirstUse(section.by, None if section.within_days is None else timedelta(days=section.within_days))

    def windows(self) -> Windows:
        spend = self.document.spend
        channels = dict.fromkeys(channel for row in spend.hours for channel in row.channels)
        hours = {
            channel: tuple(
                Hours(
                    row.opens,
                    row.closes,
                    None if row.weekdays is None else frozenset(row.weekdays),
                    row.starts_at,
                    row.ends_at,
                )
                for row in spend.hours
                if channel in row.channels
            )
            for channel in channels
        }
        return Windows(
            self.calendar, spend.starts_at, spend.ends_at, hours, timedelta(hours=spend.activates_after_hours)
        )

    def goods(self) -> GoodsByChannel:
        rules: dict[str, Goods] = {}
        every = {channel for row in self.document.spend.hours for channel in row.channels}
        for row in self.document.goods:
            rule = Goods(
                None if row.allow is None else frozenset(row.allow), frozenset(row.deny or ()), row.rest == "refuse"
            )
            for channel in row.channels or every:
                rules.setdefault(channel, rule)
        return GoodsByChannel(rules)

    def merchants(self) -> Merchants:
        section = self.document.merchants
        return Merchants(
            self.requirements(section.requires),
            tuple(self.all_of(kind.when) for kind in section.kinds),
            _says("says", section.kinds_say),
        )

    def funding(self) -> Rates | Steps:
        section = self.document.funding
        if section.steps is not None:
            return Steps(tuple((step.at_least_satang, step.pays_satang) for step in section.steps))
        return Rates(tuple((self.all_of(rate.when), rate.rate_bp) for rate in section.rates or ()))

    def caps(self) -> Caps:
        caps = [self.cap(section) for section in self.document.caps]
        return Caps(_in(caps, "state"), _in(caps, "spend", "quantity", "payments", "fact"))

    def cap(self, section: CapSection) -> Cap:
        period = None
        if section.per != "sale":
            period = Period(
                kind=section.per,
                calendar=self.calendar,
                resets=section.resets or time.min,
                week_starts=section.week_starts,
                tranches=section.tranches or (),
            )
        limit = section.limit_satang if section.limit is None else section.limit
        return Cap(
            code=section.code,
            counts=section.counts,
            limit=limit or 0,
            per=section.per,
            period=period,
            times=section.times and section.times.removeprefix("sale."),
            fact=section.fact and section.fact.removeprefix("sale."),
            goods=None if section.goods is None else frozenset(section.goods),
            carried_since=self.document.spend.starts_at if section.unused == "carried" else None,
            applies=self.all_of(section.when),
        )

    def settlement(self) -> Settlement:
        delays: dict[tuple[str, str], Delay] = {
            (row.part, channel): Delay(row.days, row.at, row.banking_days)
            for row in self.document.settlement
            for channel in row.channels
        }
        return Settlement(self.calendar, delays)


def _says(name: str, words: Words | None) -> dict[str, str]:
    return {f"{name}_th": words.th if words else "", f"{name}_en": words.en if words else ""}


def _in(caps: Sequence[Cap], *counts: str) -> tuple[Cap, ...]:
    return tuple(cap for kind in counts for cap in caps if cap.counts == kind)
