"""Holds against their transfers, their charges, and what was captured and released of them."""

from typing import Final

from wallet.faults import Check

# The holds that something happened to lately: held, captured or released.
RECENT: Final = """
    SELECT owner_id, id FROM merchants_hold WHERE business_date >= %(since)s
     UNION SELECT owner_id, hold_id FROM merchants_payment WHERE hold_id IS NOT NULL AND business_date >= %(since)s
     UNION SELECT owner_id, hold_id FROM merchants_release WHERE business_date >= %(since)s
"""

CHECKS: Final = (
    Check(
        name="hold_ends_its_charge",
        promise=6,
        says="a hold and the end of its charge do not name each other, or it is not what the charge asked for",
        sql="""
            SELECT coalesce(held.id, ended.payment_id) AS hold, coalesce(held.charge_id, ended.charge_id) AS charge
              FROM (SELECT * FROM merchants_hold WHERE business_date >= %(since)s) held
              FULL JOIN (SELECT * FROM merchants_chargeend WHERE "end" = 'held' AND at >= %(since)s::date - 1) ended
                ON ended.payment_id = held.id AND ended.owner_id = held.owner_id AND ended.charge_id = held.charge_id
              LEFT JOIN merchants_charge charge ON charge.id = held.charge_id
             WHERE (held.id IS NULL AND NOT EXISTS (
                        SELECT 1 FROM merchants_hold known
                         WHERE known.owner_id = ended.owner_id AND known.id = ended.payment_id
                           AND known.charge_id = ended.charge_id))
                OR (held.id IS NOT NULL AND (
                        ended.charge_id IS NULL OR charge.amount IS DISTINCT FROM held.price
                        OR charge.merchant_id IS DISTINCT FROM held.merchant_id
                        OR charge.hold_seconds IS NULL))
        """,
    ),
    Check(
        name="key_has_its_hold",
        promise=6,
        says="a hold was recorded without the key that made it",
        sql="""
            SELECT held.id AS hold FROM merchants_hold held
             WHERE held.business_date >= %(since)s AND NOT EXISTS (
                SELECT 1 FROM wallet_requestkey key
                 WHERE key.caller_id = held.owner_id AND key.outcome_id = held.id
                   AND key.fingerprint = held.terms_digest)
        """,
    ),
    Check(
        name="hold_is_its_transfers",
        promise=1,
        says="a hold's shares are not what was set aside for it",
        sql="""
            SELECT coalesce(held.id, moved.cause) AS hold, held.citizen_share, held.state_share, moved.own, moved.state
              FROM (SELECT * FROM merchants_hold WHERE business_date >= %(since)s) held
              FULL JOIN (
                SELECT owner_id, cause, business_date, to_id,
                       sum(amount) FILTER (WHERE part = 1) AS own, sum(amount) FILTER (WHERE part = 2) AS state
                  FROM wallet_transfer WHERE kind = 'hold' AND business_date >= %(since)s GROUP BY 1, 2, 3, 4
              ) moved ON moved.cause = held.id AND moved.owner_id = held.owner_id
             WHERE held.id IS NULL OR moved.cause IS NULL
                OR held.citizen_share <> coalesce(moved.own, 0) OR held.state_share <> coalesce(moved.state, 0)
                OR held.id <> moved.to_id OR held.business_date <> moved.business_date
        """,
    ),
    Check(
        name="hold_holds_what_is_left",
        promise=2,
        says="what a hold still holds is not its shares less what was captured and released of each",
        sql=f"""
            WITH recent AS ({RECENT}), told AS (
                SELECT recent.owner_id, recent.id AS hold, held.price, held.expires_at,
                       (SELECT coalesce(sum(price), 0) FROM merchants_payment paid
                         WHERE paid.owner_id = recent.owner_id AND paid.hold_id = recent.id) AS captured,
                       (SELECT coalesce(sum(amount), 0) FROM merchants_release back
                         WHERE back.owner_id = recent.owner_id AND back.hold_id = recent.id) AS released,
                       (SELECT coalesce(sum(balance), 0) FROM wallet_balance
                         WHERE owner_id = recent.owner_id AND kind = 3 AND account_id = recent.id) AS balance
                  FROM recent LEFT JOIN merchants_hold held ON held.owner_id = recent.owner_id AND held.id = recent.id
            ), moved AS (
                SELECT recent.owner_id, recent.id AS hold, moved.part, moved.scheme_id,
                       sum(CASE WHEN to_kind = 3 THEN amount ELSE -amount END) AS balance
                  FROM recent JOIN wallet_transfer moved ON moved.owner_id = recent.owner_id
                   AND ((moved.to_kind = 3 AND moved.to_id = recent.id)
                        OR (moved.from_kind = 3 AND moved.from_id = recent.id))
                 GROUP BY 1, 2, 3, 4
            )
            SELECT told.hold, told.price, told.captured, told.released, told.balance,
                   so_far.captured AS captured_so_far, so_far.released AS released_so_far
              FROM told LEFT JOIN merchants_holdsofar so_far
                ON so_far.owner_id = told.owner_id AND so_far.hold_id = told.hold
             WHERE told.price IS DISTINCT FROM so_far.price OR told.expires_at IS DISTINCT FROM so_far.expires_at
                OR told.captured IS DISTINCT FROM so_far.captured OR told.released IS DISTINCT FROM so_far.released
                OR told.balance IS DISTINCT FROM told.price - told.captured - told.released
                OR EXISTS (SELECT 1 FROM moved WHERE moved.owner_id = told.owner_id AND moved.hold = told.hold
                              AND (moved.balance < 0 OR (told.balance = 0 AND moved.balance <> 0)))
        """,  # noqa: S608  a constant of ours
    ),
    Check(
        name="captures_are_in_proportion",
        promise=5,
        says="what was captured of a hold is not its shares in proportion",
        sql=f"""
            WITH recent AS ({RECENT}), captured AS (
                SELECT paid.owner_id, paid.hold_id, (share->>'enrolment')::uuid AS enrolment_id,
                       sum((share->>'amount')::bigint) AS amount
                  FROM merchants_payment paid
                  JOIN recent ON recent.owner_id = paid.owner_id AND recent.id = paid.hold_id,
                       jsonb_array_elements(paid.shares) share
                 GROUP BY 1, 2, 3
            )
            SELECT held.id AS hold, share->>'enrolment' AS enrolment, (share->>'amount')::bigint AS share, held.price,
                   so_far.captured AS of_price, coalesce(captured.amount, 0) AS captured
              FROM recent
              JOIN merchants_hold held ON held.owner_id = recent.owner_id AND held.id = recent.id
              JOIN merchants_holdsofar so_far ON so_far.owner_id = held.owner_id AND so_far.hold_id = held.id
             CROSS JOIN jsonb_array_elements(held.shares) share
              LEFT JOIN captured ON captured.owner_id = held.owner_id AND captured.hold_id = held.id
                                AND captured.enrolment_id = (share->>'enrolment')::uuid
             -- Where several purses pay, a satang of one may wait for the next part, or go ahead.
             WHERE abs(coalesce(captured.amount, 0) - floor((share->>'amount')::numeric * so_far.captured / held.price))
                   > jsonb_array_length(held.shares) - 1
        """,  # noqa: S608  a constant of ours
    ),
    Check(
        name="release_is_its_transfers",
        promise=5,
        says="what went back of a hold is not what its release says, or went elsewhere",
        sql="""
            WITH told AS (
                SELECT id, owner_id, hold_id, business_date, 1 AS to_kind, owner_id AS to_id, citizen_share AS amount
                  FROM merchants_release WHERE business_date >= %(since)s AND citizen_share > 0
                 UNION ALL
                SELECT id, owner_id, hold_id, business_date, CASE share->>'to' WHEN 'purse' THEN 2 ELSE 5 END,
                       (CASE share->>'to' WHEN 'purse' THEN share->>'enrolment' ELSE share->>'scheme' END)::uuid,
                       (share->>'amount')::bigint
                  FROM merchants_release, jsonb_array_elements(shares) share
                 WHERE business_date >= %(since)s AND (share->>'amount')::bigint > 0
            ), moved AS (
                SELECT cause AS id, owner_id, from_id AS hold_id, business_date, to_kind::int, to_id, amount
                  FROM wallet_transfer WHERE kind = 'release' AND business_date >= %(since)s
            ), missing AS (SELECT * FROM told EXCEPT ALL SELECT * FROM moved
            ), unasked AS (SELECT * FROM moved EXCEPT ALL SELECT * FROM told)
            SELECT 'missing' AS how, missing.* FROM missing UNION ALL SELECT 'unasked', unasked.* FROM unasked
        """,
    ),
)
