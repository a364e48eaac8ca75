"""What could be wrong on the first floor: places, budgets, purses, and the use of caps.

What documents allow is known to Python alone, so the checks are given it as columns: a row for each published version,
and a row for each of its caps.
"""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Final

from subsidies import schemes
from subsidies.compiled import Scheme
from subsidies.faults import budgets, changes, fillings, lists, officers, places
from subsidies.models import SchemeVersion
from subsidies.rules.calendar import LIFETIME
from wallet.faults import Check, Fault, run

# How long a cap's period lasts at most; a tranche and a scheme have no length.
LONGEST_DAYS: Final = {"day": 2, "week": 8, "month": 32, "quarter": 93, "year": 367}

CHECKS: Final = (
    Check(
        name="purse_has_an_enrolment",
        promise=2,
        says="a purse belongs to no enrolment of its citizen",
        sql="""
            SELECT purse.owner_id, purse.account_id FROM wallet_balance purse
             WHERE purse.kind = 2 AND NOT EXISTS (
                SELECT 1 FROM subsidies_enrolment place
                 WHERE place.id = purse.account_id AND place.citizen_id = purse.owner_id)
        """,
    ),
    Check(
        name="purse_is_filled_by_its_grant",
        promise=5,
        says="a place lacks its first grant or has two, or the State paid it what nothing names, or too much",
        sql="""
            WITH recent AS (
                SELECT id, citizen_id FROM subsidies_enrolment WHERE %(everything)s OR enrolled_at >= %(since)s
                 UNION
                SELECT to_id, owner_id FROM wallet_transfer
                 WHERE from_kind = 5 AND to_kind = 2 AND business_date >= %(since)s
            )
            SELECT recent.id AS enrolment, count(*) FILTER (WHERE moved.cause = recent.id) AS first_grants,
                   sum(moved.amount) AS amount, rule.largest_grant
              FROM recent
              LEFT JOIN wallet_transfer moved ON moved.owner_id = recent.citizen_id
                    AND moved.from_kind = 5 AND moved.to_kind = 2 AND moved.to_id = recent.id
              LEFT JOIN subsidies_filling filling
                     ON filling.citizen_id = moved.owner_id AND filling.enrolment_id = recent.id
                    AND filling.id = moved.cause AND filling.kind = moved.kind AND filling.amount = moved.amount
              LEFT JOIN subsidies_buyin bought
                     ON bought.citizen_id = moved.owner_id AND bought.enrolment_id = recent.id
                    AND bought.id = moved.cause AND moved.kind = 'buy_in' AND bought.state = moved.amount
              LEFT JOIN subsidies_enrolment place ON place.id = recent.id AND place.citizen_id = recent.citizen_id
              LEFT JOIN unnest(%(versions)s::uuid[], %(largest_grants)s::bigint[], %(begin_empty)s::boolean[])
                        AS rule (version_id, largest_grant, begins_empty) ON rule.version_id = place.version_id
             GROUP BY recent.id, place.id, place.scheme_id, rule.largest_grant, rule.begins_empty
            HAVING place.id IS NULL OR count(*) FILTER (WHERE moved.cause = recent.id) > 1
                OR (count(*) FILTER (WHERE moved.cause = recent.id) = 0
                    AND NOT rule.begins_empty AND place.place IS NOT NULL)
                OR sum(moved.amount) > rule.largest_grant OR bool_or(moved.from_id <> place.scheme_id)
                OR bool_or(moved.cause <> recent.id AND filling.id IS NULL AND bought.id IS NULL)
        """,
    ),
    Check(
        name="places_are_funded",
        promise=5,
        says="a scheme has promised places without money for all of them",
        sql="""
            SELECT rule.scheme_id AS scheme, max(rule.places * rule.largest_grant) AS needed, funded.amount AS funded
              FROM unnest(%(versions)s::uuid[], %(schemes)s::uuid[], %(places)s::bigint[], %(largest_grants)s::bigint[])
                   AS rule (version_id, scheme_id, places, largest_grant)
              LEFT JOIN (
                SELECT CASE WHEN to_kind = 5 THEN to_id ELSE from_id END AS scheme_id,
                       sum(CASE WHEN to_kind = 5 THEN amount ELSE -amount END) AS amount
                  FROM wallet_transfer WHERE owner_id = ANY(%(schemes)s::uuid[]) AND (to_kind = 5 OR from_kind = 5)
                 GROUP BY 1
              ) funded ON funded.scheme_id = rule.scheme_id
             -- Once all of its rights have ended, its money is the Treasury's again.
             WHERE EXISTS (SELECT 1 FROM subsidies_enrolment
                            WHERE version_id = rule.version_id AND next_due_at IS DISTINCT FROM %(never)s)
             GROUP BY 1, 3
            HAVING coalesce(funded.amount, 0) < max(rule.places * rule.largest_grant)
        """,
    ),
    Check(
        name="cap_use_is_within_its_limit",
        promise=4,
        says="somebody has passed a cap",
        # The largest limit of the versions that were in force within the period: under a lower one, which came in the
        # middle of it, nothing more was paid. An empty limit is one that depends on the sale or on the day.
        sql="""
            SELECT used.citizen_id, used.enrolment_id, used.cap, used.ends_at, used.used, max(rule.most) AS most
              FROM subsidies_capuse used
              JOIN subsidies_enrolment place ON place.id = used.enrolment_id
              JOIN unnest(%(cap_schemes)s::uuid[], %(cap_codes)s::text[], %(cap_limits)s::bigint[],
                          %(cap_days)s::int[], %(cap_from)s::timestamptz[], %(cap_until)s::timestamptz[])
                   AS rule (scheme_id, cap, most, days, holds_from, holds_until)
                ON rule.scheme_id = place.scheme_id AND rule.cap = used.cap AND rule.holds_from < used.ends_at
               AND coalesce(rule.holds_until, 'infinity')
                   > coalesce(used.ends_at - rule.days * interval '1 day', '-infinity')
             WHERE %(everything)s OR used.ends_at >= %(since)s
             GROUP BY used.citizen_id, used.enrolment_id, used.cap, used.ends_at, used.used
            HAVING used.used > max(rule.most) AND bool_and(rule.most IS NOT NULL)
        """,
    ),
    Check(
        name="fund_never_below_zero",
        promise=5,
        says="more was granted from a scheme than it was funded with, or set aside than the Treasury sent",
        sql="""
            SELECT kind, id, sum(amount) AS balance FROM (
                SELECT to_kind AS kind, to_id AS id, amount FROM wallet_transfer WHERE to_kind IN (5, 11)
                UNION ALL SELECT from_kind, from_id, -amount FROM wallet_transfer WHERE from_kind IN (5, 11)
            ) leg GROUP BY 1, 2 HAVING sum(amount) < 0
        """,
    ),
    Check(
        name="fund_has_a_scheme",
        promise=5,
        says="money lies in a fund or is granted for a scheme that does not exist",
        sql="""
            SELECT DISTINCT scheme_id FROM wallet_transfer moved
             WHERE business_date >= %(since)s AND scheme_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM subsidies_scheme WHERE id = moved.scheme_id)
        """,
    ),
    *lists.CHECKS,
    *changes.CHECKS,
    *fillings.CHECKS,
    *budgets.CHECKS,
    *places.CHECKS,
    *officers.CHECKS,
)


