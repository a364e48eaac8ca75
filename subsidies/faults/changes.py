"""What could be wrong with what citizens changed after enrolling."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="fact_is_as_it_was_changed",
        promise=3,
        says="an enrolment is judged by another fact than its citizen changed it to",
        sql="""
            SELECT changed.enrolment_id AS enrolment, changed.fact, changed.number FROM (
                SELECT DISTINCT ON (enrolment_id, fact) * FROM subsidies_factchange
                 WHERE %(everything)s OR at >= %(since)s
                 ORDER BY enrolment_id, fact, id DESC
            ) changed
              LEFT JOIN subsidies_enrolment place
                     ON place.id = changed.enrolment_id AND place.citizen_id = changed.citizen_id
             WHERE place.id IS NULL OR place.person -> changed.fact IS DISTINCT FROM changed.value
        """,
    ),
    Check(
        name="coming_over_is_its_transfer",
        promise=5,
        says="what was given up for another right is not what went back to the scheme's fund",
        sql="""
            WITH recent AS (
                SELECT from_enrolment_id AS id, citizen_id FROM subsidies_comingover
                 WHERE %(everything)s OR at >= %(since)s
                 UNION
                SELECT cause, owner_id FROM wallet_transfer WHERE kind = 'given_up' AND business_date >= %(since)s
            )
            SELECT recent.id AS enrolment, gone.amount AS given_up, sum(moved.amount) AS moved
              FROM recent
              LEFT JOIN subsidies_comingover gone
                     ON gone.from_enrolment_id = recent.id AND gone.citizen_id = recent.citizen_id
              LEFT JOIN wallet_transfer moved
                     ON moved.owner_id = recent.citizen_id AND moved.cause = recent.id AND moved.kind = 'given_up'
             GROUP BY recent.id, gone.from_enrolment_id, gone.amount
            HAVING gone.from_enrolment_id IS NULL OR coalesce(sum(moved.amount), 0) <> gone.amount
        """,
    ),
    Check(
        name="coming_over_is_from_an_unused_right",
        promise=5,
        says="somebody came over from a right that they had used, or not to a place of their own",
        sql="""
            SELECT gone.from_enrolment_id AS enrolment, old.first_used_at, new.id AS new
              FROM subsidies_comingover gone
              LEFT JOIN subsidies_enrolment old
                     ON old.id = gone.from_enrolment_id AND old.citizen_id = gone.citizen_id
              LEFT JOIN subsidies_enrolment new
                     ON new.id = gone.to_enrolment_id AND new.citizen_id = gone.citizen_id
             WHERE (%(everything)s OR gone.at >= %(since)s)
               AND (old.id IS NULL OR new.id IS NULL OR old.first_used_at IS NOT NULL)
        """,
    ),
)
