"""Slices against the transfers of their days, and against what waits to be paid."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="slices_are_the_days_transfers",
        promise=7,
        says="a slice is not what the transfers of its day, merchant, scheme, part and channel sum to",
        sql="""
            WITH day AS (
                SELECT business_date FROM settlement_daysliced WHERE business_date >= %(since)s
            ), moved AS (
                SELECT business_date, CASE WHEN to_kind = 4 THEN to_id ELSE from_id END AS merchant_id, part, channel,
                       coalesce(scheme_id, '00000000-0000-0000-0000-000000000000') AS scheme, count(*) AS transfers,
                       sum(CASE WHEN to_kind = 4 THEN amount ELSE -amount END) AS amount
                  FROM wallet_transfer
                 WHERE business_date = ANY(ARRAY(SELECT business_date FROM day)) AND (to_kind = 4 OR from_kind = 4)
                   AND kind NOT LIKE 'payout\\_%%'
                 GROUP BY 1, 2, 3, 4, 5
            ), sliced AS (
                SELECT business_date, merchant_id, part, channel,
                       coalesce(scheme_id, '00000000-0000-0000-0000-000000000000') AS scheme, transfers, amount
                  FROM settlement_slice WHERE business_date IN (SELECT business_date FROM day)
            )
            SELECT business_date, merchant_id, part, channel, scheme, sliced.amount AS sliced, moved.amount AS moved,
                   sliced.transfers AS transfers_sliced, moved.transfers AS transfers_moved
              FROM sliced FULL JOIN moved USING (business_date, merchant_id, part, channel, scheme)
             WHERE sliced.amount IS DISTINCT FROM moved.amount OR sliced.transfers IS DISTINCT FROM moved.transfers
        """,
    ),
    Check(
        name="day_sliced_is_its_slices",
        promise=7,
        says="a day's slices are not those that were counted when it was cut",
        sql="""
            SELECT business_date, day.slices, day.amount, count(slice.id) AS found, sum(slice.amount) AS found_amount
              FROM settlement_daysliced day FULL JOIN settlement_slice slice USING (business_date)
             WHERE business_date >= %(since)s
             GROUP BY 1, 2, 3
            HAVING day.slices IS DISTINCT FROM count(slice.id)
                OR day.amount IS DISTINCT FROM coalesce(sum(slice.amount), 0)
        """,
    ),
    Check(
        name="slice_waits_or_is_in_one_payout",
        promise=7,
        says="a slice is neither waiting nor in exactly one live payout, or is both",
        sql="""
            SELECT slice.id AS slice, slice.business_date, count(waiting.slice_id) AS waiting,
                   count(live.slice_id) AS live_payouts
              FROM settlement_slice slice
              LEFT JOIN settlement_waitingslice waiting ON waiting.slice_id = slice.id
              LEFT JOIN settlement_payoutslice live ON live.slice_id = slice.id AND live.freed_at IS NULL
             WHERE slice.business_date >= %(since)s
             GROUP BY slice.id HAVING count(waiting.slice_id) + count(live.slice_id) <> 1
        """,
    ),
    Check(
        name="waiting_slice_is_its_slice",
        promise=7,
        says="what waits to be paid is no slice, or not as the slice says",
        sql="""
            SELECT waiting.slice_id, waiting.amount AS waiting, slice.amount AS slice
              FROM settlement_waitingslice waiting
              LEFT JOIN settlement_slice slice ON slice.id = waiting.slice_id
             WHERE (slice.merchant_id, slice.amount, slice.due_at)
                   IS DISTINCT FROM (waiting.merchant_id, waiting.amount, waiting.due_at)
        """,
    ),
    Check(
        name="slice_has_a_merchant",
        promise=7,
        says="money is owed to a merchant whom we do not know",
        sql="""
            SELECT DISTINCT merchant_id FROM settlement_slice slice
             WHERE business_date >= %(since)s
               AND NOT EXISTS (SELECT 1 FROM merchants_merchant WHERE id = slice.merchant_id)
        """,
    ),
    Check(
        name="payable_is_what_waits",
        promise=7,
        says="what we owe merchants is not the open days' sales, the waiting slices and the payouts not yet decided on",
        sql="""
            WITH owed AS (
                SELECT (SELECT coalesce(sum(money_in - money_out), 0) FROM wallet_daytotal
                         WHERE kind = 4 AND business_date < %(since)s)
                     + (SELECT coalesce(sum(CASE WHEN to_kind = 4 THEN amount ELSE -amount END), 0) FROM wallet_transfer
                         WHERE business_date >= %(since)s AND (to_kind = 4 OR from_kind = 4)) AS owed
            ), due AS (
                SELECT (SELECT coalesce(sum(CASE WHEN to_kind = 4 THEN amount ELSE -amount END), 0) FROM wallet_transfer
                         WHERE business_date = ANY(ARRAY(
                                SELECT business_date FROM wallet_businessday
                                EXCEPT SELECT business_date FROM settlement_daysliced))
                           AND (to_kind = 4 OR from_kind = 4) AND kind NOT LIKE 'payout\\_%%') AS unsliced,
                       (SELECT coalesce(sum(amount), 0) FROM settlement_waitingslice) AS waiting,
                       (SELECT coalesce(sum(payout.amount), 0) FROM settlement_batch batch
                          JOIN settlement_payout payout ON payout.batch_id = batch.id
                         WHERE NOT EXISTS (SELECT 1 FROM settlement_decision WHERE batch_id = batch.id)) AS undecided
            )
            SELECT owed, unsliced, waiting, undecided FROM owed, due WHERE owed <> unsliced + waiting + undecided
        """,
    ),
)
