"""What could be wrong with lists of people: whoever is on one was counted, and seen by a second officer."""

from typing import Final

from wallet.faults import Check

CHECKS: Final = (
    Check(
        name="list_is_what_was_approved",
        promise=8,
        says="a list in force is not the one that a second officer saw",
        sql="""
            SELECT list.id AS list, approval.people AS approved, list.people, counted.members
              FROM subsidies_listapproval approval
              JOIN subsidies_peoplelist list ON list.id = approval.list_id
              JOIN LATERAL (
                SELECT count(*) AS members FROM subsidies_listmember member WHERE member.list_id = list.id
              ) counted ON true
             WHERE (%(everything)s OR approval.at >= %(since)s)
               AND (list.ended_at IS NULL OR list.stopped_why <> '' OR approval.seen <> list.digest
                    OR approval.people <> list.people OR counted.members <> list.people)
        """,
    ),
    Check(
        name="list_tells_each_rejected_line",
        promise=8,
        says="lines of a list were rejected and not told, or told and not rejected",
        sql="""
            SELECT list_id, list.rejected, counted.told FROM (SELECT id AS list_id, * FROM subsidies_peoplelist) list
              FULL JOIN (
                SELECT list_id, count(*) AS told FROM subsidies_listrejection GROUP BY list_id
              ) counted USING (list_id)
             WHERE coalesce(list.rejected, -1) <> coalesce(counted.told, 0)
               AND (%(everything)s OR list.begun_at IS NULL OR list.begun_at >= %(since)s)
        """,
    ),
)
