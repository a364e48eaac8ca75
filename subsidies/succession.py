"""What a new version must keep of the one before it, so that nobody who holds a place is left behind.

A place was taken under an earlier version: its tier, the facts that it keeps on its person, and what it has used of
every cap go on under the new one. Whatever else a version says may change: rates, limits, hours, goods, shops, dates.
Pure, like the rules.
"""

from typing import Any

from subsidies.compiled import Scheme
from subsidies.documents.sharing import Cap, EarningCap

# The counter under which a payment keeps what it earns.
EARNED = "earned"


def left_behind(*, before: Scheme, now: Scheme) -> dict[str, list[str]]:
    """Return what `now` no longer has a rule for, by kind; nothing when places can go on as they are.

    `tiers` and `pools` are gone though people hold places in them. The `quota` counts people at another moment, or not
    at all any more. `facts` on a person decide sales now, and the places that are
    held do not keep them. `caps` keep their code and count something else, or over other periods: what was used of
    them would be lost, and the limit passed. A cap that means something else takes another code, and counts anew.
    """
    pools, quota = {pool.code for pool in now.pools}, (before.counted_at_payment, before.places is None)
    found = {
        "tiers": [row.code for row in before.document.tiers if row.code not in _tiers(now)],
        "pools": [pool.code for pool in before.pools if pool.code not in pools],
        "quota": ["quota"] if quota != (now.counted_at_payment, now.places is None) else [],
        "facts": sorted(f"person.{name}" for name in now.facts_when_spending - before.facts_when_spending),
        "caps": [code for code, counts in _counters(before).items() if _counters(now).get(code, counts) != counts],
    }
    return {kind: names for kind, names in found.items() if names}


def _tiers(scheme: Scheme) -> set[str]:
    return {row.code for row in scheme.document.tiers}


def _counters(scheme: Scheme) -> dict[str, tuple[Any, ...]]:
    """Return what each counter of a scheme counts, and over which periods, by its code."""
    document, zone = scheme.document, scheme.document.scheme.zone
    earning = document.earning
    caps: list[Cap | EarningCap] = [*document.caps, *(earning.caps if earning else ())]
    found = {cap.code: (zone, *_counted(cap)) for cap in caps if cap.per != "sale"}
    if earning is not None:
        found[EARNED] = (zone, earning.per)
    return found


def _counted(cap: Cap | EarningCap) -> tuple[Any, ...]:
    clock = (cap.per, cap.resets, cap.week_starts)
    if isinstance(cap, EarningCap):
        return ("earning", *clock)
    return (cap.counts, cap.fact, *clock, tuple(cap.tranches or ()), cap.unused == "carried")
