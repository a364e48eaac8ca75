"""Payments against their transfers, their charges and their caps."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="payment_is_its_transfers",
        promise=1,
        says="a payment's shares are not what its transfers moved",
        sql="""
            SELECT coalesce(paid.id, moved.cause) AS payment,
                   paid.citizen_share, paid.state_share, moved.own, moved.state
              FROM (SELECT * FROM merchants_payment WHERE business_date >= %(since)s) paid
              FULL JOIN (
                SELECT owner_id, cause, business_date, to_id, channel, kind,
                       CASE kind WHEN 'capture' THEN from_id END AS hold_id,
                       sum(amount) FILTER (WHERE part = 1) AS own, sum(amount) FILTER (WHERE part = 2) AS state
                  FROM wallet_transfer
                 WHERE kind IN ('payment', 'capture') AND business_date >= %(since)s GROUP BY 1, 2, 3, 4, 5, 6, 7
              ) moved ON moved.cause = paid.id AND moved.owner_id = paid.owner_id
             WHERE paid.id IS NULL OR moved.cause IS NULL
                OR paid.citizen_share <> coalesce(moved.own, 0) OR paid.state_share <> coalesce(moved.state, 0)
                OR paid.merchant_id <> moved.to_id OR paid.business_date <> moved.business_date
                OR paid.channel <> moved.channel OR paid.hold_id IS DISTINCT FROM moved.hold_id
        """,
    ),
    Check(
        name="payment_ends_its_charge",
        promise=6,
        says="a payment and the end of its charge do not name each other, or the price is not the charge's",
        sql="""
            SELECT paid.id AS payment, paid.charge_id FROM merchants_payment paid
              LEFT JOIN merchants_chargeend ended ON ended.charge_id = paid.charge_id
              LEFT JOIN merchants_charge charge ON charge.id = paid.charge_id
             WHERE paid.business_date >= %(since)s AND paid.hold_id IS NULL
               AND (ended.payment_id IS DISTINCT FROM paid.id OR ended."end" IS DISTINCT FROM 'paid'
                    OR ended.owner_id IS DISTINCT FROM paid.owner_id
                    OR charge.amount IS DISTINCT FROM paid.price
                    OR charge.merchant_id IS DISTINCT FROM paid.merchant_id)
        """,
    ),
    Check(
        name="paid_charge_has_a_payment",
        promise=6,
        says="a charge is ended as paid without a payment",
        sql="""
            SELECT ended.charge_id, ended.payment_id FROM merchants_chargeend ended
              LEFT JOIN merchants_payment paid ON paid.id = ended.payment_id AND paid.owner_id = ended.owner_id
             WHERE ended."end" = 'paid' AND paid.id IS NULL
        """,
    ),
    Check(
        name="charge_has_a_merchant",
        promise=1,
        says="a charge belongs to no merchant, or to no till of it",
        sql="""
            SELECT charge.id, charge.merchant_id, charge.till_id FROM merchants_charge charge
              LEFT JOIN merchants_till till ON till.id = charge.till_id AND till.merchant_id = charge.merchant_id
             WHERE till.id IS NULL
        """,
    ),
    Check(
        name="key_has_its_payment",
        promise=6,
        says="a payment was recorded without the key that made it",
        sql="""
            SELECT paid.id AS payment FROM merchants_payment paid
             WHERE paid.business_date >= %(since)s AND paid.hold_id IS NULL AND NOT EXISTS (
                SELECT 1 FROM wallet_requestkey key
                 WHERE key.caller_id = paid.owner_id AND key.outcome_id = paid.id
                   AND key.fingerprint = paid.terms_digest)
        """,
    ),
    Check(
        name="cap_use_is_what_payments_used",
        promise=4,
        says="the stored use of a cap is not what payments and holds used, less what was given back",
        sql="""
            WITH recent AS (
                SELECT owner_id FROM merchants_payment WHERE business_date >= %(since)s
                 UNION SELECT owner_id FROM merchants_hold WHERE business_date >= %(since)s
                 UNION SELECT owner_id FROM merchants_release WHERE business_date >= %(since)s
                 UNION SELECT owner_id FROM merchants_refund WHERE business_date >= %(since)s
                 UNION SELECT citizen_id FROM subsidies_capuse WHERE %(everything)s
            ), sale AS (
                SELECT owner_id, shares, 1 AS sign FROM merchants_payment WHERE hold_id IS NULL
                 UNION ALL SELECT owner_id, shares, 1 FROM merchants_hold
                 UNION ALL SELECT owner_id, shares, -1 FROM merchants_release
                 UNION ALL SELECT owner_id, shares, -1 FROM merchants_refund
            ), used AS (
                SELECT sale.owner_id AS citizen_id, (share->>'enrolment')::uuid AS enrolment_id, use->>'cap' AS cap,
                       (use->>'ends_at')::timestamptz AS ends_at, sum(sign * (use->>'amount')::bigint) AS used
                  FROM sale JOIN recent USING (owner_id),
                       jsonb_array_elements(sale.shares) share, jsonb_array_elements(share->'uses') use
                 GROUP BY 1, 2, 3, 4
            ), stored AS (
                SELECT citizen_id, enrolment_id, cap, ends_at, used
                  FROM subsidies_capuse JOIN recent ON recent.owner_id = citizen_id WHERE used > 0
            )
            SELECT citizen_id, enrolment_id, cap, ends_at, stored.used AS stored, used.used AS paid
              FROM used FULL JOIN stored USING (citizen_id, enrolment_id, cap, ends_at)
             WHERE coalesce(stored.used, 0) <> coalesce(used.used, 0)
        """,
    ),
    Check(
        name="payment_has_its_parties",
        promise=1,
        says="a payment is of no citizen, or of another till than its charge",
        sql="""
            SELECT paid.id AS payment, paid.owner_id, paid.till_id FROM merchants_payment paid
              LEFT JOIN wallet_citizen citizen ON citizen.id = paid.owner_id
              LEFT JOIN merchants_charge charge ON charge.id = paid.charge_id
             WHERE paid.business_date >= %(since)s
               AND (citizen.id IS NULL OR charge.till_id IS DISTINCT FROM paid.till_id)
        """,
    ),
    Check(
        name="share_comes_from_its_purse",
        promise=3,
        says="a scheme's share is not what left the citizen's purse, or not under the version that was in force",
        sql="""
            SELECT coalesce(part.payment, moved.cause) AS payment, part.enrolment_id, part.amount, moved.amount AS moved
              FROM (
                SELECT sale.id AS payment, sale.owner_id, sale.at, (share->>'enrolment')::uuid AS enrolment_id,
                       (share->>'scheme')::uuid AS scheme_id, (share->>'version')::uuid AS version_id,
                       (share->>'amount')::bigint AS amount
                  FROM (SELECT id, owner_id, shares, business_date, paid_at FROM merchants_payment WHERE hold_id IS NULL
                         UNION ALL SELECT id, owner_id, shares, business_date, held_at FROM merchants_hold
                       ) sale (id, owner_id, shares, business_date, at),
                       jsonb_array_elements(sale.shares) share
                 WHERE sale.business_date >= %(since)s
              ) part
              FULL JOIN (
                SELECT cause, owner_id, from_id, scheme_id, amount FROM wallet_transfer
                 WHERE kind IN ('payment', 'hold') AND part = 2 AND business_date >= %(since)s
              ) moved ON moved.cause = part.payment AND moved.owner_id = part.owner_id
                     AND moved.from_id = part.enrolment_id AND moved.scheme_id = part.scheme_id
              LEFT JOIN subsidies_enrolment place ON place.id = part.enrolment_id AND place.citizen_id = part.owner_id
             -- A share may be nothing: then its scheme only counts what was spent.
             WHERE coalesce(part.amount, 0) <> coalesce(moved.amount, 0)
                OR part.version_id IS DISTINCT FROM coalesce(
                    (SELECT id FROM subsidies_schemeversion
                      WHERE scheme_id = part.scheme_id AND effective_at <= part.at
                      ORDER BY effective_at DESC LIMIT 1), place.version_id)
        """,
    ),
    Check(
        name="payment_gives_up_what_it_says",
        promise=3,
        says="what a note lost or is paid back later is not what left the purse beside the shop's share",
        sql="""
            SELECT coalesce(part.payment, moved.cause) AS payment, part.enrolment_id,
                   part.lost, moved.lost AS moved_lost, part.later, moved.later AS moved_later
              FROM (
                SELECT paid.id AS payment, paid.owner_id, (share->>'enrolment')::uuid AS enrolment_id,
                       (share->>'lost')::bigint AS lost, (share->>'later')::bigint AS later
                  FROM merchants_payment paid, jsonb_array_elements(paid.shares) share
                 WHERE paid.business_date >= %(since)s AND (share ? 'lost' OR share ? 'later')
              ) part
              FULL JOIN (
                SELECT cause, owner_id, from_id, sum(amount) FILTER (WHERE kind = 'remainder') AS lost,
                       sum(amount) FILTER (WHERE kind = 'set_aside') AS later
                  FROM wallet_transfer
                 WHERE kind IN ('remainder', 'set_aside') AND business_date >= %(since)s GROUP BY 1, 2, 3
              ) moved ON moved.cause = part.payment AND moved.owner_id = part.owner_id
                     AND moved.from_id = part.enrolment_id
             WHERE part.lost IS DISTINCT FROM moved.lost OR part.later IS DISTINCT FROM moved.later
        """,
    ),
    Check(
        name="pending_part_is_its_payments",
        promise=3,
        says="what waits for a later day is not what the share of a payment left for it",
        sql="""
            SELECT coalesce(part.payment, waits.cause) AS payment, part.enrolment_id, part.later, waits.set_aside,
                   part.counted, waits.counted AS waits_counted
              FROM (
                SELECT paid.id AS payment, paid.owner_id, (share->>'enrolment')::uuid AS enrolment_id,
                       coalesce((share->>'later')::bigint, 0) AS later,
                       coalesce((share->>'counted')::bigint, 0) AS counted
                  FROM merchants_payment paid, jsonb_array_elements(paid.shares) share
                 WHERE paid.business_date >= %(since)s AND (share ? 'later' OR share ? 'counted')
              ) part
              FULL JOIN (
                SELECT one.cause, citizen_id, enrolment_id, sum(set_aside) AS set_aside, sum(counted) AS counted
                  FROM subsidies_pending one
                  JOIN merchants_payment paid ON paid.owner_id = one.citizen_id AND paid.id = one.cause
                 WHERE paid.business_date >= %(since)s GROUP BY 1, 2, 3
              ) waits ON waits.cause = part.payment AND waits.citizen_id = part.owner_id
                     AND waits.enrolment_id = part.enrolment_id
             -- What is counted too late to be paid for does not wait.
             WHERE coalesce(waits.set_aside, 0) <> coalesce(part.later, 0)
                OR (waits.cause IS NOT NULL AND waits.counted <> coalesce(part.counted, 0))
        """,
    ),
    Check(
        name="payment_shares_are_its_schemes",
        promise=3,
        says="the State's share of a payment is not the sum of its schemes' shares",
        sql="""
            SELECT id AS payment, state_share FROM merchants_payment
             WHERE business_date >= %(since)s AND state_share <> (
                SELECT coalesce(sum((share->>'amount')::bigint), 0) FROM jsonb_array_elements(shares) share)
        """,
    ),
)