def faults(*, everything: bool = False) -> Iterator[Fault]:
    """Yield the faults of the first floor."""
    yield from run(CHECKS, everything=everything, never=LIFETIME, **_rules(), **places.pools())


def _rules() -> dict[str, list[Any]]:
    """Return what every published version allows, column by column."""
    versions = list(SchemeVersion.objects.order_by("scheme_id", "effective_at").defer("document"))
    rules = [(version.id, version.scheme_id, schemes.compiled(version.id)) for version in versions]
    until = [
        after.effective_at if after is not None and after.scheme_id == version.scheme_id else None
        for version, after in zip_longest(versions, versions[1:])
    ]
    caps = [
        (version.scheme_id, code, most, days, version.effective_at, holds_until)
        for version, holds_until in zip(versions, until, strict=True)
        for code, most, days in _caps(schemes.compiled(version.id))
    ]
    return {
        "versions": [version_id for version_id, _, _ in rules],
        "schemes": [scheme_id for _, scheme_id, _ in rules],
        "places": [rule.places for _, _, rule in rules],
        "largest_grants": [rule.largest_grant for _, _, rule in rules],
        "begin_empty": [rule.grants.may_begin_empty for _, _, rule in rules],
        "cap_schemes": [cap[0] for cap in caps],
        "cap_codes": [cap[1] for cap in caps],
        "cap_limits": [cap[2] for cap in caps],
        "cap_days": [cap[3] for cap in caps],
        "cap_from": [cap[4] for cap in caps],
        "cap_until": [cap[5] for cap in caps],
    }


def _caps(rule: Scheme) -> Iterator[tuple[str, int | None, int | None]]:
    """Yield (code, limit, days in its period at most) of each cap; a limit is None where it is no single number."""
    for cap in (*rule.caps.counted, *rule.caps.state):
        is_one_number = cap.times is None and cap.carried_since is None
        yield cap.code, cap.limit if is_one_number else None, LONGEST_DAYS.get(cap.per)
