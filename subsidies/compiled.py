"""A scheme document, compiled once per published version into the rules that decide payments and grants."""

from dataclasses import dataclass
from datetime import date, datetime

from subsidies.compiling import joining, settling, sharing, spending
from subsidies.compiling.conditions import Conditions, facts_when_spending
from subsidies.documents.document import Document
from subsidies.rules.bands import Bands
from subsidies.rules.buy_in import BuyIn
from subsidies.rules.calendar import LIFETIME, Calendar
from subsidies.rules.caps import Caps
from subsidies.rules.changes import Change
from subsidies.rules.circumstances import Circumstances
from subsidies.rules.conditions import Check
from subsidies.rules.earning import EARNED, Earning
from subsidies.rules.eligibility import Eligibility
from subsidies.rules.first_use import FirstUse
from subsidies.rules.funding import Bounds, Rates, Steps
from subsidies.rules.goods import GoodsByChannel
from subsidies.rules.grants import Grants
from subsidies.rules.merchants import Merchants
from subsidies.rules.notes import Notes
from subsidies.rules.pays_back import PaysBack
from subsidies.rules.periods import Period
from subsidies.rules.refunds import Refunds
from subsidies.rules.registration import Registration
from subsidies.rules.rounding import RoundingRule
from subsidies.rules.settlement import Settlement
from subsidies.rules.shortage import Shortage
from subsidies.rules.stays import OwnTime
from subsidies.rules.windows import Windows
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

    :ivar own_at_least: what of the covered price the citizen always pays, satang.
    :ivar emptied: the period at whose end what is left in a purse goes back to the scheme; None is never.
    :ivar places: how many people; None without a quota.
    :ivar counted_at_payment: whether a person takes a place with their first payment, instead of at enrolment.
    :ivar largest_grant: the most that one person can be granted, buy into and earn in all, satang; places x this is a
        safe budget.
    :ivar facts_when_spending: which of a person's facts sales and later grants are judged by; an enrolment keeps
        these and no others.
    """

    document: Document
    code: str
    version: int
    calendar: Calendar
    registration: Registration
    eligibility: Eligibility
    grants: Grants
    buy_in: BuyIn | None
    changes: dict[str, Change]
    first_use: FirstUse | None
    emptied: Period | None
    windows: Windows
    own_time: OwnTime | None
    circumstances: Circumstances | None
    goods: GoodsByChannel
    merchants: Merchants
    bounds: Bounds
    funding: Rates | Bands | Steps | None
    own_at_least: Satang
    notes: Notes | None
    pays_back: PaysBack | None
    combines: bool
    order: int
    caps: Caps
    earning: Earning | None
    rounding: RoundingRule
    shortage: Shortage
    refunds: Refunds | None
    settlement: Settlement
    places: int | None
    pools: tuple[Pool, ...]
    counted_at_payment: bool
    largest_grant: Satang
    facts_when_spending: frozenset[str]

    @property
    def effective_at(self) -> datetime:
        """Return the instant from which payments are made under this version."""
        return self.document.scheme.effective_at

    @property
    def called_from(self) -> str | None:
        """Return the code of the list from which people are enrolled, the first that the document requires.

        None where people ask to enrol, and where no requirement names a list.
        """
        if self.document.registration is not None:
            return None
        lists = (one.has for one in self.document.eligibility if one.fact == "person.lists")
        return next((code for code in lists if code is not None), None)

    def places_in(self, pool: str) -> int:
        """Return how many places a pool has, by its code; the empty code asks for those that no pool keeps for some.

        There are none in a pool that this version does not have, and without a quota.
        """
        kept = {one.code: one.places for one in self.pools}
        return kept.get(pool, 0) if pool else (self.places or 0) - sum(kept.values())

    def due_at(self, *, part: str, channel: str, business_date: date) -> datetime:
        """Return when a part (citizen, state) of a channel's sales of a business date is paid out, in UTC."""
        return self.settlement.due_at(part=part, channel=channel, business_date=business_date)

    def periods_at(self, at: datetime) -> tuple[tuple[str, datetime], ...]:
        """Return the keys of `Purse.used` that a decision at this instant reads: (code, end of its period)."""
        caps = (*self.caps.counted, *self.caps.state, *(self.earning.caps if self.earning else ()))
        keys = [(cap.code, ends_at) for cap in caps if (ends_at := cap.ends_at(at)) is not None]
        keys += [(note.code, LIFETIME) for note in (self.notes.notes if self.notes else ())]
        if self.earning is not None:
            keys.append((EARNED, self.earning.key(at)))
        return tuple(keys)


def compile_scheme(document: Document) -> Scheme:
    """Return the compiled form of a validated document."""
    calendar = Calendar(zone=document.scheme.zone, holidays=document.calendar.holidays)
    conditions = Conditions(document, calendar)
    grants = joining.grants(document, conditions, calendar)
    buy_in = joining.buy_in(document)
    quota, earning = document.quota, sharing.earning(document, conditions, calendar)
    return Scheme(
        document=document,
        code=document.scheme.code,
        version=document.scheme.version,
        calendar=calendar,
        registration=joining.registration(document, conditions, calendar),
        eligibility=joining.eligibility(document, conditions),
        grants=grants,
        buy_in=buy_in,
        changes=joining.changes(document),
        first_use=joining.first_use(document, conditions),
        emptied=joining.emptied(document, calendar),
        windows=spending.windows(document, calendar),
        own_time=spending.own_time(document, calendar),
        circumstances=spending.circumstances(document, conditions),
        goods=spending.goods(document),
        merchants=spending.merchants(document, conditions),
        bounds=sharing.bounds(document),
        funding=sharing.funding(document, conditions),
        own_at_least=document.funding.own_at_least_satang,
        notes=sharing.notes(document),
        pays_back=sharing.pays_back(document, calendar),
        combines=document.funding.combines,
        order=document.funding.order,
        caps=sharing.caps(document, conditions, calendar),
        earning=earning,
        rounding=RoundingRule(document.rounding.unit_satang, document.rounding.mode),
        shortage=Shortage(refuses=document.shortage.right == "refuse"),
        refunds=settling.refunds(document),
        settlement=settling.settlement(document, calendar),
        places=None if quota is None else quota.places,
        pools=tuple(Pool(row.code, row.places, conditions.all_of(row.when)) for row in (quota.pools if quota else ())),
        counted_at_payment=quota is not None and quota.counted == "at_payment",
        largest_grant=max(grants.largest(tier.code) for tier in document.tiers)
        + (0 if buy_in is None else (buy_in.gets - buy_in.pays) * buy_in.times)
        + (0 if earning is None else earning.largest),
        facts_when_spending=frozenset(facts_when_spending(document)),
    )
