"""Bank files and statements against payouts."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="bank_files_are_the_payouts",
        promise=7,
        says="a bank file is not the payouts between its first and its last merchant, or pays what is not approved",
        sql="""
            SELECT file.id AS file, file.payouts, file.amount, count(payout.id) AS found,
                   sum(payout.amount) AS found_amount
              FROM settlement_bankfile file
              LEFT JOIN settlement_decision decision ON decision.batch_id = file.batch_id
              LEFT JOIN settlement_payout payout
                     ON payout.batch_id = file.batch_id AND decision.verdict = 'approved'
                    AND payout.merchant_id BETWEEN file.first_merchant_id AND file.last_merchant_id
             WHERE file.written_at >= %(since)s
             GROUP BY file.id HAVING file.payouts <> count(payout.id) OR file.amount <> coalesce(sum(payout.amount), 0)
        """,
    ),
    Check(
        name="bank_files_never_overlap",
        promise=7,
        says="a payout is in two bank files",
        sql="""
            SELECT one.batch_id AS batch, one.number, other.number AS other FROM settlement_bankfile one
              JOIN settlement_bankfile other ON other.batch_id = one.batch_id AND other.number > one.number
               AND other.first_merchant_id <= one.last_merchant_id
             WHERE one.written_at >= %(since)s
        """,
    ),
    Check(
        name="statement_is_books_and_discrepancies",
        promise=7,
        says="what the bank moved is not what our books moved with it plus the discrepancies",
        sql="""
            SELECT statement.bank_id AS statement, told.amount AS told, booked.amount AS booked, amiss.amount AS amiss
              FROM settlement_statement statement
             CROSS JOIN LATERAL (
                SELECT coalesce(sum(amount), 0) AS amount, count(*) AS lines FROM settlement_statementline line
                 WHERE line.statement_id = statement.id) told
             CROSS JOIN LATERAL (
                SELECT coalesce(sum(amount), 0) AS amount FROM (
                    SELECT -payout.amount FROM settlement_payoutconfirmation answer
                      JOIN settlement_payout payout ON payout.id = answer.payout_id
                     WHERE answer.statement_id = statement.id
                     UNION ALL
                    SELECT payout.amount FROM settlement_payoutreturn answer
                      JOIN settlement_payout payout ON payout.id = answer.payout_id
                     WHERE answer.statement_id = statement.id AND answer.after_confirmation
                     UNION ALL
                    SELECT moved.amount FROM settlement_knowncredit credit
                      JOIN wallet_transfer moved ON moved.owner_id = credit.cause AND moved.cause = credit.cause
                     WHERE credit.statement_id = statement.id
                ) one (amount)) booked
             CROSS JOIN LATERAL (
                SELECT coalesce(sum(amount), 0) AS amount FROM settlement_discrepancy
                 WHERE statement_id = statement.id AND line > 0) amiss
             WHERE statement.reconciled_at >= %(since)s
               AND (told.amount <> booked.amount + amiss.amount OR told.lines <> statement.lines
                    OR told.amount <> statement.closing_balance - statement.opening_balance)
        """,
    ),
    Check(
        name="every_line_has_a_name",
        promise=7,
        says="a line of a reconciled statement is no payout's answer, no credit that we expected and no discrepancy",
        sql="""
            SELECT line.statement_id AS statement, line.number, line.amount FROM settlement_statement statement
              JOIN settlement_statementline line ON line.statement_id = statement.id
              LEFT JOIN (
                SELECT statement_id, line FROM settlement_payoutconfirmation
                 UNION ALL SELECT statement_id, line FROM settlement_payoutreturn
                 UNION ALL SELECT statement_id, line FROM settlement_knowncredit
                 UNION ALL SELECT statement_id, line FROM settlement_discrepancy
              ) named ON named.statement_id = line.statement_id AND named.line = line.number
             WHERE statement.reconciled_at >= %(since)s AND named.line IS NULL
        """,
    ),
)
