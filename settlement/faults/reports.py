"""What was counted for the reports, against the transfers of its days."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="report_cells_are_the_transfers",
        promise=7,
        says="what a scheme is reported to have done on a day is not what its transfers moved",
        sql="""
            WITH day AS (
                SELECT business_date FROM settlement_reportday WHERE business_date >= %(since)s
            ), moved AS (
                SELECT business_date, scheme_id,
                       coalesce(sum(amount) FILTER (WHERE to_kind = 4), 0) AS state,
                       coalesce(sum(amount) FILTER (WHERE from_kind = 4), 0) AS refunded,
                       coalesce(sum(amount) FILTER (WHERE from_kind = 5), 0) AS granted,
                       coalesce(sum(amount) FILTER (WHERE to_kind = 5), 0) AS lapsed
                  FROM wallet_transfer
                 WHERE business_date = ANY(ARRAY(SELECT business_date FROM day)) AND scheme_id IS NOT NULL
                   AND 11 NOT IN (from_kind, to_kind)
                 GROUP BY 1, 2
            ), told AS (
                SELECT business_date, scheme_id, sum(state) AS state, sum(state_refunded) AS refunded,
                       sum(granted) AS granted, sum(lapsed) AS lapsed
                  FROM settlement_reportcell WHERE business_date IN (SELECT business_date FROM day) GROUP BY 1, 2
            )
            SELECT business_date, scheme_id, told.state AS told_state, moved.state AS moved_state,
                   told.granted AS told_granted, moved.granted AS moved_granted
              FROM told FULL JOIN moved USING (business_date, scheme_id)
             WHERE (coalesce(told.state, 0), coalesce(told.refunded, 0), coalesce(told.granted, 0),
                    coalesce(told.lapsed, 0))
                   <> (coalesce(moved.state, 0), coalesce(moved.refunded, 0), coalesce(moved.granted, 0),
                       coalesce(moved.lapsed, 0))
        """,
    ),
    Check(
        name="report_day_has_its_cells",
        promise=7,
        says="a day's cells are not those that were counted",
        sql="""
            SELECT business_date, day.cells, count(cell.business_date) AS found
              FROM settlement_reportday day FULL JOIN settlement_reportcell cell USING (business_date)
             WHERE business_date >= %(since)s
             GROUP BY 1, 2 HAVING day.cells IS DISTINCT FROM count(cell.business_date)
        """,
    ),
)
