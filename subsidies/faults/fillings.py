"""What could be wrong with what falls due: fillings, buy-ins, and money that was set aside."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="filling_is_its_transfer",
        promise=5,
        says="what fell due, or was bought, is not what its transfers moved, or was moved twice",
        sql="""
            SELECT coalesce(filling.id, moved.cause) AS filling, filling.amount, moved.amount AS moved, moved.times
              FROM (
                SELECT id, citizen_id, kind, amount FROM subsidies_filling WHERE business_date >= %(since)s
                 UNION ALL
                SELECT id, citizen_id, 'buy_in', own + state FROM subsidies_buyin WHERE business_date >= %(since)s
              ) filling
              FULL JOIN (
                SELECT cause, owner_id, kind, sum(amount) AS amount, count(*) AS times FROM wallet_transfer
                 WHERE kind IN ('grant', 'earned', 'buy_in') AND business_date >= %(since)s
                   AND NOT EXISTS (SELECT 1 FROM subsidies_enrolment WHERE id = cause)
                 GROUP BY 1, 2, 3
              ) moved ON moved.cause = filling.id AND moved.owner_id = filling.citizen_id AND moved.kind = filling.kind
             WHERE filling.amount IS DISTINCT FROM moved.amount
                OR moved.times > CASE moved.kind WHEN 'buy_in' THEN 2 ELSE 1 END
        """,
    ),
    Check(
        name="what_is_set_aside_is_paid_once",
        promise=5,
        says="money that was set aside is not in its hold, was paid too early, or more than once",
        sql="""
            SELECT waits.id AS hold, waits.citizen_id, waits.set_aside, waits.pays_at, moved.came, moved.paid,
                   moved.times
              FROM subsidies_pending waits
              LEFT JOIN (
                SELECT owner_id, CASE to_kind WHEN 3 THEN to_id ELSE from_id END AS hold_id,
                       sum(amount) FILTER (WHERE kind = 'set_aside') AS came,
                       sum(amount) FILTER (WHERE kind = 'paid_back') AS paid,
                       count(*) FILTER (WHERE kind = 'paid_back') AS times,
                       min(occurred_at) FILTER (WHERE kind = 'paid_back') AS paid_at
                  FROM wallet_transfer WHERE kind IN ('set_aside', 'paid_back') GROUP BY 1, 2
              ) moved ON moved.owner_id = waits.citizen_id AND moved.hold_id = waits.id
             WHERE waits.set_aside > 0
               AND (moved.came IS DISTINCT FROM waits.set_aside OR moved.paid > waits.set_aside OR moved.times > 1
                    OR moved.paid_at < waits.pays_at)
        """,
    ),
)
