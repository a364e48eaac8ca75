"""What could be wrong with places: given twice, beyond the quota, to nobody, or taken back without a reason."""

from collections import defaultdict
from typing import Any, Final
from uuid import UUID

from subsidies import schemes
from subsidies.models import OPEN_TO_ALL, SchemeVersion
from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="enrolment_has_a_ticket",
        promise=5,
        says="a place was given to somebody without a ticket",
        sql="""
            SELECT place.id, place.citizen_id FROM subsidies_enrolment place
              LEFT JOIN subsidies_ticket ticket USING (citizen_id, scheme_id)
             WHERE ticket.id IS NULL AND place.place IS NOT NULL
        """,
    ),
    Check(
        name="enrolment_is_within_the_quota",
        promise=5,
        says="a place is above the quota of its pool, or was given under a version of another scheme",
        sql="""
            SELECT place.id AS enrolment, place.pool, place.place, rule.places FROM subsidies_enrolment place
              LEFT JOIN unnest(%(pool_versions)s::uuid[], %(pool_schemes)s::uuid[], %(pool_codes)s::text[],
                               %(pool_places)s::bigint[]) AS rule (version_id, scheme_id, pool, places)
                     ON rule.version_id = place.version_id AND rule.scheme_id = place.scheme_id
                    AND rule.pool = place.pool
             WHERE (%(everything)s OR place.enrolled_at >= %(since)s)
               AND (rule.version_id IS NULL OR place.place > rule.places)
        """,
    ),
    Check(
        name="enrolment_has_a_place",
        promise=5,
        says="an enrolment has no place and neither waits for its first payment nor was forfeited, or has both",
        sql="""
            SELECT held.id AS enrolment, held.place, promise.enrolment_id IS NOT NULL AS promised,
                   forfeit.place AS lost, gone.place AS gave_up
              FROM subsidies_enrolment held
              LEFT JOIN subsidies_promise promise ON promise.enrolment_id = held.id
              LEFT JOIN subsidies_forfeit forfeit ON forfeit.enrolment_id = held.id
              LEFT JOIN subsidies_comingover gone ON gone.from_enrolment_id = held.id
             WHERE CASE WHEN held.place IS NULL
                        THEN promise.enrolment_id IS NULL AND forfeit.enrolment_id IS NULL
                         AND gone.from_enrolment_id IS NULL
                        ELSE promise.enrolment_id IS NOT NULL OR forfeit.place IS NOT NULL
                          OR gone.from_enrolment_id IS NOT NULL END
        """,
    ),
    Check(
        name="free_place_is_nobodys",
        promise=5,
        says="a place that is held is to be given away",
        sql="""
            SELECT held.id AS enrolment, held.pool, held.place FROM subsidies_freeplace free
              JOIN subsidies_enrolment held USING (scheme_id, pool, place)
        """,
    ),
    Check(
        name="ticket_waits_or_was_served",
        promise=5,
        says="somebody waits for a place that they have, or is out of the queue without one and without a reason",
        sql="""
            SELECT ticket.id AS ticket, ticket.number, held.id AS enrolment FROM subsidies_ticket ticket
              LEFT JOIN subsidies_enrolment held USING (citizen_id, scheme_id)
             WHERE (%(everything)s OR ticket.waits OR ticket.drawn_at >= %(since)s)
               AND CASE WHEN ticket.waits THEN held.id IS NOT NULL
                        ELSE held.id IS NULL
                         AND NOT EXISTS (SELECT 1 FROM subsidies_passedover WHERE ticket_id = ticket.id) END
        """,
    ),
    Check(
        name="forfeit_is_its_transfer",
        promise=5,
        says="what was forfeited is not what went back to the scheme's fund",
        sql="""
            WITH recent AS (
                SELECT enrolment_id, citizen_id FROM subsidies_forfeit WHERE %(everything)s OR at >= %(since)s
                 UNION
                SELECT cause, owner_id FROM wallet_transfer WHERE kind = 'forfeit' AND business_date >= %(since)s
            )
            SELECT recent.enrolment_id AS enrolment, forfeit.amount AS forfeited, sum(moved.amount) AS moved
              FROM recent
              LEFT JOIN subsidies_forfeit forfeit
                     ON forfeit.enrolment_id = recent.enrolment_id AND forfeit.citizen_id = recent.citizen_id
              LEFT JOIN wallet_transfer moved
                     ON moved.owner_id = recent.citizen_id AND moved.cause = recent.enrolment_id
                    AND moved.kind = 'forfeit'
             GROUP BY 1, 2, forfeit.enrolment_id, forfeit.scheme_id
            HAVING forfeit.enrolment_id IS NULL OR coalesce(sum(moved.amount), 0) <> forfeit.amount
                OR bool_or(moved.from_id <> recent.enrolment_id OR moved.to_id <> forfeit.scheme_id)
        """,
    ),
    Check(
        name="forfeited_right_was_never_used",
        promise=5,
        says="a right was taken back before its deadline or although it had been used, or is nobody's",
        sql="""
            SELECT forfeit.enrolment_id AS enrolment, forfeit.deadline_at, forfeit.at, held.first_used_at
              FROM subsidies_forfeit forfeit LEFT JOIN subsidies_enrolment held ON held.id = forfeit.enrolment_id
             WHERE (%(everything)s OR forfeit.at >= %(since)s)
               AND (held.id IS NULL OR held.first_used_at IS NOT NULL OR forfeit.at < forfeit.deadline_at)
        """,
    ),
)


def pools() -> dict[str, list[Any]]:
    """Return how many places each pool of each published version has, column by column; None without a quota."""
    rows: list[tuple[UUID, UUID, str, int | None, bool]] = []
    most: dict[tuple[UUID, str], int] = defaultdict(int)
    for version_id, scheme_id in SchemeVersion.objects.values_list("id", "scheme_id").order_by("id"):
        rules = schemes.compiled(version_id)
        for pool in (OPEN_TO_ALL, *(pool.code for pool in rules.pools)):
            places = None if rules.places is None else rules.places_in(pool)
            rows.append((version_id, scheme_id, pool, places, rules.counted_at_payment))
            most[scheme_id, pool] = max(most[scheme_id, pool], places or 0)
    return {
        "pool_versions": [version_id for version_id, _, _, _, _ in rows],
        "pool_schemes": [scheme_id for _, scheme_id, _, _, _ in rows],
        "pool_codes": [pool for _, _, pool, _, _ in rows],
        # Who is counted at their first payment may pay under a later version than the one that they joined under.
        "pool_places": [most[scheme_id, pool] if later else places for _, scheme_id, pool, places, later in rows],
    }
