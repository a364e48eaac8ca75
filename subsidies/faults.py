"""What could be wrong on the first floor: places, purses, and the use of caps."""

from collections.abc import Iterator
from typing import Final

from wallet.faults import Check, Fault, run

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
        name="enrolment_has_a_ticket",
        promise=5,
        says="an enrolment has no ticket",
        sql="""
            SELECT place.id, place.citizen_id FROM subsidies_enrolment place
              LEFT JOIN subsidies_ticket ticket USING (citizen_id, scheme_id) WHERE ticket.id IS NULL
        """,
    ),
    Check(
        name="fund_never_below_zero",
        promise=5,
        says="more was granted from a scheme than it was funded with",
        sql="""
            SELECT fund, sum(amount) AS balance FROM (
                SELECT to_id AS fund, amount FROM wallet_transfer WHERE to_kind = 5
                UNION ALL SELECT from_id, -amount FROM wallet_transfer WHERE from_kind = 5
            ) leg GROUP BY fund HAVING sum(amount) < 0
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
)


def faults(*, everything: bool = False) -> Iterator[Fault]:
    """Yield the faults of the first floor."""
    yield from run(CHECKS, everything=everything)
