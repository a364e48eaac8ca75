"""Payouts against slices, officers and transfers."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="payout_is_its_slices",
        promise=7,
        says="a payout is not what its slices sum to, or pays another merchant's",
        sql="""
            WITH recent AS (
                SELECT payout.* FROM settlement_payout payout
                  LEFT JOIN settlement_batch batch ON batch.id = payout.batch_id
                 WHERE batch.built_at IS NULL OR batch.built_at >= %(since)s
            )
            SELECT coalesce(payout.id, link.payout_id) AS payout, payout.amount, sum(slice.amount) AS slices
              FROM recent payout
              FULL JOIN (SELECT * FROM settlement_payoutslice link
                          WHERE payout_id IN (SELECT id FROM recent)
                             OR NOT EXISTS (SELECT 1 FROM settlement_payout WHERE id = link.payout_id)
                        ) link ON link.payout_id = payout.id
              LEFT JOIN settlement_slice slice ON slice.id = link.slice_id
             GROUP BY 1, 2
            HAVING payout.amount IS DISTINCT FROM sum(slice.amount)
                OR bool_or(slice.merchant_id IS DISTINCT FROM payout.merchant_id)
                OR count(DISTINCT link.freed_at IS NULL) > 1
        """,
    ),
    Check(
        name="batch_is_its_payouts",
        promise=7,
        says="a batch is not what its payouts sum to, or payouts are in no batch",
        sql="""
            SELECT coalesce(batch.id, payout.batch_id) AS batch, batch.payouts, batch.amount, count(payout.id) AS found,
                   sum(payout.amount) AS found_amount
              FROM settlement_batch batch FULL JOIN settlement_payout payout ON payout.batch_id = batch.id
             WHERE batch.id IS NULL OR batch.built_at >= %(since)s
             GROUP BY 1, 2, 3
            HAVING batch.payouts IS DISTINCT FROM count(payout.id)
                OR batch.amount IS DISTINCT FROM coalesce(sum(payout.amount), 0)
        """,
    ),
    Check(
        name="approver_never_submitted",
        promise=8,
        says="a batch was approved without another officer's submission, or with other payouts than were submitted",
        sql="""
            SELECT decision.batch_id AS batch, decision.officer_id AS approver, submission.officer_id AS submitter
              FROM settlement_decision decision
              LEFT JOIN settlement_submission submission ON submission.batch_id = decision.batch_id
             WHERE decision.verdict = 'approved'
               AND (submission.officer_id IS NULL OR submission.officer_id = decision.officer_id
                    OR submission.officer_id <> decision.submitted_by OR submission.seen <> decision.seen)
        """,
    ),
    Check(
        name="decision_is_in_the_audit",
        promise=8,
        says="a batch was submitted or decided, and the audit does not know by whom or what they were shown",
        sql="""
            SELECT said.batch_id AS batch, said.act, said.officer_id AS officer FROM (
                SELECT batch_id, 'batch.submit' AS act, officer_id, seen FROM settlement_submission
                 UNION ALL
                SELECT batch_id, CASE verdict WHEN 'approved' THEN 'batch.approve' ELSE 'batch.reject' END, officer_id,
                       CASE verdict WHEN 'approved' THEN seen END FROM settlement_decision
              ) said
             WHERE NOT EXISTS (
                SELECT 1 FROM wallet_auditentry kept
                 WHERE kept.subject_id = said.batch_id AND kept.act = said.act AND kept.actor_kind = 'officer'
                   AND kept.actor_id = said.officer_id::text
                   AND (said.seen IS NULL OR kept.facts->>'digest' = encode(said.seen, 'hex')))
        """,
    ),
    Check(
        name="payout_is_its_transfers",
        promise=7,
        says="what moved for a payout is not what its batch's approval, the bank's confirmation and its return ask for",
        sql="""
            WITH recent AS (
                SELECT cause AS id FROM wallet_transfer WHERE business_date >= %(since)s AND kind LIKE 'payout\\_%%'
                 UNION
                SELECT payout.id FROM settlement_decision decision
                  JOIN settlement_payout payout ON payout.batch_id = decision.batch_id
                 WHERE decision.at >= %(since)s::date - 1
                 UNION SELECT payout_id FROM settlement_payoutconfirmation WHERE at >= %(since)s::date - 1
                 UNION SELECT payout_id FROM settlement_payoutreturn WHERE at >= %(since)s::date - 1
            ), moved AS (
                SELECT id, cause, owner_id, amount, kind FROM wallet_transfer
                 WHERE business_date >= %(since)s AND kind LIKE 'payout\\_%%'
                 UNION
                SELECT moved.id, moved.cause, moved.owner_id, moved.amount, moved.kind FROM recent
                  JOIN settlement_payout payout ON payout.id = recent.id
                  JOIN wallet_transfer moved ON moved.owner_id = payout.merchant_id AND moved.cause = payout.id
            ), asked AS (
                SELECT payout.id AS cause, payout.merchant_id AS owner_id, payout.amount, 'payout_sent' AS kind
                  FROM settlement_decision decision JOIN settlement_payout payout ON payout.batch_id = decision.batch_id
                 WHERE decision.verdict = 'approved'
                 UNION ALL
                SELECT payout.id, payout.merchant_id, payout.amount, 'payout_confirmed'
                  FROM settlement_payoutconfirmation answer
                  JOIN settlement_payout payout ON payout.id = answer.payout_id
                 UNION ALL
                SELECT payout.id, payout.merchant_id, payout.amount,
                       CASE WHEN after_confirmation THEN 'payout_returned_late' ELSE 'payout_returned' END
                  FROM settlement_payoutreturn answer JOIN settlement_payout payout ON payout.id = answer.payout_id
            ), asked_lately AS (SELECT * FROM asked WHERE cause IN (SELECT id FROM recent)
            ), missing AS (
                SELECT * FROM asked_lately EXCEPT ALL SELECT cause, owner_id, amount, kind FROM moved
            ), unasked AS (
                SELECT cause, owner_id, amount, kind FROM moved EXCEPT ALL SELECT * FROM asked_lately
            )
            SELECT 'missing' AS how, missing.* FROM missing UNION ALL SELECT 'unasked', unasked.* FROM unasked
        """,
    ),
    Check(
        name="in_transit_is_what_is_unanswered",
        promise=7,
        says="in-transit does not hold exactly the payouts that were sent and that the bank has not answered",
        sql="""
            WITH held AS (
                SELECT (SELECT coalesce(sum(money_in - money_out), 0) FROM wallet_daytotal
                         WHERE kind = 6 AND business_date < %(since)s)
                     + (SELECT coalesce(sum(CASE WHEN to_kind = 6 THEN amount ELSE -amount END), 0) FROM wallet_transfer
                         WHERE business_date >= %(since)s AND (to_kind = 6 OR from_kind = 6)) AS held
            ), unanswered AS (
                SELECT coalesce(sum(payout.amount), 0) AS unanswered
                  FROM settlement_batch batch
                  JOIN settlement_decision decision ON decision.batch_id = batch.id AND decision.verdict = 'approved'
                  JOIN settlement_payout payout ON payout.batch_id = batch.id
                 WHERE batch.answered_at IS NULL
                   AND NOT EXISTS (SELECT 1 FROM settlement_payoutconfirmation WHERE payout_id = payout.id)
                   AND NOT EXISTS (SELECT 1 FROM settlement_payoutreturn WHERE payout_id = payout.id)
            )
            SELECT held, unanswered FROM held, unanswered WHERE held <> unanswered
        """,
    ),
    Check(
        name="slice_is_free_when_its_payout_ended",
        promise=7,
        says="the slices of a returned or rejected payout are not free, or those of a live payout are",
        sql="""
            SELECT payout.id AS payout, link.slice_id FROM settlement_payout payout
              JOIN settlement_payoutslice link ON link.payout_id = payout.id
              LEFT JOIN settlement_decision decision ON decision.batch_id = payout.batch_id
              LEFT JOIN settlement_payoutreturn returned ON returned.payout_id = payout.id
              LEFT JOIN settlement_batch batch ON batch.id = payout.batch_id
             WHERE (batch.built_at >= %(since)s OR returned.at >= %(since)s)
               AND (link.freed_at IS NOT NULL)
                <> (returned.payout_id IS NOT NULL OR decision.verdict IS NOT DISTINCT FROM 'rejected')
        """,
    ),
)
