"""What could be wrong with what officers are told of a scheme's money: the sums of closed days."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="scheme_day_is_its_transfers",
        promise=5,
        says="what was summed of a scheme's money on a closed day is not what its transfers moved",
        sql="""
            WITH told AS (
                SELECT business_date, scheme_id, from_kind, to_kind, amount FROM subsidies_schemeday
                 WHERE business_date >= %(since)s
            ), moved AS (
                SELECT business_date, scheme_id, from_kind, to_kind, sum(amount) AS amount FROM wallet_transfer
                 WHERE business_date = ANY(ARRAY(SELECT business_date FROM subsidies_summedday
                                                  WHERE business_date >= %(since)s))
                   AND scheme_id IS NOT NULL
                 GROUP BY 1, 2, 3, 4
            )
            SELECT business_date, scheme_id, from_kind, to_kind, told.amount AS told, moved.amount AS moved
              FROM told FULL JOIN moved USING (business_date, scheme_id, from_kind, to_kind)
             WHERE told.amount IS DISTINCT FROM moved.amount
        """,
    ),
)
