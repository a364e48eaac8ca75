"""Refunds against their payments and their transfers."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="refunds_are_within_their_payment",
        promise=5,
        says="more was given back than was paid, or what was given back so far is not the sum of the refunds",
        sql="""
            WITH recent AS (
                SELECT DISTINCT owner_id, payment_id FROM merchants_refund WHERE business_date >= %(since)s
                 UNION SELECT owner_id, payment_id FROM merchants_refundedsofar WHERE %(everything)s
            )
            SELECT recent.payment_id AS payment, paid.price, so_far.price AS price_so_far, so_far.refunded, given.amount
              FROM recent
              LEFT JOIN merchants_payment paid ON paid.owner_id = recent.owner_id AND paid.id = recent.payment_id
              LEFT JOIN merchants_refundedsofar so_far
                ON so_far.owner_id = recent.owner_id AND so_far.payment_id = recent.payment_id
              LEFT JOIN LATERAL (
                SELECT sum(amount) AS amount,
                       bool_and(merchant_id = paid.merchant_id AND channel = paid.channel) AS same
                  FROM merchants_refund back
                 WHERE back.owner_id = recent.owner_id AND back.payment_id = recent.payment_id
              ) given ON true
             WHERE paid.price IS DISTINCT FROM so_far.price OR given.amount IS DISTINCT FROM so_far.refunded
                OR given.amount > paid.price OR given.same IS NOT TRUE
        """,
    ),
    Check(
        name="refunds_are_in_proportion",
        promise=5,
        says="what came back of a share is not in proportion to what was given back of the price",
        sql="""
            WITH back AS (
                SELECT owner_id, payment_id, (share->>'enrolment')::uuid AS enrolment_id,
                       sum((share->>'amount')::bigint) AS amount
                  FROM merchants_refund, jsonb_array_elements(shares) share
                 WHERE (owner_id, payment_id) IN (
                    SELECT owner_id, payment_id FROM merchants_refund WHERE business_date >= %(since)s)
                 GROUP BY 1, 2, 3
            )
            SELECT paid.id AS payment, share->>'enrolment' AS enrolment, (share->>'amount')::bigint AS share,
                   paid.price, so_far.refunded, back.amount AS back
              FROM back
              JOIN merchants_payment paid ON paid.owner_id = back.owner_id AND paid.id = back.payment_id
              JOIN merchants_refundedsofar so_far ON so_far.owner_id = paid.owner_id AND so_far.payment_id = paid.id
              LEFT JOIN jsonb_array_elements(paid.shares) share ON (share->>'enrolment')::uuid = back.enrolment_id
             -- Where several purses paid, a satang of one may wait for the next part, or go ahead.
             WHERE share IS NULL OR back.amount > (share->>'amount')::bigint
                OR abs(back.amount - floor((share->>'amount')::numeric * so_far.refunded / paid.price))
                   > jsonb_array_length(paid.shares) - 1
        """,
    ),
    Check(
        name="refund_is_its_transfers",
        promise=5,
        says="what went back of a payment is not what its refund says, or went elsewhere",
        sql="""
            WITH told AS (
                SELECT id, owner_id, merchant_id, channel::int, business_date, 1 AS to_kind, owner_id AS to_id,
                       citizen_share AS amount
                  FROM merchants_refund WHERE business_date >= %(since)s AND citizen_share > 0
                 UNION ALL
                SELECT id, owner_id, merchant_id, channel::int, business_date,
                       CASE share->>'to' WHEN 'purse' THEN 2 ELSE 5 END,
                       (CASE share->>'to' WHEN 'purse' THEN share->>'enrolment' ELSE share->>'scheme' END)::uuid,
                       (share->>'amount')::bigint
                  FROM merchants_refund, jsonb_array_elements(shares) share
                 WHERE business_date >= %(since)s AND (share->>'amount')::bigint > 0
            ), moved AS (
                SELECT cause AS id, owner_id, from_id AS merchant_id, channel::int, business_date, to_kind::int, to_id,
                       amount
                  FROM wallet_transfer WHERE kind = 'refund' AND business_date >= %(since)s
            ), missing AS (SELECT * FROM told EXCEPT ALL SELECT * FROM moved
            ), unasked AS (SELECT * FROM moved EXCEPT ALL SELECT * FROM told)
            SELECT 'missing' AS how, missing.* FROM missing UNION ALL SELECT 'unasked', unasked.* FROM unasked
        """,
    ),
    Check(
        name="refund_counts_as_much_less",
        promise=3,
        says="what was given back still counts towards a voucher, or counts as less than was given back",
        sql="""
            WITH told AS (
                SELECT back.id AS refund, back.owner_id, (share->>'enrolment')::uuid AS enrolment_id,
                       -(use->>'amount')::bigint AS counted
                  FROM merchants_refund back, jsonb_array_elements(back.shares) share,
                       jsonb_array_elements(share->'uses') use
                 WHERE back.business_date >= %(since)s AND use->>'cap' = 'earned' AND EXISTS (
                    SELECT 1 FROM subsidies_pending waits
                     WHERE waits.citizen_id = back.owner_id AND waits.cause = back.payment_id AND waits.counted > 0
                       AND waits.enrolment_id = (share->>'enrolment')::uuid)
            ), less AS (
                SELECT waits.cause AS refund, waits.citizen_id AS owner_id, waits.enrolment_id, waits.counted
                  FROM subsidies_pending waits
                  JOIN merchants_refund back ON back.owner_id = waits.citizen_id AND back.id = waits.cause
                 WHERE back.business_date >= %(since)s
            ), missing AS (SELECT * FROM told EXCEPT ALL SELECT * FROM less
            ), unasked AS (SELECT * FROM less EXCEPT ALL SELECT * FROM told)
            SELECT 'missing' AS how, missing.* FROM missing UNION ALL SELECT 'unasked', unasked.* FROM unasked
        """,
    ),
)
