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
)
