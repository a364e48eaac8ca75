"""What could be wrong about shops: what they are known by, where their money goes, and whom their tills asked."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="shop_is_its_particulars",
        promise=1,
        says="a shop is called or judged otherwise than its newest particulars and the terms it accepted say",
        sql="""
            SELECT shop.id AS merchant FROM merchants_merchant shop
              LEFT JOIN LATERAL (
                SELECT * FROM merchants_particulars WHERE merchant_id = shop.id
                 ORDER BY from_at DESC, id DESC LIMIT 1) newest ON true
              LEFT JOIN LATERAL (
                SELECT jsonb_agg(DISTINCT scheme) AS schemes FROM merchants_acceptance
                 WHERE merchant_id = shop.id) accepted ON true
             WHERE newest.id IS NULL
                OR (shop.name, shop.name_en, shop.city) <> (newest.name, newest.name_en, newest.city)
                OR shop.facts - 'accepted_schemes' - 'accepted_on' <> newest.facts
                OR shop.facts->'accepted_schemes' IS DISTINCT FROM accepted.schemes
        """,
    ),
    Check(
        name="bank_account_is_the_approved_one",
        promise=8,
        says="a shop's money goes to another account than the one that was last approved",
        sql="""
            SELECT shop.id AS merchant, newest.id AS change FROM merchants_merchant shop
              JOIN LATERAL (
                SELECT * FROM merchants_bankaccountchange WHERE merchant_id = shop.id AND approved
                 ORDER BY decided_at DESC, id DESC LIMIT 1) newest ON true
             WHERE shop.bank_account_sealed <> newest.bank_account_sealed OR shop.bank_code <> newest.bank_code
        """,
    ),
    Check(
        name="charge_is_ended_by_its_citizen",
        promise=6,
        says="a citizen paid what a till had asked of another",
        sql="""
            SELECT charge.id AS charge, charge.for_citizen_id, ended.owner_id FROM merchants_charge charge
              JOIN merchants_chargeend ended ON ended.charge_id = charge.id
             WHERE charge.for_citizen_id IS NOT NULL AND ended.owner_id <> charge.for_citizen_id
        """,
    ),
    Check(
        name="proposal_is_its_charge",
        promise=6,
        says="what a till said yes to is not what it then asked for, or not of whom",
        sql="""
            SELECT proposal.id AS proposal, proposal.charge_id FROM merchants_proposal proposal
              LEFT JOIN merchants_charge charge ON charge.id = proposal.charge_id
             WHERE proposal.charge_id IS NOT NULL
               AND (charge.id IS NULL OR charge.amount <> proposal.amount OR charge.till_id <> proposal.till_id
                    OR charge.for_citizen_id IS DISTINCT FROM proposal.citizen_id
                    OR charge.merchant_id <> proposal.merchant_id)
        """,
    ),
)
