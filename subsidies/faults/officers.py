"""What could be wrong with what officers published, restored, stopped and handed back."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="version_is_what_was_approved",
        promise=8,
        says="a version is not the text that its verdict approved, or the approver drafted or submitted it",
        sql="""
            SELECT version.id AS version, verdict.officer_id AS approver FROM subsidies_schemeversion version
              LEFT JOIN subsidies_verdict verdict ON verdict.version_id = version.id
              LEFT JOIN subsidies_submission submission ON submission.id = verdict.submission_id
             WHERE sha256(convert_to(version.document, 'UTF8')) <> version.digest
                OR (verdict.officer_id IS NOT NULL AND (
                       verdict.officer_id IN (submission.officer_id, submission.drafted_by)
                       OR submission.id IS NULL OR submission.seen <> verdict.seen OR verdict.seen <> version.digest))
        """,
    ),
    Check(
        name="standstill_is_in_the_audit",
        promise=8,
        says="a scheme was suspended, restored or stopped, and the audit does not know by whom",
        sql="""
            SELECT act, scheme_id AS scheme, officer_id AS officer FROM (
                SELECT 'scheme.suspend' AS act, scheme_id, officer_id FROM subsidies_suspension
                 UNION ALL
                SELECT 'scheme.restore', scheme_id, lifted_by_id FROM subsidies_suspension WHERE lifted_at IS NOT NULL
                 UNION ALL
                SELECT 'scheme.stop', scheme_id, decided_by_id FROM subsidies_stop WHERE stopped_at IS NOT NULL
              ) said
             WHERE NOT EXISTS (
                SELECT 1 FROM wallet_auditentry entry
                 WHERE entry.act = said.act AND entry.subject_id = said.scheme_id
                   AND entry.actor_kind = 'officer' AND entry.actor_id = said.officer_id::text)
        """,
    ),
    Check(
        name="hand_back_is_in_the_audit",
        promise=8,
        says="what is left of a scheme was asked for or handed back, and the audit does not know by whom",
        sql="""
            SELECT act, scheme_id AS scheme, officer_id AS officer FROM (
                SELECT 'scheme.ask_to_hand_back' AS act, scheme_id, officer_id FROM subsidies_handback
                 UNION ALL
                SELECT 'scheme.hand_back', scheme_id, decided_by_id FROM subsidies_handback
                 WHERE handed_back_at IS NOT NULL
              ) said
             WHERE NOT EXISTS (
                SELECT 1 FROM wallet_auditentry entry
                 WHERE entry.act = said.act AND entry.subject_id = said.scheme_id
                   AND entry.actor_kind = 'officer' AND entry.actor_id = said.officer_id::text)
        """,
    ),
    Check(
        name="money_is_handed_back_by_two_officers",
        promise=8,
        says="money went back to the Treasury that no two officers agreed to, or what they agreed to did not go",
        sql="""
            SELECT agreed.id AS hand_back, agreed.amount AS agreed, moved.amount AS moved
              FROM (SELECT * FROM subsidies_handback WHERE handed_back_at IS NOT NULL) agreed
              FULL JOIN (SELECT * FROM wallet_transfer WHERE owner_id IN (SELECT id FROM subsidies_scheme)
                            AND kind = 'handed_back') moved ON moved.cause = agreed.id
             WHERE moved.amount IS DISTINCT FROM agreed.amount OR moved.from_id <> agreed.scheme_id
        """,
    ),
)
